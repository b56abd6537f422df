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

from acrn_dry import root
from acrn_dry.building import DryError
from acrn_dry.device import Device, Event, device_at

_HUNG_UP = Event("end", "")
_KILL_SECONDS = 5


class Run:
    """An acrn-dm that runs, or has ended. ``folder`` is its root, as this machine sees it."""

    def __init__(
        self, folder: Path, device: Device, process: subprocess.Popen[bytes], told: int
    ) -> None:
        self.folder = folder
        self.device = device
        self.events: list[Event] = []
        self.exit: int | None = None
        """The exit status; a negative one is the signal; None while it runs, or where it hung."""

        self._process = process
        self._told = told

    @property
    def pid(self) -> int:
        """acrn-dm's process id on this machine."""
        return self.device.pid

    @property
    def output(self) -> str:
        """What acrn-dm has printed so far, on both its streams."""
        return (self.folder.parent / "output").read_text("utf-8", "replace")

    def until(self, name: str, seconds: float) -> bool:
        """Wait until an event is told that was not before; False where that does not come."""
        deadline = time.monotonic() + seconds
        while event := self._next(deadline):
            self.events.append(event)
            if event.name == name:
                return True
            if event is _HUNG_UP:
                break
        return False

    def ended(self, seconds: float) -> bool:
        """Wait for the end; tell whether it came."""
        if self.exit is None and not self.until("end", seconds):
            return False
        return self.exit is not None

    def told(self, name: str) -> bool:
        """Tell whether an event has come."""
        return any(event.name == name for event in self.events)

    def _next(self, deadline: float) -> Event | None:
        """Return the next event, the end last; None where the time is over."""
        left = deadline - time.monotonic()
        if self.exit is not None or left <= 0:
            return None
        ready = select.select([self.device, self._told], [], [], left)[0]
        if self.device in ready and (event := self.device.receive()):
            return event
        if not ready:
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
            raise DryError(f"no private world can be made here: {detail}; run as root, or elsewhere")
        case _:
            raise DryError("what held the private world was killed from outside; start again")


@contextmanager
def started(
    program: Path, shim: Path, argv: Sequence[str], *, stdin: int = subprocess.DEVNULL
) -> Iterator[Run]:
    """Start acrn-dm with an argv in a fresh root; end it with all that is left. Raises DryError."""
    with tempfile.TemporaryDirectory(prefix="acrn-dry-", ignore_cleanup_errors=True) as name:
        folder = Path(name) / "root"
        root.furnish(folder)
        _copy(shim, folder / root.SHIM[1:])
        _copy(program, folder / root.PROGRAM[1:])
        root.place(folder, argv)
        with device_at(folder / root.SOCKET[1:]) as device, _inside(folder, argv, stdin) as made:
            yield Run(folder, device, *made)


def _copy(source: Path, target: Path) -> None:
    """Link a file into the root, or copy it where that is another file system."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy(source, target)


@contextmanager
def _inside(
    folder: Path, argv: Sequence[str], stdin: int
) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    told, tell = os.pipe()
    words = [sys.executable, "-m", "acrn_dry.inside", str(tell), str(folder), root.PROGRAM, *argv]
    with (folder.parent / "output").open("wb") as output:
        process = subprocess.Popen(
            words,
            stdin=stdin,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=[tell],
            start_new_session=True,
        )
    os.close(tell)
    try:
        yield process, told
    finally:
        process.kill()
        process.wait()
        os.close(told)
