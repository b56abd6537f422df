"""The keeper: ends what is left of a run whose own process is killed, and cannot do so itself.

``python keeper.py MARK PATH...``, a process of its own. Standard input is a pipe that the run holds
open: a byte on it says farewell, its end without one that the run is gone. Then all processes whose
environment has the mark are killed, whatever session they are in, and then the paths removed:
files, and folders that are empty by then.
"""

import os
import sys
import time

_LONGEST = 5.0
"""Seconds: a process that hangs in the kernel is not waited for."""


_KILL = 9
"""SIGKILL: every run starts a keeper, which imports nothing that takes time."""


def _marked(mark: bytes) -> list[int]:
    with os.scandir("/proc") as processes:
        return [int(each.name) for each in processes if each.name.isdigit() and _has(each, mark)]


def _has(process: "os.DirEntry[str]", mark: bytes) -> bool:
    try:
        with open(f"{process.path}/environ", "rb") as file:  # noqa: PTH123 - as said of SIGKILL
            return mark in file.read().split(b"\0")
    except OSError:
        return False


def _kept(mark: bytes) -> None:
    """Kill until nothing is left: what is killed may have started something meanwhile."""
    end = time.monotonic() + _LONGEST
    while (pids := _marked(mark)) and time.monotonic() < end:
        for pid in pids:
            try:
                os.kill(pid, _KILL)
            except OSError:
                continue  # it has ended meanwhile
        time.sleep(0.01)


def _removed(paths: list[str]) -> None:
    for path in paths:
        remove = os.rmdir if os.path.isdir(path) else os.unlink  # noqa: PTH112 - as said of SIGKILL
        try:
            remove(path)
        except OSError:
            continue  # it is gone, or somebody else has put something there


if __name__ == "__main__" and not sys.stdin.buffer.read(1):
    _kept(os.fsencode(sys.argv[1]))
    _removed(sys.argv[2:])
