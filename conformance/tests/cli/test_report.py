"""``report``: results of one run or of many, put together, held beside older ones, written down."""

import json
import os
import subprocess
import sys
from html import unescape
from pathlib import Path
from xml.etree import ElementTree as ET

import every_third
import pytest
from implementations import COMMAND, PYTHON, SERVE, acrn_conformance, wrong

FEW = ("--select", "limits-*", "--select", "paths-*", "--select", "memory-topology-1*")
WRONG = wrong("answers.ACRN_DM = '/bin/acrn-dm'")


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Judge a right implementation and a wrong one, the latter in three parts too."""
    folder = tmp_path_factory.mktemp("judged")
    acrn_conformance("run", *FEW, "--json", str(folder / "right.json"), "--", *SERVE)
    acrn_conformance("run", *FEW, "--json", str(folder / "wrong.json"), "--", *WRONG)
    for part in (1, 2, 3):
        words = ("--shard", f"{part}/3", "--json", str(folder / f"{part}.json"))
        acrn_conformance("run", *FEW, *words, "--", *WRONG)
    return folder


def test_shards_are_put_together(judged: Path) -> None:
    """All parts of a run are told as the run; one that is missing is said."""
    parts = [str(judged / f"{part}.json") for part in (1, 2, 3)]
    whole = acrn_conformance("report", str(judged / "wrong.json"))
    assert acrn_conformance("report", *parts).stdout == whole.stdout
    assert whole.returncode == 1
    without = acrn_conformance("report", *parts[:2])
    assert "shard 3/3 is missing" in without.stdout


def test_a_part_that_is_not_there_takes_no_report_away(judged: Path, tmp_path: Path) -> None:
    """One that is missing, or has nothing in it, is named everywhere; the others are reported."""
    (tmp_path / "died.json").touch()
    lost = [tmp_path / "died.json", tmp_path / "nothere.json"]
    kinds = ("html", "markdown", "junit", "badge")
    words = [word for kind in kinds for word in (f"--{kind}", str(tmp_path / kind))]
    there = str(judged / "right.json")
    report = acrn_conformance("report", str(lost[0]), there, str(lost[1]), *words)
    assert report.returncode == 2
    assert report.stderr.count("\n") == len(lost)
    assert " judged, " in report.stdout.splitlines()[0]
    page, markdown, junit, badge = (
        unescape((tmp_path / kind).read_text("utf-8")) for kind in kinds
    )
    for path in lost:
        told = f"not in this report: {path}: "
        assert all(told in text for text in (report.stdout, page, markdown, junit))
        assert f"acrn-conformance: {path}: " in report.stderr
    assert ", results missing" in badge
    (tmp_path / "other.json").write_text("{}", "utf-8")
    refused = acrn_conformance("report", there, str(tmp_path / "other.json"))
    assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (2, "", 1)


def test_shards_of_different_commands_are_different_runs(judged: Path, tmp_path: Path) -> None:
    """However alike they describe themselves: the one is told, and so is what it lacks."""
    found = json.loads((judged / "2.json").read_bytes())
    found["implementation"]["command"] = ["/elsewhere/adapter"]
    (tmp_path / "2.json").write_text(json.dumps(found), "utf-8")
    report = acrn_conformance(
        "report", str(judged / "1.json"), str(tmp_path / "2.json"), str(judged / "3.json")
    )
    assert "shard 2/3 is missing" in report.stdout
    assert "shard 1/3 is missing" in report.stdout


def test_shards_of_different_selections_are_refused(judged: Path, tmp_path: Path) -> None:
    """A case is in one shard of a run: two that have the same one do not belong together."""
    parts = [json.loads((judged / f"{part}.json").read_bytes()) for part in (1, 2, 3)]
    parts[1]["cases"], parts[1]["groups"], parts[1]["ended"] = parts[0]["cases"], [], None
    for case in parts[1]["cases"]:
        case.pop("group", None)
    parts[1]["selected"] = parts[0]["selected"]
    parts[0] |= {"groups": [], "ended": None}
    for number, part in enumerate(parts):
        (tmp_path / f"{number}.json").write_text(json.dumps(part), "utf-8")
    report = acrn_conformance("report", *(str(tmp_path / f"{number}.json") for number in range(3)))
    assert (report.returncode, report.stdout, report.stderr.count("\n")) == (2, "", 1)
    assert "the shards 1/3 and 2/3 of " in report.stderr
    assert "selected otherwise" in report.stderr


def test_what_changed_is_told(judged: Path) -> None:
    """Against an older run, cases are fixed, broken, new or gone."""
    right, wrong_one = str(judged / "right.json"), str(judged / "wrong.json")
    broken = acrn_conformance("report", wrong_one, "--against", right)
    assert "broken (passed before, does not now), 2 cases: paths-" in broken.stdout
    fixed = acrn_conformance("report", right, "--against", wrong_one)
    assert "fixed (did not pass before, does now), 2 cases: paths-" in fixed.stdout
    assert fixed.returncode == 0
    gone = acrn_conformance("report", str(judged / "1.json"), "--against", wrong_one)
    assert "gone (was judged before, is not now)" in gone.stdout


@pytest.mark.parametrize("command", ["report", "run"])
def test_reports_are_written(command: str, judged: Path, tmp_path: Path) -> None:
    """A page, JUnit XML, Markdown and a badge, by report and by run alike."""
    kinds = ("html", "junit", "markdown", "badge")
    words = [word for kind in kinds for word in (f"--{kind}", str(tmp_path / kind))]
    given = [str(judged / "wrong.json")] if command == "report" else [*FEW, "--", *WRONG]
    run = acrn_conformance(command, *words, *given)
    assert run.returncode == 1
    texts = {kind: (tmp_path / kind).read_text("utf-8") for kind in kinds}
    assert texts["html"].startswith("<!doctype html>")
    assert command == "run" or f"<code>{judged / 'wrong.json'}</code>" in texts["html"]
    suite = ET.fromstring(texts["junit"]).find("testsuite")  # noqa: S314 - our own
    assert suite is not None
    assert suite.get("failures") == "2"
    assert "| fails |" in texts["markdown"]
    assert "<svg" in texts["badge"]


def test_a_report_that_is_not_read_to_its_end_is_written(judged: Path, tmp_path: Path) -> None:
    """Who looks at its first line alone gets the page all the same."""
    page = tmp_path / "page.md"
    words = [*COMMAND, "report", str(judged / "wrong.json"), "--markdown", str(page)]
    # Its reader has gone before it begins.
    with subprocess.Popen(words, stdout=subprocess.PIPE) as report:
        assert report.stdout
        report.stdout.close()
    assert "| fails |" in page.read_text("utf-8")


def test_a_job_of_github_gets_its_summary(tmp_path: Path) -> None:
    """The Markdown is added to what other steps have written."""
    summary = tmp_path / "summary.md"
    summary.write_text("before\n", "utf-8")
    subprocess.run(
        [*COMMAND, "run", *FEW, "--", *SERVE],
        env={**os.environ, "GITHUB_STEP_SUMMARY": str(summary)},
        check=True,
        capture_output=True,
    )
    text = summary.read_text("utf-8")
    assert text.startswith("before\n")
    assert "| passes |" in text


@pytest.mark.parametrize("command", ["report", "run"])
def test_a_job_of_github_gets_an_annotation_for_each_group(command: str, judged: Path) -> None:
    """They stand behind the report, which itself gives GitHub no commands."""
    given = [str(judged / "wrong.json")] if command == "report" else [*FEW, "--", *WRONG]
    environment = {**os.environ, "GITHUB_ACTIONS": "true"}
    said = [
        subprocess.run(
            [*COMMAND, command, *words, *given],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        ).stdout.splitlines()
        for words in ((), ("--no-annotations",))
    ]
    with_them, without = said
    token = with_them[0].removeprefix("::stop-commands::")
    behind = with_them[with_them.index(f"::{token}::") + 1 :]
    assert behind
    assert all(line.startswith("::error title=acrn-conformance kata-1 ") for line in behind)
    assert not any(line.startswith("::") for line in without)


def test_a_job_of_github_is_told_of_a_fault_of_the_protocol() -> None:
    """A run that fails though every case passes says why beside the code as well."""
    command = (*PYTHON, every_third.__file__, "nul")
    words = ("--select", "limits-*", "--select", "paths-*", "--select", "capabilities-*")
    said = subprocess.run(
        [*COMMAND, "run", *words, "--", *command],
        env={**os.environ, "GITHUB_ACTIONS": "true"},
        capture_output=True,
        text=True,
        check=False,
    ).stdout.splitlines()
    assert said[-1].startswith("::error title=acrn-conformance kata-1 protocol-nul::nul: not JSON")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "its first line is not whole"),
        (b"{}", "missing required field"),
        (b'{"format":1}', "format"),
        (b"[" * 100_000, "no results file"),
    ],
)
def test_what_is_no_results_file_is_said_in_a_line(
    content: bytes, said: str, tmp_path: Path
) -> None:
    """One line names the file, why, and the remedy."""
    path = tmp_path / "results.json"
    path.write_bytes(content)
    run = acrn_conformance("report", str(path))
    assert run.returncode == 2
    assert said in run.stderr
    assert str(path) in run.stderr
    assert run.stderr.count("\n") == 1


def test_a_report_that_cannot_be_written_is_said_at_once(judged: Path) -> None:
    """No folder, no report: exit status 2."""
    run = acrn_conformance("report", str(judged / "wrong.json"), "--junit", "/nonexistent/x")
    assert run.returncode == 2
    assert run.stderr.startswith("acrn-conformance: --junit /nonexistent/x: No such file")


def test_a_results_file_is_one_json_document(judged: Path) -> None:
    """Whatever reads JSON reads it."""
    found = json.loads((judged / "wrong.json").read_bytes())
    assert found["format"] == 2
    assert sys.version.split()[0] == found["machine"]["python"]
    assert found["ended"]["summary"]["fail"] == 2
