"""Known failures, and methods that are not claimed: what may fail, and what is not judged."""

import re
from pathlib import Path

import pytest
from implementations import CASES, acrn_conformance, claiming, wrong


def test_a_method_that_is_not_claimed_does_not_fail_the_run() -> None:
    """It is a line of its own in the summary, and its cases are not judged."""
    run = acrn_conformance("run", "--", *claiming("limits"))
    assert run.returncode == 0
    assert re.search(r"^not claimed, so not judged: argv \(\d+ cases\), ", run.stdout, re.MULTILINE)
    assert "4 cases judged: 4 passed" in run.stdout


def test_a_method_that_is_required_must_be_claimed() -> None:
    """--require METHOD and --require all make an unclaimed method fail."""
    for required in ("paths", "all"):
        run = acrn_conformance("run", "--require", required, "--", *claiming("limits"))
        assert run.returncode == 1
        assert re.search(r"^required, but not claimed: .*paths \(", run.stdout, re.MULTILINE)
    run = acrn_conformance("run", "--require", "limits", "--", *claiming("limits"))
    assert run.returncode == 0


def test_a_run_that_judges_nothing_does_not_pass() -> None:
    """Nothing claimed is no success."""
    run = acrn_conformance("run", "--select", "argv-*", "--", *claiming())
    assert run.returncode == 1
    assert "0 cases judged" in run.stdout


def test_claimed_but_unsupported_fails() -> None:
    """A method that is claimed and then unknown has the verdict unsupported."""
    line = "told = answers._describe(KATA_1); answers._describe = lambda _: told"
    command = wrong(f"{line}; del answers._ANSWERS['paths']")
    run = acrn_conformance("run", "--select", "paths-*", "--", *command)
    assert run.returncode == 1
    assert "UNSUPPORTED paths-fixed: " in run.stdout


def known_failures(tmp_path: Path, *lines: str) -> str:
    path = tmp_path / "known"
    path.write_text("# a comment\n\n" + "\n".join(lines), "utf-8")
    return str(path)


WRONG_PATHS = wrong("answers.ACRN_DM = '/bin/acrn-dm'")


def test_known_failures_are_excused(tmp_path: Path) -> None:
    """A case on the list may fail, for the reason on record."""
    names = [case.id for case in CASES if case.request.method == "paths"]
    listed = known_failures(tmp_path, *(f"{name} installed elsewhere" for name in names))
    run = acrn_conformance("run", "--known-failures", listed, "--", *WRONG_PATHS)
    assert run.returncode == 0
    assert f", {len(names)} known failures; " in run.stdout
    assert f"known failures: installed elsewhere ({len(names)} cases)" in run.stdout


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("limits-fixed why", "limits-fixed: passes now"),
        ("no-such-case why", "no-such-case: no such case"),
        ("argv-everything why", "argv-everything: its method is not claimed"),
    ],
)
def test_a_list_of_known_failures_that_is_not_true_fails(
    tmp_path: Path, line: str, complaint: str
) -> None:
    """An unexpected pass, an unknown id and a stale entry fail the run."""
    listed = known_failures(tmp_path, line)
    run = acrn_conformance("run", "--known-failures", listed, "--", *claiming("limits"))
    assert run.returncode == 1
    assert f"known failures: {complaint}" in run.stdout


def test_a_known_failure_that_is_not_selected_is_let_be(tmp_path: Path) -> None:
    """A selection does not make the list stale."""
    listed = known_failures(tmp_path, "paths-fixed why")
    run = acrn_conformance("run", "--known-failures", listed, "--select", "limits-*")
    assert run.returncode == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("argv-everything\n", ":3: 'argv-everything' has no reason"),
        ("a b\na c\n", ":4: 'a' stands twice"),
    ],
)
def test_a_list_of_known_failures_that_cannot_be_read_is_refused(
    tmp_path: Path, text: str, message: str
) -> None:
    """The line is named."""
    run = acrn_conformance("run", "--known-failures", known_failures(tmp_path, text))
    assert run.returncode == 2
    assert message in run.stderr


@pytest.mark.parametrize(
    ("glob", "complaint"),
    [
        ("paths-*", ""),
        ("*s-fixed", ""),
        ("limits-*", "limits-*: all that it matches pass now"),
        ("nothing-*", "nothing-*: no such case"),
    ],
)
def test_a_glob_excuses_all_that_it_matches(tmp_path: Path, glob: str, complaint: str) -> None:
    """Also where some of them pass; one that excuses nothing that fails is stale."""
    listed = known_failures(tmp_path, f"{glob} why", *(["paths-* elsewhere"] if complaint else []))
    chosen = ("--select", "paths-fixed", "--select", "limits-*", "--known-failures", listed)
    run = acrn_conformance("run", *chosen, "--", *WRONG_PATHS)
    assert run.returncode == bool(complaint)
    assert "1 known failure" in run.stdout
    assert f"known failures: {complaint}" in run.stdout


def test_known_failures_are_written_from_a_run(tmp_path: Path) -> None:
    """Sorted, with the rule as the reason; reasons that stand there stay, and what passes goes."""
    path = Path(known_failures(tmp_path, "paths-fixed installed elsewhere", "limits-fixed why"))
    first = acrn_conformance("run", "--write-known-failures", str(path), "--", *WRONG_PATHS)
    assert first.returncode == 1
    lines = path.read_text("utf-8").splitlines()
    assert lines == sorted(lines)
    assert "paths-fixed installed elsewhere" in lines
    assert any(" rule " in line for line in lines)
    assert not any(line.startswith("limits") for line in lines)
    again = acrn_conformance("run", "--known-failures", str(path), "--", *WRONG_PATHS)
    assert again.returncode == 0
    assert f", {len(lines)} known failures; " in again.stdout
