"""The keeper: one run a board, and nothing of a run that outlives it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from scripted import alive, descendants
from waiting import until

from acrn_hwtests.ending import Programs
from acrn_hwtests.guest import _LAUNCH
from acrn_hwtests.hosts.host import HostError
from acrn_hwtests.hosts.local import LocalHost
from acrn_hwtests.keeper import Keeper

_PROGRAMS = Programs("/nowhere/acrn-dm", "/nowhere/acrnctl", "run")
_LIVES = "while :; do sleep 1; done"
_RUN = """
import sys, time
from pathlib import Path
from scripted import scripted
from acrn_hwtests.ending import Programs
from acrn_hwtests.hosts.local import LocalHost
from acrn_hwtests.keeper import Keeper
programs = Programs("", "/nowhere/acrnctl", "run")
keeper = Keeper(LocalHost(), sys.argv[1] + "/lock", sys.argv[1], programs)
with scripted(Path(keeper.folder), sys.argv[2]) as guest:
    while not Path(guest.plan.path("pid")).exists():
        time.sleep(.01)
    print(keeper.folder, guest.pid(), keeper._process.pid, flush=True)
    time.sleep(600)
"""


def _free(folder: Path) -> bool:
    lock = str(folder / "lock")
    return subprocess.run(["/usr/bin/flock", "-n", lock, "true"], check=False).returncode == 0


def _keeper(folder: Path) -> Keeper:
    return Keeper(LocalHost(), str(folder / "lock"), str(folder), _PROGRAMS)


def test_a_board_is_for_one_run(tmp_path: Path) -> None:
    """A second run is told who has the board; once it is let go, it can be had."""
    first = _keeper(tmp_path)
    with pytest.raises(HostError, match=f"in use by .*process {os.getpid()}, since"):
        _keeper(tmp_path)
    first.close()
    second = _keeper(tmp_path)
    assert second.left == []
    second.close()


def test_the_folder_is_the_runs_alone_and_goes_with_it(tmp_path: Path) -> None:
    """The folder has mode 0700, and is gone afterwards with all that is in it."""
    keeper = _keeper(tmp_path)
    folder = Path(keeper.folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    (folder / "disk.img").write_bytes(b"content")
    keeper.close()
    assert not folder.exists()


@pytest.mark.parametrize("script", [_LIVES, "trap '' INT TERM; while :; do sleep 1; done"])
def test_a_run_that_is_killed_leaves_nothing(tmp_path: Path, script: str) -> None:
    """After a SIGKILL of the run its guest is ended, even one that ignores INT; all is gone."""
    run, folder, guest, _ = _started(tmp_path, script)
    run.kill()
    run.communicate()
    until(lambda: not alive(guest) and not folder.exists())
    until(lambda: _free(tmp_path))
    assert not list(tmp_path.glob("acrn-hwtests.*"))
    keeper = _keeper(tmp_path)
    assert keeper.left == []
    keeper.close()


def test_what_a_run_left_that_died_with_its_keeper_is_found(tmp_path: Path) -> None:
    """The next run ends the guests of such a run, removes its folder, and says whose they were."""
    run, folder, guest, watcher = _started(tmp_path, _LIVES)
    os.killpg(watcher, signal.SIGKILL)
    run.kill()
    run.communicate()
    assert alive(guest)
    keeper = _keeper(tmp_path)
    assert len(keeper.left) == 1
    assert f"process {run.pid}" in keeper.left[0]
    assert not folder.exists()
    until(lambda: not alive(guest))
    keeper.close()


def test_a_keeper_that_is_killed_is_told(tmp_path: Path) -> None:
    """The lock is gone with it, and the board not ours any more; the next run cleans up."""
    keeper = _keeper(tmp_path)
    keeper.check()
    (killed,) = (pid for pid in descendants() if b"\0keeper\0" in _words(pid))
    os.kill(killed, signal.SIGKILL)
    until(lambda: not alive(killed))
    with pytest.raises(
        HostError, match=r"the keeper has ended \(status -9\), and the lock with it"
    ):
        keeper.check()
    keeper.close()
    later = _keeper(tmp_path)
    assert len(later.left) == 1
    later.close()
    assert not list(tmp_path.glob("acrn-hwtests.*"))


def _words(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


@pytest.mark.parametrize(
    "note", ["/acrn-hwtests.x/../precious", "/precious", "/acrn-hwtests.x/precious", "/../precious"]
)
def test_only_a_keepers_folder_is_ever_removed(tmp_path: Path, note: str) -> None:
    """Whatever stands in the lock, what no keeper has made is let be."""
    base = tmp_path / "base"
    for folder in (base, base / "precious", base / "acrn-hwtests.x", tmp_path / "precious"):
        folder.mkdir()
        (folder / "file").touch()
    (base / "acrn-hwtests.x" / "precious").mkdir()
    (base / "lock").write_text(f"somebody\n{base}{note}\n")
    before = set(tmp_path.rglob("*"))
    keeper = _keeper(base)
    assert keeper.left == ["somebody"]
    keeper.close()
    assert set(tmp_path.rglob("*")) == before


def test_a_note_without_its_end_counts(tmp_path: Path) -> None:
    """A note that was torn off behind the folder's name is as good as a whole one."""
    folder = tmp_path / "acrn-hwtests.torn"
    folder.mkdir()
    (tmp_path / "lock").write_text(f"somebody\n{folder}")
    keeper = _keeper(tmp_path)
    assert keeper.left == ["somebody"]
    assert not folder.exists()
    keeper.close()


