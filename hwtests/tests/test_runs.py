"""The report over several runs: a fault comes every time, a flake does not."""

from pathlib import Path

import msgspec
import pytest
from board_results import facts, results

from acrn_hwtests import cli, history, report
from acrn_hwtests.report import CheckResult, Results, Verdict


def _run(name: str, *checks: CheckResult, release: str = "v2.5", given_up: str = "") -> Results:
    board = facts(release)
    return results(*checks, board=board, given_up=given_up, transcripts=f"/runs/{name}")


def _check(name: str, verdict: Verdict = Verdict.PASS, message: str = "") -> CheckResult:
    return CheckResult(name, "It holds.", verdict, 0.5, message, (name,) if message else ())


_FIRST = _run(
    "1", _check("a"), _check("b", Verdict.FAIL, "panic: why\nmore"), _check("c", Verdict.FAIL, "x")
)
_SECOND = _run(
    "2",
    _check("a"),
    _check("b"),
    _check("c", Verdict.ERROR, "y"),
    _check("n", Verdict.NOT_APPLICABLE),
)


def test_a_flake_is_told_from_a_fault() -> None:
    """Those that failed come first, each with its reason and the folders of its transcripts."""
    assert list(history.lines(history.histories([_FIRST, _SECOND]))) == [
        "  FAULT   c  2 of 2 failed",
        "            fail  x",
        "            /runs/1/c",
        "            error  y",
        "            /runs/2/c",
        "  FLAKY   b  1 of 2 failed",
        "            fail  panic: why",
        "            /runs/1/b",
        "  steady  a  0 of 2 failed",
        "  n/a     n  0 of 0 failed",
    ]


def test_the_boots_of_a_soak_are_one_check() -> None:
    """Fifty boots of which one failed are a flake of one check."""
    boots = [_check(f"boot-{number}") for number in range(1, 50)]
    (boot,) = history.histories([_run("1", *boots, _check("boot-50", Verdict.FAIL, "silent"))])
    assert (boot.word, boot.name, boot.told) == ("FLAKY", "boot", "1 of 50 failed")


def _written(folder: Path, *several: Results) -> Path:
    for number, result in enumerate(several):
        path = folder / str(number) / report.RESULTS
        path.parent.mkdir()
        path.write_bytes(report.encoded(result))
    return folder


@pytest.mark.parametrize(("last", "status"), [(_FIRST, 1), (_run("3", _check("a")), 0)])
def test_releases_are_counted_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], last: Results, status: int
) -> None:
    """No verdict of one release, host or class is counted with another's."""
    later = _run("4", _check("a"), release="v3.3")
    assert cli.main(["runs", str(_written(tmp_path, later, last))]) == status
    said = capsys.readouterr().out
    assert "stand-in  v2.5 kata-1  here: 1 run\n" in said
    assert "stand-in  v3.3 kata-1  here: 1 run\n" in said


def test_a_run_that_was_given_up_is_no_good_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Though nothing in it failed."""
    run = _run("1", _check("a"), given_up="ended by SIGINT")
    assert cli.main(["runs", str(_written(tmp_path, run))]) == 1
    assert "1 run, 1 given up" in capsys.readouterr().out


def test_a_folder_without_runs_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And so is a file in it that no run has written."""
    assert cli.main(["runs", str(tmp_path)]) == 2
    assert "no run in it has a results.json" in capsys.readouterr().err
    assert cli.main(["runs", str(tmp_path / "none")]) == 2
    assert "none: there is no such folder; name the folder of runs" in capsys.readouterr().err
    _written(tmp_path, _FIRST)
    (tmp_path / "0" / report.RESULTS).write_text("{}")
    assert cli.main(["runs", str(tmp_path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_run_that_never_had_its_board_is_given_up(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is of no board, so it is counted with none."""
    unreached = msgspec.structs.replace(_run("1", given_up="no route"), board=None)
    assert cli.main(["runs", str(_written(tmp_path, _FIRST, unreached))]) == 1
    assert "no board reached  - -  board.toml: 1 run, 1 given up" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"[" * 100_000, "remove it"), (b"\xff", "remove it"), (None, "Is a directory")],
)
def test_what_no_run_has_written_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, said: str
) -> None:
    """Deep nesting, bytes that are no text, a folder: none ends the command with a traceback."""
    path = tmp_path / "0" / report.RESULTS
    path.parent.mkdir()
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    assert cli.main(["runs", str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert (error.count("\n"), said in error) == (1, True)


def test_a_page_has_what_the_text_tells(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each check with its failures, and the ground that it stands on."""
    page = tmp_path / "page.html"
    assert cli.main(["runs", str(_written(tmp_path, _FIRST, _SECOND)), "--html", str(page)]) == 1
    shown = page.read_text("utf-8")
    for line in capsys.readouterr().out.splitlines():
        for words in line.strip().split("  "):
            assert words.strip() in shown
    assert '<h1 class="bad">2 runs, 1 fault, 1 flake</h1>' in shown


def test_a_page_that_cannot_be_written_is_told_before_anything_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a line, with status 2."""
    assert cli.main(["runs", str(tmp_path / "none"), "--html", str(tmp_path)]) == 2
    assert capsys.readouterr().err.endswith("Is a directory; name a file to write\n")
