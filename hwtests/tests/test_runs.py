"""The report over several runs: a fault comes every time, a flake does not."""

from pathlib import Path

import pytest

from acrn_hwtests import cli, report, runs
from acrn_hwtests.boardfile import BoardClass
from acrn_hwtests.facts import Facts
from acrn_hwtests.report import CheckResult, Results, Verdict


def _run(name: str, *checks: CheckResult, release: str = "v2.5", given_up: str = "") -> Results:
    facts = Facts(
        BoardClass.STANDIN, "standin", "here", release, "kata-1", "v", "Linux", "/k", "0", "/i", "1"
    )
    return Results(
        format=1,
        suite="acrn-hwtests",
        version="1",
        board_class=BoardClass.STANDIN,
        board=facts,
        remarks=(),
        started="2026-01-01T00:00:00.000+00:00",
        seconds=1.5,
        given_up=given_up,
        passed=False,
        summary=dict.fromkeys(Verdict, 0),
        transcripts=f"/runs/{name}",
        checks=checks,
    )


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
    assert list(runs.lines([_FIRST, _SECOND])) == [
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
    told = list(runs.lines([_run("1", *boots, _check("boot-50", Verdict.FAIL, "silent"))]))
    assert told[0] == "  FLAKY   boot  1 of 50 failed"


def _written(folder: Path, *results: Results) -> Path:
    for number, result in enumerate(results):
        path = folder / str(number) / runs.RESULTS
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
    assert "stand-in  v2.5 kata-1  here: 1 runs\n" in said
    assert "stand-in  v3.3 kata-1  here: 1 runs\n" in said


def test_a_run_that_was_given_up_is_no_good_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Though nothing in it failed."""
    run = _run("1", _check("a"), given_up="ended by SIGINT")
    assert cli.main(["runs", str(_written(tmp_path, run))]) == 1
    assert "1 runs, 1 given up" in capsys.readouterr().out


def test_a_folder_without_runs_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And so is a file in it that no run has written."""
    assert cli.main(["runs", str(tmp_path)]) == 2
    assert "no run in it has a results.json" in capsys.readouterr().err
    _written(tmp_path, _FIRST)
    (tmp_path / "0" / runs.RESULTS).write_text("{}")
    assert cli.main(["runs", str(tmp_path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[" * 100_000, "remove it, or name another folder"),
        ("\0" * ((64 << 20) + 1), "over 64 MiB"),
    ],
)
def test_results_that_cannot_be_read_are_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, says: str
) -> None:
    """Whatever their size and depth."""
    (folder := tmp_path / "run").mkdir()
    (folder / runs.RESULTS).write_text(text)
    assert cli.main(["runs", str(tmp_path)]) == 2
    line = capsys.readouterr().err
    assert line.count("\n") == 1
    assert says in line
