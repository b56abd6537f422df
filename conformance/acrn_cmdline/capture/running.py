"""Capturing: a command is run with stand-ins for acrn-dm and acrnctl first on its PATH."""

import fcntl
import os
import select
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import IO, NamedTuple

from acrn_base.orphans import adopting_orphans
from acrn_base.starting import StartError
from acrn_cmdline.capture import standin

PROGRAMS = ("acrn-dm", "acrnctl")

_ISOLATED = "-IS"
"""No environment, no user's and no installed packages: what is left starts fastest."""

_LONGEST_SHEBANG = 120
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
_ASKS_EVERY = 0.05
_INTERRUPTED_WITHIN = 1.0
_TERMINATED_WITHIN = 2.0

_QUIET = 2.0
"""Seconds without any change, after which what a command has left behind calls nobody any more."""

_SETTLED_WITHIN = 60.0
_CMDLINE = 16_384


class CaptureError(Exception):
    """Nothing can be captured here; the text says why, and the remedy."""


class Captured(NamedTuple):
    """How the command ended, the signal that ended it all (or None), and the record, to read."""

    ending: str
    interrupted: int | None
    record: IO[bytes]


def capture(
    command: Sequence[str], out: Path | None, announce: Callable[[Path], None], *, stay: bool
) -> Captured:
    """Run a command, and record every call of a stand-in; ``announce`` is told their folder.

    The record is ``out``, or a file that no name leads to any more. With ``stay`` the stand-in for
    acrn-dm runs until it gets SIGINT or SIGTERM, or the command has ended. Nothing is left running
    and no folder, also where a signal ends the capture. Raises CaptureError and StartError.
    """
    with _noting_signals() as arrived, ExitStack() as stack:
        folder = stack.enter_context(_folder())
        path = out or folder / "calls.jsonl"
        record = _new_record(path)
        stack.callback(record.close)
        lock = stack.enter_context(_lock(folder)) if stay else None
        _install(folder, path.absolute(), lock)
        announce(folder)
        stack.enter_context(adopting_orphans())
        ending = _run(command, folder, arrived)
        _settle(folder, record, arrived)
        return Captured(
            ending, arrived[0] if arrived else None, os.fdopen(os.dup(record.fileno()), "rb")
        )


@contextmanager
def _noting_signals() -> Iterator[list[int]]:
    """Note the signals that would end this process: cleaning up is not to be cut short by one."""
    arrived: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        arrived.append(number)

    before = {number: signal.signal(number, note) for number in _SIGNALS}
    try:
        yield arrived
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _folder() -> Iterator[Path]:
    """Make the private folder of the stand-ins; at the end those that still run are killed."""
    try:
        folder = Path(tempfile.mkdtemp(prefix="acrn-capture-")).resolve()
    except OSError as error:
        raise CaptureError(f"no temporary folder: {error}; set TMPDIR to another") from None
    try:
        if os.statvfs(folder).f_flag & os.ST_NOEXEC or os.pathsep in str(folder):
            reason = "its file system runs no programs, or its name cannot stand in PATH"
            raise CaptureError(f"{str(folder.parent)!a}: {reason}; set TMPDIR to another folder")
        yield folder
    finally:
        for running in _standins(folder):
            with closing(running):
                running.send(signal.SIGKILL)
        shutil.rmtree(folder)


def _new_record(path: Path) -> IO[bytes]:
    """Make an empty record, and open it to read what others write. Raises CaptureError."""
    try:
        if path.exists() and not path.is_file():
            raise CaptureError(f"--out {path}: not a regular file; name a file to write")
        return path.open("w+b")
    except OSError as error:
        raise CaptureError(f"--out {path}: {error.strerror}; name a file to write") from None


@contextmanager
def _lock(folder: Path) -> Iterator[Path]:
    """Hold the lock that stand-ins look for: were this process killed, they would know."""
    path = folder / "lock"
    with path.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield path


def _install(folder: Path, record: Path, lock: Path | None) -> None:
    """Write the stand-ins; acrnctl never stays."""
    source = Path(standin.__file__).read_text("utf-8")
    for program in PROGRAMS:
        until = os.fsencode(lock) if lock and program == PROGRAMS[0] else None
        call = f"main({program!r}, {os.fsencode(record)!r}, {until!r})"
        path = folder / program
        path.write_bytes(_first_lines() + f"{source}\n{call}\n".encode())
        path.chmod(0o700)


def _first_lines() -> bytes:
    """Return what makes the kernel run a file with this interpreter; long paths need a shell."""
    if not sys.executable:
        raise CaptureError("this Python does not know its own path; start it by an absolute one")
    interpreter = os.fsencode(sys.executable)
    if len(interpreter) <= _LONGEST_SHEBANG and not set(interpreter) & set(b" \t\n"):
        return b"#!" + interpreter + f" {_ISOLATED}\n".encode()
    quoted = os.fsencode(shlex.quote(sys.executable))
    # To the shell a command, to Python a text: nothing in it may end that text.
    if b"'''" in interpreter or b"\\" in interpreter or b'"' in quoted:
        raise CaptureError("the path of this Python has quotes in it; install it elsewhere")
    return b"#!/bin/sh\n'''exec' " + quoted + f' {_ISOLATED} "$0" "$@"\n'.encode() + b"'''\n"