def test_a_lock_that_is_a_link_is_refused(tmp_path: Path) -> None:
    """What a link points at is not overwritten."""
    (tmp_path / "precious").write_text("content")
    (tmp_path / "lock").symlink_to(tmp_path / "precious")
    with pytest.raises(HostError, match="is a link"):
        _keeper(tmp_path)
    assert (tmp_path / "precious").read_text() == "content"


def test_a_launch_that_comes_too_late_starts_nothing(tmp_path: Path) -> None:
    """A guest whose folder the keeper has put aside already is not started any more."""
    own, aside = tmp_path / "sandbox-late", tmp_path / "sandbox-late.ended"
    own.mkdir()
    for name in ("pid", "stderr"):
        os.mkfifo(own / name)  # at the first of which the launch waits, once the other is read
    reader = os.open(own / "stderr", os.O_RDONLY | os.O_NONBLOCK)
    words = ["/bin/sh", "-c", _LAUNCH, "sh", str(own), "/bin/echo", "started"]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as launch:
        until(lambda: Path(f"/proc/{launch.pid}/cwd").resolve() == own)
        own.rename(aside)
        assert (aside / "pid").read_text() > ""
        assert launch.communicate()[0] == b""
        assert launch.returncode != 0
    os.close(reader)


def test_a_process_that_is_not_ours_is_let_be(tmp_path: Path) -> None:
    """A process id that another program has by now is not signalled."""
    keeper = _keeper(tmp_path)
    own = Path(keeper.folder, "sandbox-gone")
    own.mkdir()
    with subprocess.Popen(["/bin/sleep", "600"]) as other:
        (own / "pid").write_text(f"{other.pid}\n")
        keeper.close()
        assert other.poll() is None
        other.kill()


def test_a_lock_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    """A place where no lock can be is told with its path."""
    with pytest.raises(HostError, match=r"nowhere/lock cannot be written"):
        Keeper(LocalHost(), str(tmp_path / "nowhere" / "lock"), str(tmp_path), _PROGRAMS)
    assert not descendants()


def _started(folder: Path, script: str) -> tuple["subprocess.Popen[str]", Path, int, int]:
    """Start a run of its own with a guest; return it, its folder, and two process ids."""
    run = subprocess.Popen(
        [sys.executable, "-c", _RUN, str(folder), script],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent)},
    )
    assert run.stdout is not None
    path, guest, keeper = run.stdout.readline().split()
    return run, Path(path), int(guest), int(keeper)
