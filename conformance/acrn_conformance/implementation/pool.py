"""Processes of the implementation under test, asked many requests at once on one thread.

Stream mode keeps `jobs` long-lived processes, each with several requests in flight; exec mode gives
each request a process of its own, `jobs` at a time.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import Generic, Self, TypeVar, assert_never

from acrn_base.starting import StartError
from acrn_conformance.implementation.event import Event
from acrn_conformance.implementation.outcome import Broken, Overdue
from acrn_conformance.implementation.process import LineTooLongError, Process
from acrn_conformance.implementation.protocol_fault import (
    ENDED,
    HUNG,
    OUTPUT_CLOSED,
    ProtocolFault,
)
from acrn_conformance.implementation.schedule import TWICE, Care, Schedule, Ticket
from acrn_conformance.implementation.settings import Mode, Settings
from acrn_conformance.implementation.trace import Trace
from acrn_conformance.implementation.watch import Happening, Watch
from acrn_conformance.implementation.wire import NotAReplyError, Prepared
from acrn_conformance.implementation.worker import (
    NARROWEST,
    WIDEST,
    AnsweredTwiceError,
    State,
    Worker,
)

_LINGERING = 64
"""Exec processes that may be on their way out at once."""

_CLEAN = "exit status 0"
"""How a process ends that is done, or is recycled behind a reply."""

_WORDS = 120
"""Characters of the last words of a process in an example."""

_LAST_READS = 8
"""Reads after the end of a process; one read empties a pipe, the others are for what follows."""

K = TypeVar("K")


class Pool(Generic[K]):
    """Asks requests; a context manager that leaves no process behind.

    `endings` counts how processes ended.
    """

    def __init__(
        self,
        settings: Settings,
        trace: Trace | None = None,
        *,
        endless: bool = False,
        tick: Callable[[], None] = lambda: None,
    ) -> None:
        """Prepare; no process is started before there is a request.

        ``endless``: requests are asked on, however much stays unanswered, and a late start is not
        waited for once more: the caller asks again what it doubts. ``tick`` is called about every
        second while nothing comes, and whenever something does.
        """
        self._settings = settings
        self._exec = settings.mode is Mode.EXEC
        self._trace = trace
        self._tick = tick
        self._watch = Watch[K]()
        self._schedule = Schedule[K](settings, endless=endless)
        self._workers: list[Worker[K]] = []
        self._first_reply: float | None = None
        self._patient = not endless
        self._started = 0
        self._starved = False
        self.endings: Counter[str] = Counter()

    @property
    def faults(self) -> tuple[ProtocolFault, ...]:
        """What broke the contract of the wire so far, and no request is to blame for."""
        return self._schedule.faults

    @property
    def remarks(self) -> Counter[str]:
        """The events that no request is to blame for, and how often each was."""
        return self._schedule.remarks

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
        self._watch.close()

    def begin(self) -> None:
        """Start a process before there is a request, so that it gets ready while those are made.

        Not in exec mode, where each belongs to its request. Raises StartError.
        """
        if not self._exec:
            self._taken_on(Process(self._settings.started, 1, self._trace))

    def outcomes(self, requests: Iterable[tuple[K, Prepared]]) -> Iterator[Event[K]]:
        """Ask all requests and yield the outcome of each, in the order in which they come.

        One that was yielded before, also by an earlier call, may be retracted and come anew.
        Raises StartError if no process could ever be started.
        """
        self._schedule.feed(requests)
        while True:
            filled = self._fill()
            yield from self._schedule.events()
            if self._schedule.empty and not any(worker.load for worker in self._workers):
                return
            if filled:
                self._listen()
                yield from self._schedule.events()

    def close(self) -> Iterator[Event[K]]:
        """End all processes with grace; yield what that brings to light, as `outcomes` does."""
        while self._workers or not self._schedule.empty:
            for worker in self._workers:
                worker.close()
                self._watch.flush(worker)
            while self._workers:
                self._listen()
                yield from self._schedule.events()
            yield from self.outcomes(())

    # Asking.

    def _fill(self) -> bool:
        """Give out requests as long as there is room; False where events are to be taken first."""
        filled = True
        while not self._schedule.empty:
            worker = self._with_room()
            if worker is None and not self._may_start():
                break
            if not self._give(worker):
                filled = self._schedule.empty
                break
        for worker in self._workers:
            self._watch.flush(worker)
        return filled

    def _give(self, worker: Worker[K] | None) -> bool:
        """Give a worker (None: a new one) what it has room for; False: there is nothing more."""
        alone = self._schedule.care is not Care.TOGETHER
        room = 1 if alone or worker is None else worker.window - worker.load
        tickets = self._schedule.take(room)
        if tickets and (worker := worker or self._start(tickets[0])) is not None:
            worker.ask(tickets, self._seconds(worker), alone=alone)
            if self._exec:
                worker.process.end_input()
        return len(tickets) == room

    def _with_room(self) -> Worker[K] | None:
        """Find the running process with the least to do that can take a request."""
        care = self._schedule.care
        if care is Care.ISOLATED:
            self._close_idle()
            return None
        open_ones = [worker for worker in self._workers if worker.state is State.OPEN]
        worker = min(open_ones, key=lambda worker: worker.load, default=None)
        if worker is None or (worker.load and len(open_ones) < self._settings.jobs):
            return None
        together = care is Care.TOGETHER and worker.care is Care.TOGETHER
        return worker if worker.load < (worker.window if together else 1) else None

    def _close_idle(self) -> None:
        """Make room for a process that is to be asked a single request."""
        for worker in self._workers:
            if not worker.load:
                worker.close()

    def _may_start(self) -> bool:
        lingering = sum(worker.ending for worker in self._workers)
        if self._starved:
            return False
        return len(self._workers) - lingering < self._settings.jobs and lingering < _LINGERING

    def _start(self, ticket: Ticket[K]) -> Worker[K] | None:
        """Start a process; once one has run, a failure costs only the request at hand."""
        try:
            process = Process(self._settings.started, self._started + 1, self._trace)
        except StartError as error:
            if error.scarce and self._workers:
                # This machine has no more to give: when a process has ended there will be.
                self._starved = True
                self._schedule.postpone(ticket)
                return None
            if not self._started:
                raise
            self._schedule.failed_to_start(ticket, str(error))
            return None
        return self._taken_on(process)

    def _taken_on(self, process: Process) -> Worker[K]:
        self._started += 1
        widest = NARROWEST if self._schedule.remarks else WIDEST
        worker = Worker[K](process, widest)
        self._workers.append(worker)
        self._watch.add(worker)
        return worker

    def _seconds(self, worker: Worker[K]) -> float:
        """Return the time for the next reply; a new process gets what starting took before.

        That may be too little where the machine has more to do by now: one that is late is waited
        for as long as the first, and whether it answers then decides if the next one is, too.
        """
        if worker.last is not None:
            return self._settings.timeout
        if self._first_reply is None or worker.extended:
            return 5 * self._settings.timeout
        return self._settings.timeout + 3 * self._first_reply

    def _late(self, worker: Worker[K]) -> Overdue:
        """Return the outcome of a request that has waited too long, with the limit's own name."""
        waited = f"{self._seconds(worker):.3g} s"
        if worker.last is not None:
            return Overdue(f"no answer within {waited} (--timeout)")
        if self._first_reply is None or worker.extended:
            return Overdue(f"start: no answer within {waited} (5 x --timeout)")
        took = f"3 x {self._first_reply:.2g} s, the first start"
        return Overdue(f"start: no answer within {waited} (--timeout and {took})")

    # Listening.

    def _listen(self) -> None:
        """Wait for the next thing to happen, and deal with all that has."""
        self._tick()
        for worker, happening in self._watch.wait(self._workers):
            if worker in self._workers:
                self._deal_with(worker, happening)
        for worker in self._workers:
            self._watch.flush(worker)

    def _deal_with(self, worker: Worker[K], happening: Happening) -> None:
        match happening:
            case Happening.OUTPUT:
                self._hear(worker)
            case Happening.STDERR:
                if not worker.process.read_stderr():
                    self._watch.forget(worker.process.stderr)
            case Happening.EXIT:
                self._exited(worker)
            case Happening.OVERDUE:
                self._overdue(worker)
            case Happening.ROOM:
                pass  # whatever has happened, all inputs are written on
            case _:
                assert_never(happening)

    def _hear(self, worker: Worker[K]) -> None:
        """Read replies."""
        try:
            data, more = worker.process.read()
            at = 0
            while at < len(data):
                tickets, at = worker.take_foreseen(data, at)
                if tickets:
                    took = worker.next_within(self._settings.timeout)
                    self._schedule.foreseen(tickets, took)
                end = data.find(b"\n", at)
                line = data[at:end] if end >= 0 else data[at:]
                if line.strip():
                    self._hear_line(worker, line)
                at += len(line) + 1
        except (LineTooLongError, NotAReplyError) as error:
            self._count(error.kind, error)
            shown = f"; its line: {error.example}" if error.example else ""
            self._fail(worker, Broken(f"{error}{shown}", breach=error.kind))
        except AnsweredTwiceError as error:
            self._count(TWICE, error)
            care, flight = worker.care, worker.flight
            self.endings[self._drop(worker)] += 1
            self._schedule.answered_twice(error.ticket, flight, care)
        else:
            if not more:
                self._watch.forget(worker.process.stdout)
                worker.output_ended()

    def _count(
        self, kind: str, error: LineTooLongError | NotAReplyError | AnsweredTwiceError[K]
    ) -> None:
        """Count a reply that breaks the contract, whatever asking again brings."""
        self._schedule.count(ProtocolFault(kind, str(error), error.example))

    def _hear_line(self, worker: Worker[K], line: bytes) -> None:
        """Take a line for an answer. Raises NotAReplyError and AnsweredTwiceError."""
        reply = worker.take(line, self._settings.timeout)
        if worker.state is State.PROBED:
            self._schedule.unflushed(reply.ticket)
            return
        self._schedule.answered(*reply)
        self._patient |= worker.extended
        if self._first_reply is None:
            self._first_reply = worker.age
        if self._exec:
            worker.close()

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
        self._fail(worker, self._late(worker) if worker.state is State.PROBED else None)

    # Ending.

    def _overdue(self, worker: Worker[K]) -> None:
        """Deal with a process that is late with a reply, or with its end."""
        match worker.state:
            case State.OPEN if self._first_reply is None and not self._exec:
                worker.probe()
            case State.OPEN if self._patient and worker.last is None and not worker.extended:
                worker.extend(5 * self._settings.timeout)
            case State.OPEN | State.PROBED:
                self._patient &= not worker.extended
                self._fail(worker, self._late(worker))
            case State.MUTE:
                self._fail(worker, Broken("it closed its standard output without an answer"))
            case State.CLOSING:
                worker.terminate()
            case State.TERMINATED:
                self._fail(worker, None)
            case state:
                assert_never(state)

    def _fail(self, worker: Worker[K], fault: Broken | Overdue | None) -> None:
        """Drop a process for a fault (None: it has ended), and settle what it left unanswered."""
        care, flight, last = worker.care, worker.flight, worker.last
        words = worker.process.last_words()
        how = self._drop(worker)
        self.endings[how] += 1
        limit = self._settings.limit_met(how)
        met = fault or Broken(f"it ended ({how}){limit} before it answered", ended=True)
        kind = self._breaks(worker, fault, how)
        example = worker.place + worker.process.last_words(_WORDS)
        told = ProtocolFault(kind, met.message, example) if kind else None
        if flight:
            self._schedule.unanswered(flight, care, met, words, told)
        elif fault is not None:
            self._schedule.late(last, fault)
        elif told:
            self._schedule.count(told)

    def _breaks(self, worker: Worker[K], fault: Broken | Overdue | None, how: str) -> str:
        """Return the kind of fault of the protocol that an end is where no request brings it about.

        None is a process that ends with status 0 behind a reply, as recycled workers do, or when
        its input has ended; nor a start that is late, but had not all the time that one may have.
        A reply that breaks the contract is counted as that.
        """
        match fault:
            case Broken(breach=""):
                return OUTPUT_CLOSED
            case Overdue() if worker.last or worker.extended or self._first_reply is None:
                return HUNG
            case None if worker.state in {State.OPEN, State.MUTE}:
                return "" if worker.last and how == _CLEAN else ENDED
            case _:
                return ""

    def _drop(self, worker: Worker[K]) -> str:
        self._workers.remove(worker)
        self._starved = False
        self._watch.remove(worker.process)
        return worker.process.finish()
