"""Whatever ends a run, nothing of it is left: no guest, no folder, no tap, no lock."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from standin_board import StandinBoard, own_standin_board
from waiting import until

from acrn_hwtests import boardfile, live
from acrn_hwtests.board import Board, RefusedError, host_of, lock_of, taken
from acrn_hwtests.plan import Request
from acrn_hwtests.record import Record
from acrn_hwtests.tier import Tier

pytestmark = pytest.mark.board


@pytest.fixture(scope="module")
def standin_board() -> Iterator[StandinBoard]:
    with own_standin_board() as board:
        yield board


@pytest.mark.parametrize(
    ("release", "moment", "number", "status"),
    [
        ("v2.5", "acrn-guest: ready", signal.SIGINT, 130),
        ("v2.5", "acrn-guest: ready", signal.SIGKILL, -signal.SIGKILL),
        ("v2.5", "qemu-system", signal.SIGTERM, 143),
        ("v2.7", "qemu-system", signal.SIGKILL, -signal.SIGKILL),
        ("v2.7", "qemu-system", signal.SIGINT, 130),
        ("v3.3", "qemu-system", signal.SIGHUP, 129),
        ("v3.3", "qemu-system", signal.SIGKILL, -signal.SIGKILL),
    ],
)
def test_nothing_is_left(
    tmp_path: Path, release: str, moment: str, number: signal.Signals, status: int
) -> None:
    """A signal while a guest boots, or runs, ends the guest and all that belongs to it."""
    with own_standin_board(release) as board:
        with board.running(tmp_path, "--select", "*") as run:
            until(lambda: _reached(board, tmp_path, moment), 60)
            run.send_signal(number)
            said = run.communicate(timeout=60)
        assert run.returncode == status, said
        until(lambda: not board.left(), 40)
        assert "locked" not in _lock_state(board)


@pytest.mark.parametrize(("release", "residue"), [("v2.5", 3), ("v2.7", 2), ("v3.3", 1)])
def test_a_killed_acrn_dm_leaves_residue_and_its_guest_none(
    tmp_path: Path, release: str, residue: int
) -> None:
    """Huge pages and the monitor's socket are counted before the guest is ended, and after it."""
    with own_standin_board(release) as own:
        file = boardfile.read(own.file)
        with host_of(file) as host, taken(file, host, tmp_path) as board:
            with board.launch(board.plan(Request()), live.silent, "guest") as guest:
                guest.connect(guest.plan.console_path).close()
                guest.kill(signal.SIGKILL)
                until(lambda: guest.status() is not None)
                assert len(_residue(board, guest.name)) == residue
            assert _residue(board, guest.name) == []


def _residue(board: Board, name: str) -> list[Path]:
    """Return what there is of a guest where acrn-dm keeps its files."""
    run = Path(board.folder, "standin")
    return [path for path in run.rglob("*") if name in str(path.relative_to(run))]


def test_a_second_run_is_refused_and_does_the_first_no_harm(
    standin_board: StandinBoard, tmp_path: Path
) -> None:
    """While a run has the board, another one is told whose it is, and ends with status 2."""
    file = boardfile.read(standin_board.file)
    with (
        host_of(file) as host,
        taken(file, host, tmp_path / "first") as board,
        board.launch(board.plan(Request()), live.silent, "guest") as guest,
    ):
        with standin_board.running(tmp_path / "second") as second:
            said = second.communicate(timeout=60)[0]
        assert second.returncode == 2
        assert f"process {os.getpid()}, since" in said
        assert guest.status() is None
        guest.connect(guest.plan.console_path).close()
    assert not standin_board.left()


def test_a_hardware_run_refuses_the_stand_in(standin_board: StandinBoard, tmp_path: Path) -> None:
    """A board file that says local, with a stand-in behind it, ends the run: nothing counts."""
    file = boardfile.read(standin_board.file)
    with host_of(file) as host, taken(file, host, tmp_path) as board:
        # A lab's mistake: the stand-in's programs behind a board file that says "local".
        board.file = _as_local(board.file)
        record = Record(standin_board.file, ())
        tier = Tier(board, record, select=(), show_console=False, soak=0)
        with (
            tier.launch(Request(), "guest") as guest,
            pytest.raises(pytest.exit.Exception, match="says it is the stand-in"),
        ):
            tier.boot(guest)
        assert not record.results().passed


def test_an_argv_that_the_release_refuses_never_reaches_the_board(
    standin_board: StandinBoard, tmp_path: Path
) -> None:
    """Lint stands before the board: the finding is told, and no folder of a guest is made."""
    file = boardfile.read(standin_board.file)
    with host_of(file) as host, taken(file, host, tmp_path) as board:
        planned = board.plan(Request(memory_mb=64))
        with pytest.raises(RefusedError, match=r"v2\.5 refuses this argv"):
            board.launch(planned, live.silent, "refused")
        assert not Path(planned.folder).exists()


def _as_local(file: boardfile.BoardFile) -> boardfile.BoardFile:
    fields = {name: getattr(file, name) for name in file.__struct_fields__}
    return boardfile.BoardFile(**{**fields, "kind": "local"})


def _reached(board: StandinBoard, folder: Path, moment: str) -> bool:
    if moment == "qemu-system":
        return any("qemu-system" in text for text in board.processes())
    return any(moment in path.read_text("utf-8", "replace") for path in folder.rglob("hvc0.raw"))


def _lock_state(board: StandinBoard) -> str:
    lock = lock_of(boardfile.read(board.file))
    done = subprocess.run(["/usr/bin/flock", "-n", lock, "true"], check=False)
    return "free" if done.returncode == 0 else "locked"
