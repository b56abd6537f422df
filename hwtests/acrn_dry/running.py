"""One run of acrn-dm in a world of its own: what it asks of its device, what it says, its end."""

import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from acrn_dry import root
from acrn_dry.building import DryError
from acrn_dry.device import Device, Event, device_at

_HUNG_UP = Event("end", "")
SECONDS = 10.0
"""Longer than anything takes here, but for what hangs."""

_PLACES = (root.HUGE_PAGES[1:], root.MONITORS[1:])
_LOCK = f"{root.HUGE_PAGES}/lock"
"""One for all VMs."""


class Programs(NamedTuple):
    """The user's programs, and the shim as it has been built.

    ``folder`` has the folders of runs; None is the machine's for temporary files.
    """

    acrn_dm: Path
    shim: Path
    acrnctl: Path | None = None
    folder: Path | None = None


class Run:
    """An acrn-dm that runs, or has ended. ``folder`` is its root, as this machine sees it."""

    def __init__(self, folder: Path, device: Device, told: int) -> None:
        self.folder = folder
        self.device = device
        self.events: list[Event] = []
        self.exit: int | None = None
        """The exit status; a negative one is the signal; None while it runs, or where it hung."""

        self._told = told

    @property
    def pid(self) -> int:
        """acrn-dm's process id on this machine."""
        return self.device.pid

    @property
    def output(self) -> str:
        """What acrn-dm has printed so far, on both its streams."""
        return (self.folder.parent / "output").read_text("utf-8", "replace")

    def until(self, *names: str, seconds: float = SECONDS) -> bool:
        """Wait until one of the events comes that did not before; False where none does."""
        deadline = time.monotonic() + seconds
        while event := self._next(deadline):
            self.events.append(event)
            if event.name in names:
                return True
            if event is _HUNG_UP:
                break
        return False

    def write(self, port: int, size: int, value: int) -> None:
        """Write to a port as a guest would, and wait until acrn-dm has served that."""
        self.device.write(port, size, value)
        self.until("done", "clear", "end")

    def left(self) -> list[str]:
        """Name what is left of this VM on the board, but for the argv's own sockets."""
        files = [path for place in _PLACES for path in sorted((self.folder / place).rglob("*"))]
        kept = [f"/{path.relative_to(self.folder)}" for path in files if not path.is_dir()]
        done = [event.detail for event in self.events if event.name == "umount"]
        mounts = [event.detail for event in self.events if event.name == "mount"]
        for each in done:
            mounts.remove(each)
        return [path for path in kept if path != _LOCK] + [f"mount {each}" for each in mounts]

    def ended(self) -> bool:
        """Wait for the end; tell whether it came."""
        return self.exit is not None or self.until("end")

    def told(self, name: str) -> bool:
        """Tell whether an event has come."""
        return any(event.name == name for event in self.events)

    def _next(self, deadline: float) -> Event | None:
        """Return the next event, the end last; None where the time is over."""
        left = deadline - time.monotonic()
        if self.exit is not None or left <= 0:
            return None
        waiting: list[Device | int] = [self.device, self._told]
        ready = select.select(waiting, [], [], left)[0]
        if self.device in ready and (event := self.device.receive()):
            return event
        if not select.select([self._told], [], [], left if ready else 0)[0]:
            return None
        self.exit = _status(os.read(self._told, 4096).decode())
        return _HUNG_UP


def _status(text: str) -> int:
    word, _, detail = text.partition(" ")
    match word:
        case "exit":
            return int(detail)
        case "signal":
            return -int(detail)
        case "failed":
            raise DryError(detail)
        case _:
            raise DryError("what held the private world was killed from outside; start again")


@contextmanager
def started(programs: Programs, argv: Sequence[str], terminal: int | None = None) -> Iterator[Run]:
    """Start acrn-dm with an argv in a fresh root; end it with all that is left. Raises DryError.

    ``terminal`` is an open file in the place of its standard streams.
    """
    with tempfile.TemporaryDirectory(
        prefix="run-", dir=programs.folder, ignore_cleanup_errors=True
    ) as name:
        folder = Path(name) / "root"
        root.furnish(folder)
        shutil.copy(programs.shim, folder / root.SHIM[1:])
        shutil.copy(programs.acrn_dm, folder / root.PROGRAM[1:])
        if programs.acrnctl:
            shutil.copy(programs.acrnctl, folder / root.CONTROL[1:])
        root.place(folder, argv)
        with device_at(folder / root.SOCKET[1:]) as device, _inside(folder, argv, terminal) as told:
            yield Run(folder, device, told)


@contextmanager
def _inside(folder: Path, argv: Sequence[str], terminal: int | None) -> Iterator[int]:
    """Run acrn-dm in the root; yield the file on which its end will be told."""
    told, tell = os.pipe()
    words = [sys.executable, "-m", "acrn_dry.inside", str(tell), str(folder), root.PROGRAM, *argv]
    with (folder.parent / "output").open("wb") as output:
        process = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL if terminal is None else terminal,
            stdout=output if terminal is None else terminal,
            stderr=subprocess.STDOUT,
            pass_fds=[tell],
            start_new_session=True,
        )
    os.close(tell)
    try:
        yield told
    finally:
        process.terminate()
        process.wait()
        os.close(told)
