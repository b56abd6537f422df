"""Recorded runs as JUnit XML, Markdown and a badge: what came of them, and nothing acted upon."""

import re
from html import unescape
from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec
import pytest
import xmlschema
from implementations import acrn_conformance, wrong

from acrn_conformance.implementation import ProtocolFault
from acrn_conformance.judging import Mark
from acrn_conformance.reports import badge, html, junit, markdown, results_file, results_text
from acrn_conformance.reports.recorded import Ended, Results

HOSTILE = "\x00\x1b[31m]]><b>|`~~~\n```\n::error::\ufffe\U000e0001&amp;"
"""A text that is an attack on every form: no XML, an escape, ends of a section, a cell, a fence."""
SCHEMA = xmlschema.XMLSchema(Path(__file__).with_name("junit.xsd"))
replace = msgspec.structs.replace


@pytest.fixture(scope="module")
def failed(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Judge an implementation whose path is an attack, and known to be wrong; another is not."""
    folder = tmp_path_factory.mktemp("failed")
    known = folder / "known"
    known.write_text("paths-fixed it is elsewhere\n", "utf-8")
    line = f"answers.ACRN_DM = {HOSTILE!a}; arch.ACRN_DM = answers.ACRN_DM"
    words = ("--select", "paths-*", "--select", "argv-pair-*", "--select", "limits-*")
    path = folder / "results.json"
    options = ("--known-failures", str(known), "--json", str(path))
    run = acrn_conformance(
        "run", *words, *options, "--", *wrong(line + "; answers.MAX_VCPUS = 8.0")
    )
    assert run.returncode == 1
    return results_file.read(path)


@pytest.fixture
def passed(failed: Results) -> Results:
    """Leave the cases that pass."""
    cases = tuple(case for case in failed.cases if case.verdict == "pass")
    whole = Ended(1.5, passed=True)
    return replace(failed, cases=cases, selected=len(cases), groups=(), ended=whole)


def said(results: Results) -> Results:
    """Put the attack wherever an implementation can put a text."""
    cases = tuple(
        replace(case, message=HOSTILE, again=HOSTILE, title=HOSTILE) for case in results.cases
    )
    groups = tuple(replace(group, text=HOSTILE, where=HOSTILE) for group in results.groups)
    fault = ProtocolFault("not-json", HOSTILE, HOSTILE, 3)
    assert results.ended
    assert results.implementation.describe
    about = replace(results.implementation.describe, name=HOSTILE, version=HOSTILE)
    return replace(
        results,
        implementation=replace(results.implementation, describe=about),
        cases=cases,
        groups=groups,
        faults=(fault,),
        ended=replace(results.ended, complaints=(HOSTILE,)),
    )


def parsed(document: str) -> ET.Element:
    return ET.fromstring(document)  # noqa: S314 - what has just been written here


def cases_of(document: str) -> dict[str, ET.Element]:
    return {case.attrib["name"]: case for case in parsed(document).iter("testcase")}


def test_junit_follows_its_schema(failed: Results, passed: Results) -> None:
    """Whatever happened, and whatever the implementation says."""
    for runs in (
        [failed],
        [passed],
        [failed, passed],
        [said(failed)],
        [replace(failed, ended=None)],
    ):
        SCHEMA.validate(junit.document(runs))
    SCHEMA.validate(junit.document([passed], [HOSTILE]))


def test_junit_tells_a_case_as_run_does(failed: Results) -> None:
    """Family and id name it; level, rule and dialect are properties; the text has it all."""
    case = cases_of(junit.document([failed]))["limits-fixed"]
    assert case.attrib["classname"] == "limits"
    properties = {each.attrib["name"]: each.attrib["value"] for each in case.iter("property")}
    recorded = next(each for each in failed.cases if each.id == "limits-fixed")
    assert properties["rule"] == recorded.rule
    assert (properties["level"], properties["dialect"]) == (recorded.level, "kata-1")
    text = case.findtext("failure") or ""
    assert recorded.message in text.splitlines()
    assert failed.rules[recorded.blamed or recorded.rule].source in text
    assert "again: acrn-conformance run --select limits-fixed" in text


def test_junit_counts_what_it_holds(failed: Results) -> None:
    """A known failure is skipped with its reason; each suite says how many it has of what."""
    document = junit.document([failed, failed])
    skipped = cases_of(document)["paths-fixed"].find("skipped")
    assert skipped is not None
    assert "it is elsewhere" in skipped.attrib["message"]
    suites = parsed(document).findall("testsuite")
    assert [suite.get("id") for suite in suites] == ["0", "1"]
    for suite in suites:
        assert int(suite.attrib["tests"]) == len(failed.cases)
        assert int(suite.attrib["failures"]) == len(suite.findall(".//failure")) > 0
        assert int(suite.attrib["skipped"]) == len(suite.findall(".//skipped")) == 1


def test_a_run_that_fails_beyond_its_cases_is_not_green(passed: Results) -> None:
    """Interruption, broken replies and stale known failures are errors of the run itself."""
    fault = ProtocolFault("not-json", "a reply is no JSON", "hello", 3)
    stale = Ended(1.0, passed=False, complaints=("x: passes now",))
    both = {"known-failures", "protocol-not-json"}
    for run, kinds in (
        (replace(passed, ended=None), {"interrupted"}),
        (replace(passed, ended=None, faults=(fault,)), {"interrupted", "protocol-not-json"}),
        (replace(passed, ended=stale, faults=(fault,)), both),
        (replace(passed, ended=Ended(1.0, passed=False, not_judged=4)), {"not-judged"}),
    ):
        found = cases_of(junit.document([run]))
        assert {name for name, case in found.items() if case.find("error") is not None} == kinds


def test_tolerated_faults_stay_visible(passed: Results) -> None:
    """They are no reason to fail, and every report tells of them, and that they were tolerated."""
    fault = ProtocolFault("not-json", "a reply is no JSON", "hello", 3)
    tolerant = replace(passed.implementation, tolerates_protocol_faults=True)
    run = replace(passed, implementation=tolerant, faults=(fault,))
    document = junit.document([run])
    assert 'errors="0"' in document
    assert '<property name="tolerates-protocol-faults" value="true" />' in document
    lines = "\n".join(line.text for line in results_text.lines([run]))
    for text in (document, lines, unescape(markdown.page([run])), unescape(html.page([run]))):
        assert "judged with --tolerate-protocol-faults: 1 kind of fault met" in text
        assert "not-json: a reply is no JSON (3x; the first: hello)" in text
    none = replace(run, faults=())
    assert "no fault met" in markdown.page([none])
    assert "tolerate" not in markdown.page([passed]) + junit.document([passed])


def test_markdown_compares_two_runs(failed: Results, passed: Results) -> None:
    """Of what is fixed, broken, new and gone there is a number, and the cases are named."""
    broken = next(case for case in failed.cases if case.verdict == "fail")
    mended = replace(failed, cases=(replace(broken, verdict=Mark.PASS), *passed.cases[1:]))
    older = replace(failed, cases=(broken, *passed.cases))
    page = markdown.page([mended], older)
    assert "| fixed | 1 | did not pass before, does now |" in page
    assert "| gone | 1 |" in page
    assert "| broken | 0 |" in page
    assert unescape(page).count(f"<summary>fixed</summary>\n\n{broken.id}\n") == 1
    assert unescape(page).count(f"<summary>gone</summary>\n\n{passed.cases[0].id}\n") == 1
    back = markdown.page([older], mended)
    assert "| broken | 1 |" in back
    assert "| new | 1 |" in back


def test_a_page_says_what_came_of_each_run(failed: Results, passed: Results) -> None:
    """A row a run; then a part for each group, with its rule and its first case in full."""
    page = markdown.page([failed, passed])
    rows = [line for line in page.splitlines() if line.startswith("| ")]
    assert rows[1].endswith("| fails |")
    assert rows[2].endswith("| passes |")
    assert page.count("\n### ") == len(failed.groups) > 0
    assert "again: acrn-conformance run --select limits-fixed" in page


def test_an_attack_stays_text(failed: Results) -> None:
    """Markdown of an implementation's is none of the page's: no tag, no cell, no end of a fence."""
    page = markdown.page([said(failed)])
    assert all(c.isprintable() or c == "\n" for c in page)
    outside = re.sub(r"(?ms)^(`{3,})text\n.*?\n\1$", "", page)
    assert "```" not in outside
    tags = ("<details>", "</details>", "<summary>", "</summary>")
    assert set(re.findall("<[^>]*>", outside)) == set(tags)
    rows = [line for line in outside.splitlines() if line.startswith("|")]
    assert {row.count("|") for row in rows} == {8}
    picture = badge.svg([replace(failed, golden=replace(failed.golden, dialect=HOSTILE))])
    assert len(list(parsed(picture))) == 4
    suite = msgspec.structs.replace(failed.suite, name=HOSTILE)
    assert list(parsed(junit.document([replace(failed, suite=suite, started=HOSTILE)])))


def test_a_page_is_never_too_long(failed: Results) -> None:
    """What a summary cannot take is left out at the end, and the end says so."""
    page = markdown.page([replace(failed, groups=failed.groups * 20_000)])
    assert len(page.encode()) <= markdown.LIMIT
    assert re.search(r"\d+ parts of this report left out", page.splitlines()[-1])
    assert "left out: a summary" not in markdown.page([failed])


def test_markdown_has_the_notes_of_a_run(passed: Results) -> None:
    """What no case is to blame for is told as the other reports tell it, and stays text."""
    ended = Ended(1.5, passed=True, remarks=(f"asked again: {HOSTILE}",))
    page = markdown.page([replace(passed, ended=ended)])
    assert "note: asked again: " in unescape(page)
    assert HOSTILE not in page


def test_a_missing_shard_is_said(passed: Results) -> None:
    """Shards of one run belong together: one alone is not the whole."""
    first, second = (replace(passed, shard=f"{part}/2") for part in (1, 2))
    assert "shard 2/2 is missing" in unescape(markdown.page([first]))
    assert "missing" not in markdown.page([first, second])
    assert "shards missing" in badge.svg([first])
    assert "missing" not in badge.svg([first, second])


def test_a_badge_is_green_for_a_run_that_passes(failed: Results, passed: Results) -> None:
    """It tells dialect and numbers; red for a failure, grey for what did not end."""
    number = len(passed.cases)
    assert f"acrn kata-1: {number}/{number}" in badge.svg([passed])
    cut = badge.svg([replace(passed, ended=None)])
    assert "interrupted" in cut
    colours = [
        re.findall('fill="(#[0-9a-f]{6})"', picture)[1]
        for picture in (badge.svg([passed]), badge.svg([failed]), cut)
    ]
    assert len(set(colours)) == 3


def test_a_badge_says_why_a_run_fails_of_which_no_case_does(passed: Results) -> None:
    """All cases passed is no pass where a reply broke the contract of the wire."""
    broken = replace(passed, faults=(ProtocolFault("not-json", "not JSON", "debug"),))
    number = len(passed.cases)
    assert f"acrn kata-1: {number}/{number}, contract of the wire broken" in badge.svg([broken])
    tolerant = replace(broken.implementation, tolerates_protocol_faults=True)
    assert "broken" not in badge.svg([replace(broken, implementation=tolerant)])
    assert passed.ended
    told = replace(passed.ended, complaints=("no such case",), passed=False)
    assert f"{number}/{number}, but it fails" in badge.svg([replace(passed, ended=told)])
