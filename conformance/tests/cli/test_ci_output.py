"""Lint's output for a CI: a SARIF file, annotations, places in JSON; real processes and files."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

LINE = "acrn-dm -A --cpu_affinity 0 -m 512M -s 0:0,hostbridge -k /vmlinux vm1\n"
RELEASE = ("--release", "v3.3")


def lint(*words: str, folder: Path, github: str = "", stdin: str = "") -> Any:
    environment = {key: value for key, value in os.environ.items() if "GITHUB_" not in key}
    return subprocess.run(
        [sys.executable, "-m", "acrn_conformance", "lint", *words],
        env=environment | ({"GITHUB_ACTIONS": github} if github else {}),
        cwd=folder,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )


def results(path: Path) -> list[Any]:
    run: Any = json.loads(path.read_bytes())["runs"][0]
    return list(run["results"])


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "launch.sh"
    path.write_text(LINE)
    return path


def test_sarif_is_written_beside_the_report(script: Path) -> None:
    """The report and the exit status stay as they are."""
    plain = lint(*RELEASE, "--file", "launch.sh", folder=script.parent)
    run = lint(*RELEASE, "--sarif", "x.sarif", "--file", "launch.sh", folder=script.parent)
    assert (run.stdout, run.stderr, run.returncode) == (plain.stdout, "", 0)
    (result,) = results(script.with_name("x.sarif"))
    artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact == {"uri": "launch.sh", "uriBaseId": "SRCROOT"}


def test_sarif_holds_what_json_holds(script: Path) -> None:
    """Both may be asked for; of words there is no file to name."""
    words = (*RELEASE, "--profile", "kata", "--sarif", "x.sarif", "--json")
    run = lint(*words, "--", "acrn-dm", "-A", "-s", "2,bogus", "vm", folder=script.parent)
    found = json.loads(run.stdout)["findings"]
    written = results(script.with_name("x.sarif"))
    assert [each["ruleId"] for each in written] == [each["rule"] for each in found]
    assert [each["properties"]["token"] for each in written] == [each["token"] for each in found]
    assert all("logicalLocations" in each["locations"][0] for each in written)


def test_no_half_a_report_is_left(script: Path) -> None:
    """Where the input is unusable, an older file stays as it was."""
    path = script.with_name("x.sarif")
    path.write_text("older")
    argvs = '["-A", "-k", "/k", "vm"]\n["-k"'
    run = lint("--sarif", "x.sarif", "--file", "-", folder=script.parent, stdin=argvs)
    assert run.returncode == 2
    assert path.read_text() == "older"
    assert sorted(script.parent.iterdir()) == [script, path]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("/nonexistent/x", "--sarif /nonexistent/x: No such file or directory; name a file"),
        ("a\x1b[31m/x", "--sarif a\\x1b[31m/x: No such file or directory; name a file"),
    ],
)
def test_a_file_that_cannot_be_written_is_named(tmp_path: Path, name: str, message: str) -> None:
    """Before anything is judged."""
    run = lint("--sarif", name, "--", "vm", folder=tmp_path)
    assert run.returncode == 2
    assert message in run.stderr
    assert run.stdout == ""


@pytest.mark.parametrize("option", ["--sarif", "--html"])
def test_a_disk_that_is_full_takes_no_report_away(script: Path, option: str) -> None:
    """The report comes first, and the other file as well; then a line, and exit status 2."""
    plain = lint(*RELEASE, "--file", "launch.sh", folder=script.parent)
    other = "--html" if option == "--sarif" else "--sarif"
    words = (option, "/dev/full", other, "other", "--file", "launch.sh")
    run = lint(*RELEASE, *words, folder=script.parent)
    assert (run.stdout, run.returncode) == (plain.stdout, 2)
    full = "No space left on device; name a file to write"
    assert run.stderr == f"acrn-conformance: {option} /dev/full: {full}\n"
    assert script.with_name("other").stat().st_size


def test_sarif_may_have_standard_output_alone(script: Path) -> None:
    """With - it stands in place of the report; where the input is unusable there is nothing."""
    words = (*RELEASE, "--sarif", "-", "--file", "launch.sh")
    run = lint(*words, folder=script.parent, github="true")
    (path := script.with_name("x.sarif")).write_text(run.stdout)
    assert results(path)
    bad = lint(*words, "missing", folder=script.parent)
    assert (bad.stdout, bad.returncode) == ("", 2)
    both = lint(*words, "--json", folder=script.parent)
    assert (both.stdout, both.returncode) == ("", 2)
    assert "--json and --sarif - both print" in both.stderr


@pytest.mark.parametrize(
    "words", [("--json", "-", "acrn-dm", "-"), ("--json", "-", "--", "acrn-dm", "-")]
)
def test_json_may_be_followed_by_what_names_standard_output(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    """As behind options that take a file; a - of the argv stays."""
    assert json.loads(lint(*words, folder=tmp_path).stdout)["argv"] == ["-"]


def test_github_gets_annotations_behind_the_report(script: Path) -> None:
    """The report cannot give commands; the annotations stand behind it."""
    run = lint(*RELEASE, "--file", "launch.sh", folder=script.parent, github="true")
    plain = lint(*RELEASE, "--file", "launch.sh", folder=script.parent)
    first, *report, last, annotation = run.stdout.splitlines()
    assert first == f"::stop-commands::{last.strip(':')}"
    assert len(last) > 32
    assert report == plain.stdout.splitlines()
    title = "silently-ineffective acpi-option-ignored (v3.3)"
    assert annotation.startswith(
        f"::warning file=launch.sh,line=1,col=9,title={title}::-A does nothing%0A"
    )


@pytest.mark.parametrize(
    ("github", "words"),
    [("", ()), ("false", ()), ("true", ("--no-annotations",)), ("true", ("--json",))],
)
def test_nobody_else_gets_annotations(script: Path, github: str, words: tuple[str, ...]) -> None:
    """Elsewhere, where they are not wanted, and among JSON there are none."""
    run = lint(*RELEASE, *words, "--file", "launch.sh", folder=script.parent, github=github)
    assert "::" not in run.stdout
    assert "acpi-option-ignored" in run.stdout


def test_json_says_where_everything_is(tmp_path: Path) -> None:
    """The argv and each finding have a file, and line and column as far as they are known."""
    path = tmp_path / "argvs.jsonl"
    path.write_text('\n["-A", "--cpu_affinity", "0", "-k", "/k", "vm"]\n')
    run = lint(*RELEASE, "--json", "--file", "argvs.jsonl", folder=tmp_path)
    value = json.loads(run.stdout)
    place = {"file": "argvs.jsonl", "line": 2, "column": None}
    assert value["place"] == place
    assert [finding["place"] for finding in value["findings"]] == 2 * [place]


def test_several_files_are_judged_in_turn(script: Path) -> None:
    """Behind --file, or at the end of the words where --file stands alone."""
    other = script.with_name("other.sh")
    other.write_text(LINE.replace("-A ", "-W "))
    for words in (
        (*RELEASE, "--file", "launch.sh", "other.sh"),
        ("--file", "launch.sh", *RELEASE, "--file", "other.sh"),
        ("--file", *RELEASE, "--profile", "acrn", "launch.sh", "other.sh"),
    ):
        run = lint(*words, "--sarif", "x.sarif", folder=script.parent)
        assert run.returncode == 1
        assert run.stdout.endswith("1 of them refused by a release\n  other.sh: 1 refused\n")
        uris = {
            result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
            for result in results(script.with_name("x.sarif"))
        }
        assert uris == {"launch.sh", "other.sh"}


def test_file_alone_needs_names(tmp_path: Path) -> None:
    """Without any there is nothing to judge."""
    run = lint("--file", "--json", folder=tmp_path)
    assert run.returncode == 2
    assert run.stderr.endswith("give one argv: behind --, or with --file or --pid\n")
