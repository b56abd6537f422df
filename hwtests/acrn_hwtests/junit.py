"""A run as JUnit XML, which every CI reads: a test case a check, and what is wrong beside them."""

from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree as ET

import msgspec

from acrn_base.text import harmless, printable
from acrn_conformance.reports import junit_form
from acrn_hwtests.facts import Item
from acrn_hwtests.report import Results, Verdict

_TAGS: Final = {
    Verdict.FAIL: "failure",
    Verdict.ERROR: "error",
    Verdict.NOT_APPLICABLE: "skipped",
    Verdict.NOT_RUN: "skipped",
}

_END: Final = "comes-to-its-end"
"""The test case that has why a run was given up; those that it took with it refer to it."""


def document(run: Results) -> bytes:
    """Return the document; ``classname`` is the board's class and kind.

    A run that is given up has an error of its own, and so has each thing that the preflight
    misses: a CI would call it green otherwise, since checks that did not run are skipped ones.
    """
    title = " ".join(["acrn-hwtests", *([run.board_class] if run.board_class else [])])
    suite = junit_form.suite(
        title, "acrn-hwtests", run.started, run.seconds, _about(run), list(_cases(run))
    )
    return junit_form.document([suite]).encode()


def _about(run: Results) -> Iterator[tuple[str, str]]:
    yield "board_file", str(run.board_file)
    for name, value in (msgspec.structs.asdict(run.board) if run.board else {}).items():
        yield f"board.{name}", str(value)


def _cases(run: Results) -> Iterator[ET.Element]:
    yield from map(_looked_for, run.preflight)
    if run.given_up:
        yield _wrong(junit_form.case("run", _END), "error", run.given_up)
    where = f"{run.board.board_class}/{run.board.kind}" if run.board else "no board"
    for check in run.checks:
        case = junit_form.case(where, check.id, check.seconds)
        tag = _TAGS.get(check.verdict)
        told = f"see {_END}" if check.message == run.given_up else check.message
        yield _wrong(case, tag, told) if tag else case


def _looked_for(item: Item) -> ET.Element:
    case = junit_form.case("preflight", item.what)
    return _wrong(case, "failure", f"{item.found}: {item.remedy}") if item.remedy else case


def _wrong(case: ET.Element, tag: str, told: str) -> ET.Element:
    """Return a test case with what is wrong with it."""
    first, _, rest = told.partition("\n")
    detail = ET.SubElement(case, tag, message=printable(first))
    if tag != "skipped":
        detail.set("type", tag)
        detail.text = harmless(told) if rest else None
    return case
