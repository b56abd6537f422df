"""Whatever ends a run, nothing of it is left: no guest, no folder, no tap, no lock."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from scripted import alive
from waiting import until

from acrn_hwtests import boardfile, live
from acrn_hwtests.board import BASE, RefusedError, host_of, lock_of, taken
from acrn_hwtests.plan import Request
from acrn_hwtests.tier import Tier

pytestmark = pytest.mark.board

_STANDIN = Path(__file__).parents[1] / "boards" / "standin.toml"


def _commands() -> dict[int, str]:
    """Return the command lines of all that runs."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            text = path.read_bytes().replace(b"\0", b" ").decode("utf-8", "backslashreplace")
        except OSError:
            continue
        if alive(int(path.parent.name)):
            found[int(path.parent.name)] = text
    return found


def _ours() -> list[str]:
    """Return what runs of a run: the supervisor, QEMU, the keeper, copies, and helpers."""
    return [text for text in _commands().values() if f"{BASE}/acrn-hwtests" in text]


def _left() -> list[str]:
    """Return what a run has left on this machine."""
    folders = [str(path) for path in Path(BASE).glob("acrn-hwtests.*")]
    taps = [path.name for path in Path("/sys/class/net").iterdir() if len(path.name) == 11]
    return [*_ours(), *folders, *[tap for tap in taps if tap.startswith("tap")]]


@pytest.mark.parametrize(
    ("number", "status"),
    [
        (signal.SIGINT, 130),
        (signal.SIGTERM, 143),
        (signal.SIGHUP, 129),
        (signal.SIGKILL, -signal.SIGKILL),
    ],
)
@pytest.mark.parametrize("moment", ["qemu-system", "acrn-guest: ready"])
def test_nothing_is_left(tmp_path: Path, number: signal.Signals, status: int, moment: str) -> None:
    """A signal while a guest boots, or runs, ends the guest and all that belongs to it."""
    run = _run(tmp_path, "--select", "*")
    until(lambda: _reached(tmp_path, moment), 60)
    run.send_signal(number)
    run.communicate(timeout=60)
    assert run.returncode == status
    until(lambda: not _left())
    assert "locked" not in _lock_state()


def test_a_second_run_is_refused_and_does_the_first_no_harm(tmp_path: Path) -> None:
    """While a run has the board, another one is told whose it is, and ends with status 2."""
    first = _run(tmp_path / "first", "--select", "boots-to-a-prompt")
    until(lambda: _reached(tmp_path / "first", "qemu-system"), 60)
    second = _run(tmp_path / "second")
    said = second.communicate(timeout=60)[0]
    assert second.returncode == 2
    assert f"process {first.pid}, since" in said
    assert "1 passed" in first.communicate(timeout=120)[0]
    assert first.returncode == 0
    assert not _left()


def test_a_hardware_run_refuses_the_stand_in(tmp_path: Path) -> None:
    """A board file that says local, with a stand-in behind it, ends the run: nothing counts."""
    file = boardfile.read(_STANDIN)
    with host_of(file) as host, taken(file, host, tmp_path) as board:
        # A lab's mistake: the stand-in's programs behind a board file that says "local".
        board.file = _as_local(board.file)
        tier = Tier(board, select=(), show_console=False, soak=0)
        with (
            tier.launch(Request(), "guest") as guest,
            pytest.raises(pytest.exit.Exception, match="says it is the stand-in"),
        ):
            tier.boot(guest)
        assert not tier.results().passed


def test_an_argv_that_the_release_refuses_never_reaches_the_board(tmp_path: Path) -> None:
    """Lint stands before the board: the finding is told, and no folder of a guest is made."""
    file = boardfile.read(_STANDIN)
    with host_of(file) as host, taken(file, host, tmp_path) as board:
        planned = board.plan(Request(memory_mb=64))
        with pytest.raises(RefusedError, match=r"v2\.5 refuses this argv"):
            board.launch(planned, live.silent, "refused")
        assert not Path(planned.folder).exists()


def _as_local(file: boardfile.BoardFile) -> boardfile.BoardFile:
    fields = {name: getattr(file, name) for name in file.__struct_fields__}
    return boardfile.BoardFile(**{**fields, "kind": "local"})


def _run(folder: Path, *words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "acrn_hwtests", "--board", str(_STANDIN)),
            *("--transcripts", str(folder / "runs"), *words),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "COLUMNS": "100"},
    )


def _reached(folder: Path, moment: str) -> bool:
    if moment == "qemu-system":
        return any("qemu-system" in text for text in _ours())
    return any(moment in path.read_text("utf-8", "replace") for path in folder.rglob("hvc0.raw"))


def _lock_state() -> str:
    lock = lock_of(boardfile.read(_STANDIN))
    done = subprocess.run(["/usr/bin/flock", "-n", lock, "true"], check=False)
    return "free" if done.returncode == 0 else "locked"
