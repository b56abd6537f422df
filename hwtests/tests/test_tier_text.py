"""What the tier says of checks while they run, and keeps: the tier itself, without a board."""

from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from acrn_hwtests.boardfile import BoardClass
from acrn_hwtests.record import Record
from acrn_hwtests.report import CheckResult, Verdict
from acrn_hwtests.tier import Tier

if TYPE_CHECKING:
    from acrn_hwtests.board import Board

_CHECKS = '''
import pytest
from acrn_hwtests.hosts.host import HostError

@pytest.fixture
def ends_badly(request):
    for told in ("disk full", "disk full", "no shell"):
        request.addfinalizer(lambda told=told: end(told))

def end(told):
    raise HostError(told)

def test_first():
    """It is."""
    raise HostError("board: gone\\nfor ever")

def test_second():
    """It is."""
    raise HostError("board: gone\\nfor ever")

def test_third():
    """It is."""
    assert 1 == 2

def test_passes_and_ends_badly(ends_badly):
    """It is."""

def test_fails_and_ends_badly(ends_badly):
    """It is."""
    raise HostError("board: gone\\nfor ever")
'''


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, CheckResult]:
    """Run the checks, as the command does it; return what is kept of each."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    file = tmp_path / "test_them.py"
    file.write_text(_CHECKS)
    board = cast("Board", SimpleNamespace(file=SimpleNamespace(board_class=BoardClass.STANDIN)))
    record = Record(tmp_path / "board.toml", ())
    tier = Tier(board, record, select=(), show_console=False, soak=0)
    words = ["-s", "-p", "no:terminal", "-p", "no:cacheprovider", "--import-mode=importlib"]
    pytest.main([*words, "-c", "/dev/null", f"--rootdir={tmp_path}", str(file)], plugins=[tier])
    return {check.id: check for check in record.results().checks}


def test_a_cause_is_printed_once_and_kept_with_each_check(
    capsys: pytest.CaptureFixture[str], kept: dict[str, CheckResult]
) -> None:
    """A check that it hits later names the first one; what is for machines has it each time."""
    lines = capsys.readouterr().out.splitlines()
    assert sum("board: gone" in line for line in lines) == 1
    assert lines.count("       for ever") == 1
    (second,) = (line for line in lines if "  second  " in line)
    assert second.endswith("  as first")
    assert kept["first"].message == kept["second"].message == "board: gone\nfor ever"
    assert "assert 1 == 2" in kept["third"].message


def test_trouble_at_the_end_of_a_check_is_added_to_its_verdict(
    kept: dict[str, CheckResult],
) -> None:
    """Of a pass it makes an error; a failure stays one, and both reasons are told, each once."""
    passed, failed = kept["passes-and-ends-badly"], kept["fails-and-ends-badly"]
    assert (passed.verdict, passed.message) == (Verdict.ERROR, "disk full; no shell")
    assert failed.verdict == Verdict.FAIL
    assert failed.message == "board: gone\nfor ever\ndisk full; no shell"


def test_transcripts_stay_with_a_check_whose_end_brings_trouble() -> None:
    """They are of the guests that it had, and tell why."""
    record = Record(Path("board.toml"), ())
    record.keep(CheckResult("a", "It is.", Verdict.PASS, 1.0, "", ("a-guest",)))
    record.keep(CheckResult("a", "It is.", Verdict.ERROR, 2.0, "disk full"))
    (kept,) = record.results().checks
    assert (kept.verdict, kept.seconds, kept.transcripts) == (Verdict.ERROR, 2.0, ("a-guest",))
