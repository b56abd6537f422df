"""The processes at work: which of them takes the next request, and whether one more may start."""

from collections.abc import Iterator
from typing import Generic, TypeVar

from acrn_base.starting import StartError
from acrn_conformance.implementation.process import Process
from acrn_conformance.implementation.settings import Mode, Settings
from acrn_conformance.implementation.ticket import Care
from acrn_conformance.implementation.trace import Trace
from acrn_conformance.implementation.watch import Happening, Watch
from acrn_conformance.implementation.worker import WIDEST, State, Worker

_LINGERING = 64
"""Exec processes that may be on their way out at once."""

K = TypeVar("K")


class Crew(Generic[K]):
    """The workers of a pool, and the watch over them.

    ``started``: whether there ever was one.
    """

    def __init__(self, settings: Settings, trace: Trace | None) -> None:
        """Begin with none."""
        self._settings = settings
        self._trace = trace
        self._watch = Watch[K]()
        self._workers: list[Worker[K]] = []
        self._started = 0
        self._starved = False

    def __iter__(self) -> Iterator[Worker[K]]:
        """Return an iterator over those who are there, also while some of them go."""
        return iter(tuple(self._workers))

    def __bool__(self) -> bool:
        """Tell whether there is anyone."""
        return bool(self._workers)

    @property
    def started(self) -> bool:
        """Whether a process could ever be started."""
        return bool(self._started)

    @property
    def busy(self) -> bool:
        """Whether anything is in flight."""
        return any(worker.load for worker in self._workers)

    def with_room(self, care: Care) -> Worker[K] | None:
        """Find the running process with the least to do that can take a request."""
        if care is Care.ISOLATED:
            self._close_idle()
            return None
        open_ones = [worker for worker in self._workers if worker.state is State.OPEN]
        worker = min(open_ones, key=lambda worker: worker.load, default=None)
        if worker is None or (worker.load and len(open_ones) < self._settings.jobs):
            return None
        together = care is Care.TOGETHER and worker.care is Care.TOGETHER
        return worker if (worker.room > 0 if together else not worker.load) else None

    def _close_idle(self) -> None:
        """Make room for a process that is to be asked a single request."""
        for worker in self._workers:
            if not worker.load:
                worker.close()

    @property
    def may_grow(self) -> bool:
        """Whether one more process may be started."""
        lingering = sum(worker.ending for worker in self._workers)
        if self._starved:
            return False
        return len(self._workers) - lingering < self._settings.jobs and lingering < _LINGERING

    def start(self, widest: int = WIDEST) -> Worker[K] | None:
        """Start a process, with a window of so many requests at most. Raises StartError.

        None where this machine has no more to give: when a process has ended there will be.
        """
        try:
            process = Process(self._settings.started, self._started + 1, self._trace)
        except StartError as error:
            self._starved = error.scarce and bool(self._workers)
            if self._starved:
                return None
            raise
        if self._settings.mode is Mode.STREAM:
            process.widen()
        self._started += 1
        worker = Worker[K](process, widest)
        self._workers.append(worker)
        self._watch.add(worker)
        return worker

    def flush(self) -> None:
        """Write on to all inputs."""
        for worker in self._workers:
            self._watch.flush(worker)

    def happenings(self) -> Iterator[tuple[Worker[K], Happening]]:
        """Wait for the next thing to happen, and yield all that has, to who is still there."""
        for worker, happening in self._watch.wait(self._workers):
            if worker in self._workers:
                yield worker, happening

    def ignore(self, pipe: int) -> None:
        """Watch a pipe that has ended no more."""
        self._watch.forget(pipe)

    def drop(self, worker: Worker[K]) -> str:
        """Kill what is left of a process; return how it ended."""
        self._workers.remove(worker)
        self._starved = False
        self._watch.remove(worker.process)
        return worker.process.finish()

    def disband(self) -> None:
        """Kill all who are still there."""
        for worker in self:
            self.drop(worker)
        self._watch.close()
