"""Recorded runs as JUnit XML, which every CI reads: a suite a run, a test case a case.

The form is what two schemas have in common, that of Jenkins' xUnit plugin (junit-10) and that of
Ant, with one extension that neither knows: properties of a test case, which pytest writes, and
Jenkins and GitLab read.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from xml.etree import ElementTree as ET

from acrn_base.text import printable
from acrn_conformance.judging import Mark
from acrn_conformance.reports import recorded_text
from acrn_conformance.reports.recorded import CaseResult, Results

_RUN: Final = "run"
"""The class name of what is wrong with a run as a whole: a CI would call it green otherwise."""


_SEARCHED: Final = "search"
"""The class name of a method that was searched, and nothing found."""

_FIELDS: Final = (("failures", "failure"), ("errors", "error"), ("skipped", "skipped"))


def document(runs: Sequence[Results]) -> str:
    """Return the document; what XML cannot hold stands in it as escapes."""
    root = ET.Element("testsuites")
    root.extend(_suite(run, number) for number, run in enumerate(runs))
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, "unicode") + "\n"


def _suite(run: Results, number: int) -> ET.Element:
    name = f"{recorded_text.name(run)}, {printable(run.golden.dialect)}{recorded_text.manner(run)}"
    seconds = run.ended.seconds if run.ended else sum(case.seconds for case in run.cases)
    suite = ET.Element(
        "testsuite",
        id=str(number),
        name=name,
        package=run.suite.name,
        # The form knows no zone: Surefire's times are as they come, and ours are in UTC.
        timestamp=run.started[:19],
        # Results go from hand to hand, and do not tell whose machine it was.
        hostname="localhost",
        time=f"{seconds:.6f}",
    )
    suite.append(_properties(_about(run)))
    cases = [*_searched(run), *(_case(run, case) for case in run.cases), *_troubles(run)]
    suite.extend(cases)
    suite.set("tests", str(len(cases)))
    for attribute, tag in _FIELDS:
        suite.set(attribute, str(sum(case.find(tag) is not None for case in cases)))
    ET.SubElement(suite, "system-out").text = "\n".join(_notes(run))
    ET.SubElement(suite, "system-err")
    return suite


def _about(run: Results) -> Iterator[tuple[str, str]]:
    """Yield what holds for all cases of a run."""
    yield "suite", f"{run.suite.name} {run.suite.version}"
    yield "golden", f"{run.golden.version} {run.golden.sha256}"
    yield "dialect", run.golden.dialect
    if run.implementation.tolerates_protocol_faults:
        yield "tolerates-protocol-faults", "true"
    if run.search:
        yield "search", recorded_text.searched(run.search)
        yield "requests", str(recorded_text.count(run).judged)


def _notes(run: Results) -> Iterator[str]:
    """Yield what is to know of a run, and is no reason to fail."""
    yield from recorded_text.tolerated(run)
    yield from map(printable, run.search.coverage if run.search else ())
    yield from map(printable, run.ended.remarks if run.ended else ())


def _searched(run: Results) -> Iterator[ET.Element]:
    """Yield a test case for each method that was searched, and nothing found."""
    found = {case.method for case in run.cases}
    for method, times in run.search.asked.items() if run.search else ():
        if method not in found:
            element = _element(_SEARCHED, method, 0.0)
            element.append(_properties([("requests", str(times))]))
            yield element


def _troubles(run: Results) -> Iterator[ET.Element]:
    for trouble in recorded_text.troubles(run):
        broken = _element(_RUN, trouble.kind, 0.0)
        ET.SubElement(broken, "error", message=trouble.text, type=trouble.kind)
        yield broken


def _element(classname: str, name: str, seconds: float) -> ET.Element:
    told = {"classname": printable(classname), "name": printable(name)}
    return ET.Element("testcase", told, time=f"{seconds:.6f}")


def _case(run: Results, case: CaseResult) -> ET.Element:
    element = _element(case.family, case.id, case.seconds)
    told = {"level": case.level, "rule": case.rule, "dialect": run.golden.dialect}
    if case.blamed:
        told["blamed"] = case.blamed
    element.append(_properties(told.items()))
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


def _properties(told: Iterable[tuple[str, str]]) -> ET.Element:
    properties = ET.Element("properties")
    for name, value in told:
        ET.SubElement(properties, "property", name=name, value=printable(value))
    return properties
