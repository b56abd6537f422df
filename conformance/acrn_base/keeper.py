"""The keeper: ends what is left of a run whose own process is killed, and cannot do so itself.

``python keeper.py MARK PATH...``, a process of its own. Standard input is a pipe that the run holds
open: a byte on it says farewell, its end without one that the run is gone. Then all processes whose
environment has the mark are killed, whatever session they are in, and then the paths removed:
files, and folders that are empty by then.
"""

import os
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

_LONGEST = 5.0
"""Seconds: a process that hangs in the kernel is not waited for."""


def _marked(mark: bytes) -> Iterator[int]:
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                if mark in (folder / "environ").read_bytes().split(b"\0"):
                    yield int(folder.name)


def _kept(mark: bytes) -> None:
    """Kill until nothing is left: what is killed may have started something meanwhile."""
    end = time.monotonic() + _LONGEST
    while (pids := list(_marked(mark))) and time.monotonic() < end:
        for pid in pids:
            with suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.01)


def _removed(paths: Iterable[str]) -> None:
    for path in map(Path, paths):
        with suppress(OSError):
            if path.is_dir():
                path.rmdir()
            else:
                path.unlink()


if __name__ == "__main__" and not sys.stdin.buffer.read(1):
    _kept(os.fsencode(sys.argv[1]))
    _removed(sys.argv[2:])
