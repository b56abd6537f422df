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
from types import TracebackType
from typing import Generic, Self, TypeVar

import msgspec

from acrn_base.starting import StartError
from acrn_conformance.implementation.giving_up import Patience
from acrn_conformance.implementation.outcome import Broken, Outcome, Overdue
from acrn_conformance.implementation.process import LineTooLongError, Process
from acrn_conformance.implementation.settings import Mode, Settings
from acrn_conformance.implementation.trace import Trace
from acrn_conformance.implementation.wire import NotAReplyError, Prepared
from acrn_conformance.implementation.worker import GRACE, AnsweredTwiceError, Ticket, Worker

_WINDOW = 64
"""Requests in flight in one stream process."""

_LINGERING = 64
"""Exec processes that may be on their way out at once."""

_LAST_READS = 8
"""Reads after the end of a process; one read empties a pipe, the others are for what follows."""

_LONGEST_WAIT = 60.0

K = TypeVar("K")


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
        self._patience = Patience(settings.timeout, endless=settings.endless)
        self._first_reply: float | None = None
        self._started = 0
        self._starved = False
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

        A key comes once more when its request is answered a second time: what comes last holds.
        Raises StartError if no process could ever be started.
        """
        source = (Ticket(key, request) for key, request in requests)
        while True:
            everything_asked = self._fill(source)
            yield from self._take()
            if everything_asked and not any(worker.flight for worker in self._workers):
                return
            self._wait()
            yield from self._take()

    def close(self) -> Iterator[tuple[K, Outcome]]:
        """End all processes with grace; yield what that brings to light, as `outcomes` does."""
        while self._workers or self._suspects:
            for worker in self._workers:
                worker.begin_closing()
                self._flush(worker)
            while self._workers:
                self._wait()
                yield from self._take()
            yield from self.outcomes(())

    def _take(self) -> Iterator[tuple[K, Outcome]]:
        while self._done:
            yield self._done.popleft()

    # Asking.

    def _fill(self, source: Iterator[Ticket[K]]) -> bool:
        """Give out requests as long as there is room; return whether there are no more of them."""
        everything_asked = False
        while not everything_asked:
            worker = self._with_room()
            if worker is None and not self._may_start():
                break
            everything_asked = not self._give(worker, source)
        for worker in self._workers:
            self._flush(worker)
        return everything_asked

    def _give(self, worker: Worker[K] | None, source: Iterator[Ticket[K]]) -> bool:
        """Give a worker (None: a new one) what it has room for; return whether there may be more.

        A suspect comes first, and alone.
        """
        alone = bool(self._suspects) or self._settings.mode is Mode.EXEC
        room = 1 if alone or worker is None else _WINDOW - len(worker.flight)
        for _ in range(room):
            ticket = self._suspects.popleft() if self._suspects else next(source, None)
            if ticket is None:
                return False
            if (lost := self._patience.lost(ticket.request.method)) is not None:
                self._done.append((ticket.key, lost))
            elif worker is not None or (worker := self._start(ticket)) is not None:
                worker.ask(ticket, self._seconds(worker), alone=alone)
                worker.input_open = self._settings.mode is Mode.STREAM
        return True

    def _with_room(self) -> Worker[K] | None:
        """Find the running stream process with the least to do that can take a request."""
        if self._settings.mode is Mode.EXEC:
            return None
        if self._suspects and self._suspects[0].isolated:
            self._close_idle()
            return None
        open_ones = [w for w in self._workers if w.closing is None and not w.deaf]
        worker = min(open_ones, key=lambda worker: len(worker.flight), default=None)
        if worker is None or (worker.flight and len(open_ones) < self._settings.jobs):
            return None
        limit = 1 if worker.alone or self._suspects else _WINDOW
        return worker if len(worker.flight) < limit else None

    def _close_idle(self) -> None:
        """Make room for a process that is to be asked a single request."""
        for worker in self._workers:
            if not worker.flight:
                worker.begin_closing()

    def _may_start(self) -> bool:
        lingering = sum(worker.closing is not None for worker in self._workers)
        if self._starved:
            return False
        return len(self._workers) - lingering < self._settings.jobs and lingering < _LINGERING

    def _start(self, ticket: Ticket[K]) -> Worker[K] | None:
        """Start a process; once one has run, a failure costs only the request at hand."""
        try:
            process = Process(self._settings.command, self._started + 1, self._trace)
        except StartError as error:
            if error.scarce and self._workers:
                # This machine has no more to give: when a process has ended there will be.
                self._starved = True
                self._suspects.appendleft(ticket)
                return None
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

    def _seconds(self, worker: Worker[K]) -> float:
        """Return the time for the next reply; a new process gets what starting took before."""
        if worker.answered:
            return self._settings.timeout
        if self._first_reply is None:
            return 5 * self._settings.timeout
        return self._settings.timeout + 3 * self._first_reply

    # Listening.

    def _wait(self) -> None:
        """Wait for the next thing to happen and deal with all that has."""
        due = min((worker.due() for worker in self._workers), default=0.0)
        wait = min(_LONGEST_WAIT, max(0.0, due - time.monotonic()))
        for key, _ in self._selector.select(wait):
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
        except AnsweredTwiceError as error:
            self._answered_twice(worker, error.ticket)
        else:
            if not more:
                self._unwatch(worker.process.stdout)
                worker.output_ended()

    def _hear_line(self, worker: Worker[K], line: bytes) -> None:
        """Take a line for an answer. Raises NotAReplyError and AnsweredTwiceError."""
        ticket, outcome = worker.take(line)
        self._done.append((ticket.key, outcome))
        now = time.monotonic()
        if self._first_reply is None:
            self._first_reply = now - worker.started
        worker.deadline = now + self._settings.timeout
        self._patience.answered(ticket.request.method)
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
        if worker.closing is not None and not worker.terminated:
            worker.process.signal(signal.SIGTERM)
            worker.terminated = True
            worker.closing = time.monotonic() + GRACE
        elif worker.closing is not None:
            self._fail(worker, None)
        elif worker.deaf:
            self._fail(worker, Broken("it closed its standard output without an answer"))
        else:
            waited = self._seconds(worker)
            self._fail(worker, Overdue(f"no answer within {waited:.3g} s (--timeout)"))

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
        ended = Broken(f"it ended ({how}) before it answered", ended=True)
        outcome = msgspec.structs.replace(fault or ended, message=(fault or ended).message + words)
        if worker.to_blame:
            (ticket,) = flight
            self._patience.unanswered(ticket.request.method, outcome)
            self._done.append((ticket.key, outcome))
        else:
            self._ask_again(flight, (fault or ended).message, isolated=worker.alone)

    def _ask_again(self, tickets: list[Ticket[K]], why: str, *, isolated: bool) -> None:
        """Put requests first in line, each to be asked by itself, or in a process by itself."""
        self.remarks[f"asked again, one by one: {why}"] += len(tickets)
        again = [ticket._replace(isolated=isolated) for ticket in tickets]
        self._suspects.extendleft(reversed(again))

    def _answered_twice(self, worker: Worker[K], ticket: Ticket[K]) -> None:
        """Tell which request is to blame: a wrong id makes it look like another's second answer."""
        flight = list(worker.flight.values())
        twice = Broken("the request was answered twice")
        blame = worker.to_blame
        self.endings[self._drop(worker)] += 1
        if blame:
            self._patience.unanswered(ticket.request.method, twice)
            self._done.append((ticket.key, twice))
        else:
            self._ask_again([ticket, *flight], twice.message, isolated=True)

    def _late(self, worker: Worker[K], fault: Broken | Overdue) -> None:
        """Note garbage after the last answer; in exec mode it belongs to the one request asked."""
        if self._settings.mode is Mode.EXEC and worker.answered:
            _, ticket = worker.answered[-1]
            self._done.append((ticket.key, Broken(f"after its reply: {fault.message}")))
        else:
            self.remarks[fault.message] += 1

    def _drop(self, worker: Worker[K]) -> str:
        self._workers.remove(worker)
        self._starved = False
        process = worker.process
        if worker.stalled:
            self._unwatch(process.stdin)
        for pipe in (process.stdout, process.stderr, process.exit_event):
            self._unwatch(pipe)
        return process.finish()

    def _unwatch(self, pipe: int) -> None:
        with suppress(KeyError):
            self._selector.unregister(pipe)
