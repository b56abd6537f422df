"""Recorded runs as JUnit XML, which every CI reads: a suite a run, a test case a case."""

from collections.abc import Iterator, Sequence
from typing import Final
from xml.etree import ElementTree as ET

from acrn_base.text import printable
from acrn_conformance.judging import Mark
from acrn_conformance.reports import junit_form, recorded_text
from acrn_conformance.reports.recorded import CaseResult, Results

_RUN: Final = "run"
"""The class name of what is wrong with a run as a whole: a CI would call it green otherwise."""


_SEARCHED: Final = "search"
"""The class name of a method that was searched, and nothing found."""


def document(runs: Sequence[Results], missing: Sequence[str] = ()) -> str:
    """Return the document; what XML cannot hold stands in it as escapes.

    ``missing``: sentences on results that are not there, an error each.
    """
    absent = [_absent(missing, runs[0])] if missing else []
    return junit_form.document([*map(_suite, runs), *absent])


def _absent(missing: Sequence[str], first: Results) -> ET.Element:
    """Return a suite of what is missing beside a first run, without which a CI would be green."""
    cases = []
    for number, text in enumerate(missing, 1):
        cases.append(junit_form.case(_RUN, f"missing-{number}"))
        ET.SubElement(cases[-1], "error", message=printable(text), type="missing")
    return junit_form.suite("missing", first.suite.name, first.started, 0.0, (), cases)


def _suite(run: Results) -> ET.Element:
    return junit_form.suite(
        f"{recorded_text.name(run)}, {run.golden.dialect}{recorded_text.manner(run)}",
        run.suite.name,
        run.started,
        run.ended.seconds if run.ended else sum(case.seconds for case in run.cases),
        _about(run),
        [*_searched(run), *(_case(run, case) for case in run.cases), *_troubles(run)],
        _notes(run),
    )


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
            element = junit_form.case(_SEARCHED, method)
            element.append(junit_form.properties([("requests", str(times))]))
            yield element


def _troubles(run: Results) -> Iterator[ET.Element]:
    for trouble in recorded_text.troubles(run):
        broken = junit_form.case(_RUN, trouble.kind)
        ET.SubElement(broken, "error", message=trouble.text, type=trouble.kind)
        yield broken


def _case(run: Results, case: CaseResult) -> ET.Element:
    element = junit_form.case(case.family, case.id, case.seconds)
    told = {"level": case.level, "rule": case.rule, "dialect": run.golden.dialect}
    if case.blamed:
        told["blamed"] = case.blamed
    element.append(junit_form.properties(told.items()))
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
