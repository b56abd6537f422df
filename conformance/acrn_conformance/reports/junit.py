"""Recorded runs as JUnit XML, which every CI reads: a suite a run, a test case a case.

The form is the one that Surefire writes and Jenkins reads; properties of a test case are the
extension of it that pytest writes too.
"""

from collections.abc import Mapping, Sequence
from typing import Final
from xml.etree import ElementTree as ET

from acrn_base.text import printable
from acrn_conformance.judging import Mark
from acrn_conformance.reports import recorded_text
from acrn_conformance.reports.recorded import CaseResult, Results

_RUN: Final = "run"
"""The class name of what is wrong with a run as a whole: a CI would call it green otherwise."""


def document(runs: Sequence[Results]) -> str:
    """Return the document; what XML cannot hold stands in it as escapes."""
    root = ET.Element("testsuites", name="acrn-conformance")
    for run in runs:
        root.append(_suite(run))
    _total(root, list(root))
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, "unicode") + "\n"


def _suite(run: Results) -> ET.Element:
    dialect = run.golden.dialect
    shard = f", shard {run.shard}" if run.shard else ""
    # The form knows no zone: Surefire's times are as they come, and ours are in UTC.
    started = run.started[:19]
    suite = ET.Element(
        "testsuite", name=f"{recorded_text.name(run)}, {dialect}{shard}", timestamp=started
    )
    told = {
        "suite": f"{run.suite.name} {run.suite.version}",
        "golden": f"{run.golden.version} {run.golden.sha256}",
        "dialect": dialect,
    }
    suite.append(_properties(told))
    for case in run.cases:
        suite.append(_case(run, case))
    for trouble in recorded_text.troubles(run):
        broken = ET.SubElement(suite, "testcase", classname=_RUN, name=trouble.kind, time="0")
        ET.SubElement(broken, "error", message=trouble.text, type=trouble.kind)
    cases = suite.findall("testcase")
    suite.set("tests", str(len(cases)))
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(attribute, str(sum(case.find(tag) is not None for case in cases)))
    seconds = run.ended.seconds if run.ended else sum(case.seconds for case in run.cases)
    suite.set("time", f"{seconds:.6f}")
    return suite


def _case(run: Results, case: CaseResult) -> ET.Element:
    element = ET.Element(
        "testcase",
        classname=printable(case.family),
        name=printable(case.id),
        time=f"{case.seconds:.6f}",
    )
    told = {"level": case.level, "rule": case.rule, "dialect": run.golden.dialect}
    if case.blamed:
        told["blamed"] = case.blamed
    element.append(_properties(told))
    if case.excused:
        ET.SubElement(element, "skipped", message=f"{printable(case.method)} is not claimed")
    elif case.verdict is not Mark.PASS and case.known_failure:
        text = f"known failure: {printable(case.known_failure)}"
        ET.SubElement(element, "skipped", message=text)
    elif case.verdict is not Mark.PASS:
        tag = "error" if case.verdict in {Mark.ERROR, Mark.TIMEOUT} else "failure"
        message = printable(case.message)
        wrong = ET.SubElement(element, tag, message=message, type=case.verdict)
        wrong.text = recorded_text.failure(run, case)
    return element


def _properties(told: Mapping[str, str]) -> ET.Element:
    properties = ET.Element("properties")
    for name, value in told.items():
        ET.SubElement(properties, "property", name=name, value=printable(value))
    return properties


def _total(root: ET.Element, suites: Sequence[ET.Element]) -> None:
    for attribute in ("tests", "failures", "errors", "skipped"):
        root.set(attribute, str(sum(int(suite.attrib[attribute]) for suite in suites)))
    root.set("time", f"{sum(float(suite.attrib['time']) for suite in suites):.6f}")
