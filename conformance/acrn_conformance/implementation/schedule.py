"""Which request is asked next, and who is to blame: no process, no pipe, no clock.

What an implementation does wrong costs the request that it did it on. When a process dies, hangs or
writes garbage with several requests in flight, each of them is asked once more, with more care:
alone, and if that does not tell, in a process that has been asked nothing else.
"""

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, starmap
from typing import Generic, TypeVar

import msgspec

from acrn_conformance.implementation.event import Answered, AsForeseen, BulkEvent, Retracted
from acrn_conformance.implementation.giving_up import UNFLUSHED, GivingUp
from acrn_conformance.implementation.incident import Incident
from acrn_conformance.implementation.outcome import Broken, Outcome, Overdue
from acrn_conformance.implementation.protocol_fault import TWICE, ProtocolFault, added
from acrn_conformance.implementation.settings import Mode, Settings
from acrn_conformance.implementation.ticket import Care, Ticket
from acrn_conformance.implementation.wire import Prepared

_BY_CHANCE = 5
"""Requests that were answered twice, and once when asked again: then it is chance."""

_MOST_WAITING = 1000
"""Events that wait to be taken; a source may be endless, and all of it given up."""

K = TypeVar("K")


class Schedule(Generic[K]):
    """The requests still to be asked, suspects first, and the events of those that were.

    `remarks` counts what happened that no request is to blame for; `faults` is what of it, and of
    what came, breaks the contract of the wire.
    """

    def __init__(self, settings: Settings, *, endless: bool) -> None:
        """Begin with nothing to ask; ``endless``: ask on, however much stays unanswered."""
        self._mode = settings.mode
        self._giving_up = GivingUp(settings.timeout, endless=endless)
        self._source: Iterator[Ticket[K]] = iter(())
        self._exhausted = True
        self._suspects: deque[Ticket[K]] = deque()
        self._events: deque[BulkEvent[K]] = deque()
        self._doubled_by_chance = 0
        self.remarks: Counter[str] = Counter()
        self.faults: tuple[ProtocolFault, ...] = ()

    def feed(self, requests: Iterable[tuple[K, Prepared]]) -> None:
        """Take requests to be asked after the suspects; each is drawn when its turn comes."""
        self._source = starmap(Ticket, requests)
        self._exhausted = False

    @property
    def care(self) -> Care:
        """How the next request is to be asked."""
        if self._mode is Mode.EXEC:
            return Care.ISOLATED
        return max(Care.ALONE, self._suspects[0].care) if self._suspects else Care.TOGETHER

    @property
    def empty(self) -> bool:
        """Whether all requests have been given out."""
        return self._exhausted and not self._suspects

    def take(self, most: int) -> list[Ticket[K]]:
        """Return the next requests worth asking; those that are not have their outcome at once.

        Fewer where there are no more, or so many have their outcome that the events come first.
        """
        if self._giving_up.calm and not self._suspects:
            tickets = list(islice(self._source, most))
            self._exhausted = len(tickets) < most
            return tickets
        return list(islice(iter(self._next, None), most))

    def _next(self) -> Ticket[K] | None:
        while len(self._events) < _MOST_WAITING and (ticket := self._drawn()) is not None:
            lost = self._giving_up.lost(ticket.request.method)
            if lost is None:
                return ticket
            self._events.append(Answered(ticket.key, lost, 0.0))
            self._settle(ticket, explains=True)
        return None

    def _drawn(self) -> Ticket[K] | None:
        if self._suspects:
            return self._suspects.popleft()
        ticket = next(self._source, None)
        self._exhausted = ticket is None
        return ticket

    def postpone(self, ticket: Ticket[K]) -> None:
        """Put a request that could not be asked first in line."""
        self._suspects.appendleft(ticket)

    def events(self) -> Iterator[BulkEvent[K]]:
        """Yield the events so far, each once."""
        while self._events:
            yield self._events.popleft()

    def answered(self, ticket: Ticket[K], outcome: Outcome, seconds: float) -> None:
        """Note a reply."""
        foreseen = ticket.request.foreseen
        if foreseen and outcome is foreseen.outcome:
            self.foreseen([ticket], seconds)
            return
        self._events.append(Answered(ticket.key, outcome, seconds))
        self._doubled_by_chance += ticket.doubled
        self._settle(ticket, explains=False)
        self._giving_up.answered([ticket.request.method])

    def foreseen(self, tickets: Sequence[Ticket[K]], seconds: float) -> None:
        """Note replies, one at least, that came as foreseen and together; the first took a time.

        Where that is none, they came with the ones before, and belong to their event.
        """
        before = self._events[-1] if self._events and not seconds else None
        if isinstance(before, AsForeseen):
            before.tickets.extend(tickets)
        else:
            self._events.append(AsForeseen(list(tickets), seconds))
        if tickets[0].care is not Care.TOGETHER:  # then it was asked alone
            self._doubled_by_chance += tickets[0].doubled
            self._settle(tickets[0], explains=False)
        self._giving_up.answered(ticket.request.method for ticket in tickets)

    def failed_to_start(self, ticket: Ticket[K], message: str) -> None:
        """Note that there was no process for a request."""
        self._events.append(Answered(ticket.key, Broken(message, ended=True), 0.0))
        self._settle(ticket, explains=True)

    def unanswered(
        self,
        flight: Sequence[Ticket[K]],
        care: Care,
        fault: Broken | Overdue,
        words: str,
        told: ProtocolFault | None = None,
    ) -> None:
        """Settle what a process left unanswered; ``words`` are the last that it said on stderr.

        ``told``: what counts against the implementation if no request turns out to be to blame.
        """
        if isinstance(fault, Overdue):
            self._giving_up.waited()
        if care is Care.ISOLATED:
            (ticket,) = flight
            self._blame(ticket, msgspec.structs.replace(fault, message=fault.message + words))
        else:
            breach = isinstance(fault, Broken) and fault.breach
            why = "a reply broke the contract of the wire" if breach else fault.message
            incidents = (Incident(told, len(flight)),) if told else ()
            self._ask_again(flight, why, Care(care + 1), incidents)

    def answered_twice(self, ticket: Ticket[K], flight: Sequence[Ticket[K]], care: Care) -> None:
        """Take back the answer of a request that has a second one.

        Either may be another's with a wrong id, so that all are asked again: in a process of its
        own only who has been asked alone, since a start takes longer than a thousand answers.
        """
        twice = Broken("the request was answered twice", breach=TWICE)
        self._events.append(Retracted(ticket.key))
        self._doubled_by_chance -= ticket.doubled
        # The first answer has settled its incidents.
        ticket = msgspec.structs.replace(ticket, incidents=(), doubled=True)
        if care is Care.ISOLATED:
            self._blame(ticket, twice)
        else:
            self._ask_again([ticket, *flight], twice.message, Care(care + 1))

    @property
    def doubled_by_chance(self) -> bool:
        """Whether second answers are due to no request: none is asked again for such a one.

        Each costs a start or two. Only a second answer that repeats the right one may count as
        that: another could be that of any request, with a wrong id.
        """
        return self._doubled_by_chance >= _BY_CHANCE

    def unflushed(self, ticket: Ticket[K]) -> None:
        """Note an answer that the implementation kept back to the end of its input."""
        self._giving_up.unflushed()
        self._events.append(Answered(ticket.key, UNFLUSHED, 0.0))
        self._settle(ticket, explains=True)

    def late(self, last: Ticket[K] | None, fault: Broken | Overdue) -> None:
        """Settle a fault after the last answer; in exec mode it belongs to the one request.

        Otherwise it is a remark, unless it counts as a breach of the contract anyhow.
        """
        if self._mode is Mode.EXEC and last is not None:
            self._events.append(Retracted(last.key))
            breach = fault.breach if isinstance(fault, Broken) else ""
            after = Broken(f"after its reply: {fault.message}", breach=breach)
            self._events.append(Answered(last.key, after, 0.0))
        elif isinstance(fault, Overdue) or not fault.breach:
            self.remarks[fault.message] += 1

    def _blame(self, ticket: Ticket[K], fault: Broken | Overdue) -> None:
        self._giving_up.unanswered(ticket.request.method, fault)
        self._events.append(Answered(ticket.key, fault, 0.0))
        self._settle(ticket, explains=True)

    def _settle(self, ticket: Ticket[K], *, explains: bool) -> None:
        """Note that a request has its outcome, and whether that tells why it was asked again."""
        for incident in ticket.incidents:
            if fault := incident.settled(explains=explains):
                self.count(fault)

    def count(self, fault: ProtocolFault) -> None:
        """Count what breaks the contract, whatever asking again brings."""
        self.faults = added(self.faults, (fault,))

    def _ask_again(
        self,
        tickets: Sequence[Ticket[K]],
        why: str,
        care: Care,
        incidents: tuple[Incident, ...] = (),
    ) -> None:
        """Put requests first in line, each to be asked with care, and more than it was before.

        One that was answered alone may be answered again when others are in flight.
        """
        self.remarks[f"asked again, one by one: {why}"] += 1
        for ticket in reversed(tickets):
            more = Care(min(max(care, ticket.care + 1), Care.ISOLATED))
            met = (*ticket.incidents, *incidents)
            again = msgspec.structs.replace(ticket, care=more, incidents=met)
            self._suspects.appendleft(again)
