"""Processes of the implementation under test, asked many requests at once on one thread.

Stream mode keeps `jobs` long-lived processes, each with several requests in flight; exec mode gives
each request a process of its own, `jobs` at a time. What an implementation does wrong costs the
request that it did it on: when a stream process dies, hangs or writes garbage, each request that
was in flight is asked once more, alone, so that the blame falls on the right one.
"""

import selectors
import signal
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from enum import StrEnum
from types import TracebackType
from typing import Generic, Self, TypeVar

import msgspec

from acrn_conformance.model import Broken, Outcome, Overdue
from acrn_conformance.process import LineTooLongError, Process, StartError
from acrn_conformance.trace import Trace
from acrn_conformance.wire import NotAReplyError, Prepared
from acrn_conformance.worker import GRACE, Ticket, Worker

_WINDOW = 64
"""Requests in flight in one stream process."""

_PATIENCE_AT_START = 3
"""Requests that may stay unanswered while nothing at all has been answered."""

_FAULTS_AT_START = 20
"""Requests that may get nonsense, or a crash, while nothing at all has been answered."""

_LINGERING = 64
"""Exec processes that may be on their way out at once."""

_LAST_READS = 8
"""Reads after the end of a process; one read empties a pipe, the others are for what follows."""

K = TypeVar("K")


class Mode(StrEnum):
    """How the program is run."""

    STREAM = "stream"
    EXEC = "exec"


class Settings(msgspec.Struct, frozen=True):
    """How to run an implementation.

    ``timeout``: seconds for a reply, the first one of a process gets longer. ``patience``: requests
    of a method that may stay unanswered in a row before the method is given up (None: any number).
    """

    command: tuple[str, ...]
    mode: Mode = Mode.STREAM
    jobs: int = 1
    timeout: float = 2.0
    patience: int | None = 10


