"""Processes of the implementation under test, asked many requests at once on one thread.

Stream mode keeps `jobs` long-lived processes, each with several requests in flight; exec mode gives
each request a process of its own, `jobs` at a time.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import Generic, Self, TypeVar, assert_never

from acrn_base.starting import StartError
from acrn_conformance.implementation.crew import Crew
from acrn_conformance.implementation.ending import breach
from acrn_conformance.implementation.event import BulkEvent, Event, singly
from acrn_conformance.implementation.outcome import Broken, Overdue
from acrn_conformance.implementation.process import LineTooLongError
from acrn_conformance.implementation.protocol_fault import ProtocolFault
from acrn_conformance.implementation.replies import Replies
from acrn_conformance.implementation.schedule import Schedule
from acrn_conformance.implementation.settings import Mode, Settings
from acrn_conformance.implementation.ticket import Care, Ticket
from acrn_conformance.implementation.time_limits import TimeLimits
from acrn_conformance.implementation.trace import Trace
from acrn_conformance.implementation.watch import Happening
from acrn_conformance.implementation.wire import NotAReplyError, Prepared
from acrn_conformance.implementation.worker import (
    NARROWEST,
    WIDEST,
    AnsweredTwiceError,
    State,
    Worker,
)

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
        self._tick = tick
        self._schedule = Schedule[K](settings, endless=endless)
        self._limits = TimeLimits[K](settings.timeout, patient=not endless)
        self._crew = Crew[K](settings, trace)
        self._replies = Replies[K](self._schedule, self._limits, settings.mode)
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
        self._crew.disband()

    def begin(self) -> None:
        """Start a process before there is a request, so that it gets ready while those are made.

        Not in exec mode, where each belongs to its request. Raises StartError.
        """
        if not self._exec:
            self._crew.start()

    def outcomes(self, requests: Iterable[tuple[K, Prepared]]) -> Iterator[Event[K]]:
        """Ask all requests and yield the outcome of each, in the order in which they come.

        One that was yielded before, also by an earlier call, may be retracted and come anew.
        Raises StartError if no process could ever be started.
        """
        return singly(self.in_bulk(requests))

    def in_bulk(self, requests: Iterable[tuple[K, Prepared]]) -> Iterator[BulkEvent[K]]:
        """Ask as `outcomes` does; replies that came together, all as foreseen, are one event."""
        self._schedule.feed(requests)
        while True:
            filled = self._fill()
            yield from self._schedule.events()
            if self._schedule.empty and not self._crew.busy:
                return
            if filled:
                self._listen()
                yield from self._schedule.events()

    def end(self) -> None:
        """End all processes with grace, whatever that brings to light."""
        for _ in self._closing():
            pass

    def close(self) -> Iterator[Event[K]]:
        """End all processes with grace; yield what that brings to light, as `outcomes` does."""
        return singly(self._closing())

    def _closing(self) -> Iterator[BulkEvent[K]]:
        while self._crew or not self._schedule.empty:
            for worker in self._crew:
                worker.close()
            self._crew.flush()
            while self._crew:
                self._listen()
                yield from self._schedule.events()
            yield from self.in_bulk(())

    # Asking.

    def _fill(self) -> bool:
        """Give out requests as long as there is room; False where events are to be taken first."""
        filled = True
        while not self._schedule.empty:
            worker = self._crew.with_room(self._schedule.care)
            if worker is None and not self._crew.may_grow:
                break
            if not self._give(worker):
                filled = self._schedule.empty
                break
        self._crew.flush()
        return filled

    def _give(self, worker: Worker[K] | None) -> bool:
        """Give a worker (None: a new one) what it has room for; False: there is nothing more."""
        alone = self._schedule.care is not Care.TOGETHER
        room = 1 if alone or worker is None else worker.room
        tickets = self._schedule.take(room)
        if tickets and (worker := worker or self._start(tickets[0])) is not None:
            worker.ask(tickets, self._limits.of(worker), alone=alone)
            if self._exec:
                worker.process.end_input()
        return len(tickets) == room

    def _start(self, ticket: Ticket[K]) -> Worker[K] | None:
        """Start a process; once one has run, a failure costs only the request at hand."""
        try:
            worker = self._crew.start(NARROWEST if self._schedule.remarks else WIDEST)
        except StartError as error:
            if not self._crew.started:
                raise
            self._schedule.failed_to_start(ticket, str(error))
            return None
        if worker is None:
            self._schedule.postpone(ticket)
        return worker

    # Listening.

    def _listen(self) -> None:
        """Wait for the next thing to happen, and deal with all that has."""
        self._tick()
        for worker, happening in self._crew.happenings():
            self._deal_with(worker, happening)
        self._crew.flush()

    def _deal_with(self, worker: Worker[K], happening: Happening) -> None:
        match happening:
            case Happening.OUTPUT:
                self._hear(worker, ahead=self._schedule.care is Care.TOGETHER)
            case Happening.STDERR:
                if not worker.process.read_stderr():
                    self._crew.ignore(worker.process.stderr)
            case Happening.EXIT:
                self._exited(worker)
            case Happening.OVERDUE:
                self._overdue(worker)
            case Happening.ROOM:
                pass  # whatever has happened, all inputs are written on
            case _:
                assert_never(happening)

    def _hear(self, worker: Worker[K], *, ahead: bool = False) -> bool:
        """Read replies; return whether there may be more.

        ``ahead``: the next requests are sent before the replies are looked at, which takes about as
        long as it takes to answer them.
        """
        try:
            data, more = worker.process.read()
            if ahead:
                worker.arrived(data.count(b"\n"))
                self._fill()
            self._replies.take(worker, data)
        except (LineTooLongError, NotAReplyError) as error:
            self._replies.count(error)
            shown = f"; its line: {error.example}" if error.example else ""
            self._fail(worker, Broken(f"{error}{shown}", breach=error.kind))
        except AnsweredTwiceError as error:
            self._replies.count(error)
            care, flight = worker.care, worker.flight
            self.endings[self._crew.drop(worker)] += 1
            self._schedule.answered_twice(error.ticket, flight, care)
        else:
            if not more:
                self._crew.ignore(worker.process.stdout)
                worker.output_ended()
            return more
        return False

    def _exited(self, worker: Worker[K]) -> None:
        """Deal with the end of a process.

        What it wrote before is still in the pipes; a child of it may hold them open, so their end
        is not waited for.
        """
        for _ in range(_LAST_READS):
            goes_on = worker.process.read_stderr() | self._hear(worker)
            if worker not in self._crew:
                return
            if not goes_on:
                break
        self._fail(worker, self._limits.overdue(worker) if worker.state is State.PROBED else None)

    # Ending.

    def _overdue(self, worker: Worker[K]) -> None:
        """Deal with a process that is late with a reply, or with its end."""
        match worker.state:
            case State.OPEN if self._limits.nothing_yet and not self._exec:
                worker.probe()
            case State.OPEN if self._limits.forgives(worker):
                worker.extend(self._limits.longest)
            case State.OPEN | State.PROBED:
                self._limits.missed(worker)
                self._fail(worker, self._limits.overdue(worker))
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
        how = self._crew.drop(worker)
        self.endings[how] += 1
        limit = self._settings.limit_met(how)
        met = fault or Broken(f"it ended ({how}){limit} before it answered", ended=True)
        told = breach(worker, fault, how, met.message, self._limits)
        if flight:
            self._schedule.unanswered(flight, care, met, words, told)
        elif fault is not None:
            self._schedule.late(last, fault)
        elif told:
            self._schedule.count(told)
