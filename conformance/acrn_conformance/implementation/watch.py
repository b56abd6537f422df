"""Waiting for what happens to many processes at once, on one thread."""

import select
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from enum import Enum, auto
from typing import Generic, TypeVar

from acrn_conformance.implementation.process import Process
from acrn_conformance.implementation.worker import Worker

_LONGEST_WAIT = 1.0
"""Seconds; who waits may have something to tell meanwhile."""

_STOOD_STILL = 0.1
"""Seconds that waiting may take too long before it is this process that did not run."""

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
    """An epoll over the pipes and the ends of workers.

    Not a selector: exec mode watches three more with each case, and a selector takes longer to
    register one than the kernel.
    """

    def __init__(self) -> None:
        """Watch nothing yet."""
        self._epoll = select.epoll()
        self._watched: dict[int, tuple[Worker[K], Happening]] = {}

    def close(self) -> None:
        """Let go of the epoll itself."""
        self._epoll.close()

    def add(self, worker: Worker[K]) -> None:
        """Watch a worker from now on."""
        process = worker.process
        for pipe, happening in (
            (process.stdout, Happening.OUTPUT),
            (process.stderr, Happening.STDERR),
            (process.exit_event, Happening.EXIT),
        ):
            self._watch(pipe, select.EPOLLIN, worker, happening)

    def remove(self, process: Process) -> None:
        """Watch a process no more."""
        for pipe in (process.stdin, process.stdout, process.stderr, process.exit_event):
            self.forget(pipe)

    def forget(self, pipe: int) -> None:
        """Watch a pipe no more, also one that is not watched, or has just been closed."""
        if self._watched.pop(pipe, None):
            with suppress(OSError):
                self._epoll.unregister(pipe)

    def flush(self, worker: Worker[K]) -> None:
        """Write what its input takes, and watch for room while something is left."""
        stdin = worker.process.stdin
        stalled = worker.process.flush()
        if not stalled:
            self.forget(stdin)
        elif stdin not in self._watched:
            self._watch(stdin, select.EPOLLOUT, worker, Happening.ROOM)

    def _watch(self, pipe: int, events: int, worker: Worker[K], happening: Happening) -> None:
        self._watched[pipe] = worker, happening
        self._epoll.register(pipe, events)

    def wait(self, workers: Sequence[Worker[K]]) -> Iterator[tuple[Worker[K], Happening]]:
        """Wait for the next thing to happen, and yield all that has; then who is overdue.

        A worker that is removed meanwhile may be among them.
        """
        begun = time.monotonic()
        due = min((worker.due for worker in workers), default=0.0)
        wait = min(_LONGEST_WAIT, max(0.0, due - begun))
        happened = self._epoll.poll(wait)
        waited = time.monotonic() - begun
        if waited > wait + _STOOD_STILL:
            # The machine had no time for us, or we were stopped; so may those be who answer.
            for worker in workers:
                worker.grant(waited)
        yield from [self._watched[pipe] for pipe, _ in happened]
        now = time.monotonic()
        for worker in [worker for worker in workers if worker.due <= now]:
            yield worker, Happening.OVERDUE