class Pool(Generic[K]):
    """Asks requests; a context manager that leaves no process behind.

    `endings` counts how processes ended, `remarks` what happened that no request is to blame for.
    """

    def __init__(self, settings: Settings, trace: Trace | None = None) -> None:
        """Prepare; no process is started before there is a request."""
        self._settings = settings
        self._trace = trace
        self._selector = selectors.DefaultSelector()
        self._workers: list[Worker[K]] = []
        self._suspects: deque[Ticket[K]] = deque()
        self._done: deque[tuple[K, Outcome]] = deque()
        self._unanswered: Counter[str] = Counter()
        self._faults = 0
        self._first_reply: float | None = None
        self._started = 0
        self.endings: Counter[str] = Counter()
        self.remarks: Counter[str] = Counter()

    def __enter__(self) -> Self:
        """Return the pool itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Kill what is still there; that is no ending of the implementation's own."""
        for worker in list(self._workers):
            self._drop(worker)
        self._selector.close()

    def outcomes(self, requests: Iterable[tuple[K, Prepared]]) -> Iterator[tuple[K, Outcome]]:
        """Ask all requests and yield an outcome for each, in the order in which they come.

        A key comes once more, with Broken, when its request is answered a second time.
        Raises StartError if no process could ever be started.
        """
        source = (Ticket(key, request) for key, request in requests)
        while True:
            self._fill(source)
            yield from self._take()
            if not any(worker.flight for worker in self._workers):
                return
            self._wait()
            yield from self._take()

    def close(self) -> Iterator[tuple[K, Outcome]]:
        """End all processes with grace; yield what that brings to light, as `outcomes` does."""
        for worker in self._workers:
            worker.begin_closing()
            self._flush(worker)
        while self._workers:
            self._wait()
            yield from self._take()

    def _take(self) -> Iterator[tuple[K, Outcome]]:
        while self._done:
            yield self._done.popleft()

    # Asking.

    def _fill(self, source: Iterator[Ticket[K]]) -> None:
        """Give out requests as long as there is room for one."""
        while (worker := self._with_room()) is not None or self._may_start():
            if not self._give(worker, source):
                break
        for worker in self._workers:
            self._flush(worker)

    def _give(self, worker: Worker[K] | None, source: Iterator[Ticket[K]]) -> bool:
        """Give a worker (None: a new one) what it has room for; return whether there was any.

        A suspect comes first, and alone.
        """
        alone = bool(self._suspects) or self._settings.mode is Mode.EXEC
        room = 1 if alone or worker is None else _WINDOW - len(worker.flight)
        for given in range(room):
            ticket = self._suspects.popleft() if self._suspects else next(source, None)
            if ticket is None:
                return given > 0
            if (given_up := self._given_up(ticket.request.method)) is not None:
                self._done.append((ticket.key, given_up))
            elif worker is not None or (worker := self._start(ticket)) is not None:
                worker.ask(ticket, self._patience(worker), alone=alone)
                worker.input_open = self._settings.mode is Mode.STREAM
        return True

    def _with_room(self) -> Worker[K] | None:
        """Find the running stream process with the least to do that can take a request."""
        if self._settings.mode is Mode.EXEC:
            return None
        open_ones = [worker for worker in self._workers if worker.closing is None]
        worker = min(open_ones, key=lambda worker: len(worker.flight), default=None)
        if worker is None or (worker.flight and len(open_ones) < self._settings.jobs):
            return None
        limit = 1 if worker.alone or self._suspects else _WINDOW
        return worker if len(worker.flight) < limit else None

    def _may_start(self) -> bool:
        lingering = sum(worker.closing is not None for worker in self._workers)
        return len(self._workers) - lingering < self._settings.jobs and lingering < _LINGERING

    def _start(self, ticket: Ticket[K]) -> Worker[K] | None:
        """Start a process; once one has run, a failure costs only the request at hand."""
        try:
            process = Process(self._settings.command, self._started + 1, self._trace)
        except StartError as error:
            if not self._started:
                raise
            self._done.append((ticket.key, Broken(str(error), ended=True)))
            return None
        self._started += 1
        worker = Worker[K](process)
        self._workers.append(worker)
        for pipe in (process.stdout, process.stderr, process.exit_event):
            self._selector.register(pipe, selectors.EVENT_READ, worker)
        return worker

    def _patience(self, worker: Worker[K]) -> float:
        """Seconds for the next reply; a new process gets the time that starting took before."""
        if worker.answered:
            return self._settings.timeout
        if self._first_reply is None:
            return 5 * self._settings.timeout
        return self._settings.timeout + 3 * self._first_reply

    def _given_up(self, method: str) -> Broken | Overdue | None:
        """Tell whether asking is no longer worth the waiting, and why."""
        patience = self._settings.patience
        if patience is None:
            return None
        limit = f"within {self._settings.timeout:g} s (--timeout)"
        if self._first_reply is None:
            if self._unanswered.total() >= _PATIENCE_AT_START:
                return Overdue(f"not asked: nothing has been answered so far {limit}")
            if self._faults >= _FAULTS_AT_START:
                return Broken("not asked: nothing has been answered as it must so far")
        if self._unanswered[method] >= patience:
            return Overdue(f"not asked: {patience} {method} requests in a row unanswered {limit}")
        return None

    # Listening.

    def _wait(self) -> None:
        """Wait for the next thing to happen and deal with all that has."""
        due = min((worker.due() for worker in self._workers), default=0.0)
        for key, _ in self._selector.select(max(0.0, due - time.monotonic())):
            worker: Worker[K] = key.data
            if worker not in self._workers:
                continue
            if key.fd == worker.process.stdout:
                self._hear(worker)
            elif key.fd == worker.process.stderr:
                if not worker.process.read_stderr():
                    self._unwatch(key.fd)
            elif key.fd == worker.process.exit_event:
                self._exited(worker)
        now = time.monotonic()
        for worker in [worker for worker in self._workers if worker.due() <= now]:
            self._overdue(worker)
        for worker in self._workers:
            self._flush(worker)

    def _flush(self, worker: Worker[K]) -> None:
        """Write on, have the selector say when the pipe takes more, and end the input in time."""
        process = worker.process
        stalled = process.flush()
        if stalled and not worker.stalled:
            self._selector.register(process.stdin, selectors.EVENT_WRITE, worker)
        elif worker.stalled and not stalled:
            self._selector.unregister(process.stdin)
        worker.stalled = stalled
        if not stalled and not worker.input_open:
            process.close_input()

    def _hear(self, worker: Worker[K]) -> None:
        """Read replies."""
        try:
            lines, more = worker.process.read()
            for line in lines:
                if line.strip():
                    self._hear_line(worker, line)
        except (LineTooLongError, NotAReplyError) as error:
            self._fail(worker, Broken(str(error)))
            return
        if not more:
            self._unwatch(worker.process.stdout)
            worker.begin_closing()

    def _hear_line(self, worker: Worker[K], line: bytes) -> None:
        """Take a line for an answer. Raises NotAReplyError."""
        ticket, key, outcome = worker.take(line)
        self._done.append((key, outcome))
        if ticket is None:
            return
        now = time.monotonic()
        if self._first_reply is None:
            self._first_reply = now - worker.started
        worker.deadline = now + self._settings.timeout
        self._unanswered.pop(ticket.request.method, None)
        if self._settings.mode is Mode.EXEC:
            worker.begin_closing()

    def _exited(self, worker: Worker[K]) -> None:
        """Deal with the end of a process.

        What it wrote before is still in the pipes; a child of it may hold them open, so their end
        is not waited for.
        """
        for _ in range(_LAST_READS):
            worker.process.read_stderr()
            self._hear(worker)
            if worker not in self._workers:
                return
        self._fail(worker, None)

    # Ending.

    def _overdue(self, worker: Worker[K]) -> None:
        """Deal with a process that is late with a reply, or with its end."""
        if worker.closing is None:
            waited = self._patience(worker)
            self._fail(worker, Overdue(f"no answer within {waited:.3g} s (--timeout)"))
        elif worker.terminated:
            self._fail(worker, None)
        else:
            worker.process.signal(signal.SIGTERM)
            worker.terminated = True
            worker.closing = time.monotonic() + GRACE

    def _fail(self, worker: Worker[K], fault: Broken | Overdue | None) -> None:
        """Drop a process for a fault (None: it has ended), and settle what it left unanswered."""
        flight = list(worker.flight.values())
        words = worker.process.last_words()
        how = self._drop(worker)
        self.endings[how] += 1
        if not flight:
            if fault is not None:
                self._late(worker, fault)
            return
        if not worker.alone:
            why = fault.message if fault else f"a process ended ({how})"
            self.remarks[f"asked again, one by one, after {why}"] += len(flight)
            self._suspects.extend(flight)
            return
        outcome = fault or Broken(f"it ended ({how}) before it answered{words}", ended=True)
        (ticket,) = flight
        if isinstance(outcome, Overdue):
            self._unanswered[ticket.request.method] += 1
            outcome = Overdue(outcome.message + words)
        else:
            self._faults += 1
        self._done.append((ticket.key, outcome))

    def _late(self, worker: Worker[K], fault: Broken | Overdue) -> None:
        """Note garbage after the last answer; in exec mode it belongs to the one request asked."""
        if self._settings.mode is Mode.EXEC and worker.answered:
            self._done.append((worker.answered[-1][1], Broken(f"after its reply: {fault.message}")))
        else:
            self.remarks[fault.message] += 1

    def _drop(self, worker: Worker[K]) -> str:
        self._workers.remove(worker)
        process = worker.process
        if worker.stalled:
            self._unwatch(process.stdin)
        for pipe in (process.stdout, process.stderr, process.exit_event):
            self._unwatch(pipe)
        return process.finish()

    def _unwatch(self, pipe: int) -> None:
        with suppress(KeyError):
            self._selector.unregister(pipe)
