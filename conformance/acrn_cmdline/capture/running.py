"""Running the command to its end, and letting what it leaves behind come to rest."""

import os
import select
import signal
import subprocess
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

from acrn_base.starting import StartError
from acrn_cmdline.capture.programs import ISOLATED

Arrived = Callable[[], Sequence[int]]
"""Returns the signals that have arrived so far, which are to end the capture."""

ASKS_EVERY = 0.05
_INTERRUPTED_WITHIN = 1.0
_TERMINATED_WITHIN = 2.0

_QUIET = 2.0
"""Seconds without any change, after which what a command has left behind calls nobody any more."""

_SETTLED_WITHIN = 60.0
_CMDLINE = 16_384


def run(
    command: Sequence[str], environment: Mapping[str, str], arrived: Arrived, *, session: bool
) -> str:
    """Run the command to its end, or to the first signal; return how it ended.

    With ``session`` it gets one of its own, without a terminal. Raises StartError.
    """
    try:
        child = subprocess.Popen(command, env=environment, start_new_session=session)
    except OSError as error:
        raise StartError(command, error) from None
    except ValueError:
        raise StartError(command, OSError("a NUL in an argument")) from None
    exit_event = os.pidfd_open(child.pid)
    try:
        while not (signals := arrived()) and not _ended(exit_event, ASKS_EVERY):
            _reap_all_but(child.pid)
        if signals:
            _end(child, exit_event, signals[0])
    finally:
        os.close(exit_event)
    status = child.wait()
    return (
        f"exit status {status}"
        if status >= 0
        else f"killed by signal {-status} ({signal.strsignal(-status)})"
    )


def settle(places: Collection[Path], record: int, arrived: Arrived) -> None:
    """Let calls that are under way be recorded, and the stand-ins that stay end as VMs do."""
    seen: object = None
    now = quiet_since = time.monotonic()
    signals = len(arrived())
    give_up = now + (_TERMINATED_WITHIN if signals else _SETTLED_WITHIN)
    while now < give_up and now - quiet_since < _QUIET and len(arrived()) == signals:
        running = list(_standins(places))
        for each in running:
            with closing(each):
                each.ask_to_end()
        if not running and not _children_left():
            return
        state = ({each.pid for each in running}, os.fstat(record).st_size)
        now = time.monotonic()
        if state != seen:
            seen, quiet_since = state, now
        time.sleep(ASKS_EVERY)


def kill_standins(places: Collection[Path]) -> None:
    """Kill the stand-ins that run, whoever has started them."""
    for running in _standins(places):
        with closing(running):
            running.send(signal.SIGKILL)


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


def _standins(places: Collection[Path]) -> Iterator[_Standin]:
    """Yield the stand-ins that run from these places; each is to be closed."""
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            with suppress(OSError):
                handle = os.pidfd_open(int(entry.name))
                try:
                    own = _script(int(entry.name)) in places
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
    if len(words) < len(("interpreter", ISOLATED, "script")) or words[1] != ISOLATED.encode():
        raise FileNotFoundError
    cwd = Path(f"/proc/{pid}/cwd").readlink()
    return (cwd / os.fsdecode(words[2])).resolve()
