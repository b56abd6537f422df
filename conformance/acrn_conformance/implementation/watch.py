"""Waiting for what happens to many processes at once, on one thread."""

import selectors
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from enum import Enum, auto
from typing import Generic, TypeVar

from acrn_conformance.implementation.process import Process
from acrn_conformance.implementation.worker import Worker

_LONGEST_WAIT = 1.0
"""Seconds; who waits may have something to tell meanwhile."""

K = TypeVar("K")


class Happening(Enum):
    """A thing that happens to a worker."""

    OUTPUT = auto()
    """Its standard output can be read, or has ended."""

    STDERR = auto()
    """Its standard error can be read, or has ended."""

    ROOM = auto()
    """Its standard input takes more."""

    EXIT = auto()
    """The process has ended."""

    OVERDUE = auto()
    """Its time is over."""


class Watch(Generic[K]):
    """A selector over the pipes and the ends of workers."""

    def __init__(self) -> None:
        """Watch nothing yet."""
        self._selector = selectors.DefaultSelector()
        self._stalled: set[int] = set()

    def close(self) -> None:
        """Let go of the selector itself."""
        self._selector.close()

    def add(self, worker: Worker[K]) -> None:
        """Watch a worker from now on."""
        process = worker.process
        for pipe, happening in (
            (process.stdout, Happening.OUTPUT),
            (process.stderr, Happening.STDERR),
            (process.exit_event, Happening.EXIT),
        ):
            self._selector.register(pipe, selectors.EVENT_READ, (worker, happening))

    def remove(self, process: Process) -> None:
        """Watch a process no more."""
        if process.stdin in self._stalled:
            self._stalled.remove(process.stdin)
            self.forget(process.stdin)
        for pipe in (process.stdout, process.stderr, process.exit_event):
            self.forget(pipe)

    def forget(self, pipe: int) -> None:
        """Watch a pipe no more, also one that is not watched."""
        with suppress(KeyError):
            self._selector.unregister(pipe)

    def flush(self, worker: Worker[K]) -> None:
        """Write what its input takes, and watch for room while something is left."""
        stdin = worker.process.stdin
        stalled = worker.process.flush()
        if stalled and stdin not in self._stalled:
            self._selector.register(stdin, selectors.EVENT_WRITE, (worker, Happening.ROOM))
            self._stalled.add(stdin)
        elif not stalled and stdin in self._stalled:
            self._selector.unregister(stdin)
            self._stalled.remove(stdin)

    def wait(self, workers: Sequence[Worker[K]]) -> Iterator[tuple[Worker[K], Happening]]:
        """Wait for the next thing to happen, and yield all that has; then who is overdue.

        A worker that is removed meanwhile may be among them.
        """
        due = min((worker.due for worker in workers), default=0.0)
        wait = min(_LONGEST_WAIT, max(0.0, due - time.monotonic()))
        for key, _ in self._selector.select(wait):
            worker, happening = key.data
            yield worker, happening
        now = time.monotonic()
        for worker in [worker for worker in workers if worker.due <= now]:
            yield worker, Happening.OVERDUE
