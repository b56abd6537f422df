"""A run as JUnit XML, which every CI reads: a test case a check, and what is wrong beside them."""

from typing import Final
from xml.etree import ElementTree as ET

import msgspec

from acrn_base.text import harmless, printable
from acrn_hwtests.facts import Item
from acrn_hwtests.report import CheckResult, Results, Verdict

_TAGS: Final = {
    Verdict.FAIL: "failure",
    Verdict.ERROR: "error",
    Verdict.NOT_APPLICABLE: "skipped",
    Verdict.NOT_RUN: "skipped",
}


def document(run: Results) -> bytes:
    """Return the document; ``classname`` is the board's class and kind.

    A run that is given up has an error of its own, and so has each thing that the preflight
    misses: a CI would call it green otherwise, since checks that did not run are skipped ones.
    """
    title = " ".join(["acrn-hwtests", *([run.board_class] if run.board_class else [])])
    # The form knows no zone: Surefire's times are as they come, and ours are in UTC.
    suite = ET.Element("testsuite", name=title, timestamp=run.started[:19])
    suite.append(_properties(run))
    where = f"{run.board.board_class}/{run.board.kind}" if run.board else "no board"
    for item in run.preflight:
        _missing(suite, item)
    if run.given_up:
        _wrong(suite, ("run", "comes-to-its-end"), "error", run.given_up)
    for check in run.checks:
        _check(suite, where, check)
    root = ET.Element("testsuites", name="acrn-hwtests")
    root.append(suite)
    cases = suite.findall("testcase")
    for element in (root, suite):
        element.set("tests", str(len(cases)))
        for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            element.set(name, str(sum(case.find(tag) is not None for case in cases)))
        element.set("time", f"{run.seconds:.3f}")
    ET.indent(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root) + b"\n"


def _properties(run: Results) -> ET.Element:
    facts = msgspec.structs.asdict(run.board) if run.board else {}
    told = {"board_file": run.board_file, **{f"board.{name}": facts[name] for name in facts}}
    properties = ET.Element("properties")
    for name, value in told.items():
        ET.SubElement(properties, "property", name=name, value=printable(str(value)))
    return properties


def _missing(suite: ET.Element, item: Item) -> None:
    if item.remedy:
        _wrong(suite, ("preflight", item.what), "failure", f"{item.found}: {item.remedy}")
    else:
        _case(suite, "preflight", item.what)


def _check(suite: ET.Element, where: str, check: CheckResult) -> None:
    if tag := _TAGS.get(check.verdict):
        name = (where, check.id)
        _wrong(suite, name, tag, check.message, seconds=check.seconds)
    else:
        _case(suite, where, check.id, check.seconds)


def _wrong(
    suite: ET.Element, name: tuple[str, str], tag: str, told: str, *, seconds: float = 0
) -> None:
    case = _case(suite, *name, seconds)
    first, _, rest = told.partition("\n")
    detail = ET.SubElement(case, tag, message=printable(first))
    if tag != "skipped":
        detail.set("type", tag)
        detail.text = harmless(told) if rest else None


def _case(suite: ET.Element, where: str, name: str, seconds: float = 0) -> ET.Element:
    return ET.SubElement(
        suite, "testcase", classname=where, name=printable(name), time=f"{seconds:.3f}"
    )