def _run(command: Sequence[str], folder: Path, arrived: Sequence[int]) -> str:
    """Run the command to its end, or to the first signal; return how it ended."""
    path = os.environ.get("PATH", os.defpath)
    environment = os.environ | {"PATH": f"{folder}{os.pathsep}{path}"}
    try:
        child = subprocess.Popen(command, env=environment)
    except OSError as error:
        raise StartError(command, error) from None
    except ValueError:
        raise StartError(command, OSError("a NUL in an argument")) from None
    exit_event = os.pidfd_open(child.pid)
    try:
        while not arrived and not _ended(exit_event, _ASKS_EVERY):
            _reap_all_but(child.pid)
        if arrived:
            _end(child, exit_event, arrived[0])
    finally:
        os.close(exit_event)
    status = child.wait()
    return (
        f"exit status {status}"
        if status >= 0
        else f"killed by signal {-status} ({signal.strsignal(-status)})"
    )


def _ended(exit_event: int, within: float) -> bool:
    return bool(select.select([exit_event], [], [], within)[0])


def _end(child: subprocess.Popen[bytes], exit_event: int, number: int) -> None:
    """End the command; a terminal's SIGINT it has had itself, so that it is given time first."""
    if number == signal.SIGINT and _ended(exit_event, _INTERRUPTED_WITHIN):
        return
    child.terminate()
    if not _ended(exit_event, _TERMINATED_WITHIN):
        child.kill()


def _reap_all_but(pid: int) -> None:
    """Reap adopted orphans: who waits for a process to be gone must not wait for ever."""
    found = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    while found and found.si_pid != pid:
        os.waitpid(found.si_pid, 0)
        found = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)


def _settle(folder: Path, record: IO[bytes], arrived: Sequence[int]) -> None:
    """Let calls that are under way be recorded, and the stand-ins that stay end as VMs do."""
    seen: object = None
    now = quiet_since = time.monotonic()
    give_up = now + (_TERMINATED_WITHIN if arrived else _SETTLED_WITHIN)
    signals = len(arrived)
    while now < give_up and now - quiet_since < _QUIET and len(arrived) == signals:
        running = list(_standins(folder))
        for each in running:
            with closing(each):
                each.ask_to_end()
        if not running and not _children_left():
            return
        state = ({each.pid for each in running}, os.fstat(record.fileno()).st_size)
        now = time.monotonic()
        if state != seen:
            seen, quiet_since = state, now
        time.sleep(_ASKS_EVERY)


def _children_left() -> bool:
    """Reap what has ended; return whether there are children still."""
    try:
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass
    except ChildProcessError:
        return False
    return True


class _Standin(NamedTuple):
    """A running stand-in; the handle makes sure that no other process gets its signals."""

    pid: int
    handle: int

    def ask_to_end(self) -> None:
        """Send SIGTERM, unless it only just starts: then it is to record its call first."""
        with suppress(OSError, StopIteration, ValueError):
            status = Path(f"/proc/{self.pid}/status").read_text("utf-8", "replace").splitlines()
            caught = next(line for line in status if line.startswith("SigCgt:"))
            if int(caught.split()[1], 16) >> (signal.SIGTERM - 1) & 1:
                self.send(signal.SIGTERM)

    def send(self, number: signal.Signals) -> None:
        """Send a signal, if it is still there and ours to end."""
        with suppress(OSError):
            signal.pidfd_send_signal(self.handle, number)

    def close(self) -> None:
        """Let go of it."""
        os.close(self.handle)


def _standins(folder: Path) -> Iterator[_Standin]:
    """Yield the stand-ins that run, whoever has started them; each is to be closed."""
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            with suppress(OSError):
                handle = os.pidfd_open(int(entry.name))
                try:
                    own = _script(int(entry.name)).parent == folder
                except OSError:
                    own = False
                if own:
                    yield _Standin(int(entry.name), handle)
                else:
                    os.close(handle)


def _script(pid: int) -> Path:
    """Return the script that a process runs, if it is isolated as stand-ins are. Raises OSError."""
    with Path(f"/proc/{pid}/cmdline").open("rb") as file:
        words = file.read(_CMDLINE).split(b"\0", 3)
    if len(words) < len(("interpreter", _ISOLATED, "script")) or words[1] != _ISOLATED.encode():
        raise FileNotFoundError
    cwd = Path(f"/proc/{pid}/cwd").readlink()
    return (cwd / os.fsdecode(words[2])).resolve()
