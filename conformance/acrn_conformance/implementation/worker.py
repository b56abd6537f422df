"""One process at work: what it has been asked, what it has answered, and until when it may wait."""

import time
from collections import deque
from collections.abc import Sequence
from enum import Enum, auto
from typing import Generic, TypeVar

from acrn_base.text import counted, excerpt
from acrn_conformance.implementation import wire
from acrn_conformance.implementation.form import Form
from acrn_conformance.implementation.lineup import LineUp
from acrn_conformance.implementation.outcome import Outcome
from acrn_conformance.implementation.process import Process
from acrn_conformance.implementation.protocol_fault import TWICE
from acrn_conformance.implementation.ticket import Care, Ticket
from acrn_conformance.implementation.wire import Foreseen, NotAReplyError

GRACE = 2.0
"""Seconds from the end of standard input to TERM, and again from TERM to KILL."""

_BEFORE_FIRST = 100_000
"""Ids begin behind it, so that one kept in eight or sixteen bits comes back wrong at once."""

_MUTE = 0.2
"""Seconds to the exit of a process that has closed its output with requests open."""

_PROBING = 0.5
"""Seconds to the first reply of a program that kept its replies to the end of its input; one that
is but slow has had its time, and does not come in that very moment."""

NARROWEST, WIDEST = 64, 256
"""Requests in flight in a process: who dies has all of them asked again, so there are more only
while half of them are answered at a time; then a process is woken less often. Where any have been
asked again in a run, it stays with the fewer."""

_REMEMBERED = 256
"""Answered requests that a process is held to, lest it answer one twice."""

K = TypeVar("K")


class State(Enum):
    """Where a process is in its life."""

    OPEN = auto()
    """It takes requests."""

    MUTE = auto()
    """It has closed its output, with requests open."""

    PROBED = auto()
    """It has answered nothing; its input ends, to see whether that brings its replies."""

    CLOSING = auto()
    """Its input ends, and it may take a moment to end by itself."""

    TERMINATED = auto()
    """It has been sent SIGTERM."""


class AnsweredTwiceError(Exception, Generic[K]):
    """A reply answers a request that has been answered; ``example`` is its line in short.

    ``same``: both answers are the one that is foreseen.
    """

    kind = TWICE

    def __init__(self, ticket: Ticket[K], *, same: bool) -> None:
        """Keep the ticket."""
        super().__init__("the request was answered twice")
        self.ticket = ticket
        self.same = same
        self.example = ""


class Worker(Generic[K]):
    """A process and its requests.

    ``due``: when its time for a reply or for its end is over, as a monotonic time; it counts while
    a request is in flight, or it is ending. ``extended``: its first reply was given more time.
    ``window``: how many requests may be in flight, in time up to ``widest``.
    """

    def __init__(self, process: Process, widest: int = WIDEST) -> None:
        """Take charge of a process that has just been started."""
        self.process = process
        self.state = State.OPEN
        self.extended = False
        self.window = NARROWEST
        self._widest = widest
        self._started = time.monotonic()
        self._flight: dict[int, Ticket[K]] = {}
        self._answered: deque[tuple[int, Ticket[K]]] = deque(maxlen=_REMEMBERED)
        self._unforeseen: deque[int] = deque(maxlen=_REMEMBERED)
        self._asked = 0
        self._arrived = 0
        self._alone = False
        self._form: Form | None = None
        self._line_up: LineUp[K] | None = None
        self._due = 0.0
        self._since = 0.0

    @property
    def age(self) -> float:
        """Seconds since it was started."""
        return time.monotonic() - self._started

    @property
    def load(self) -> int:
        """How many requests are in flight."""
        return len(self._flight)

    @property
    def room(self) -> int:
        """How many more requests it may have in flight; what has been answered is not."""
        return self.window - self.load + self._arrived

    @property
    def flight(self) -> list[Ticket[K]]:
        """The requests in flight, in the order in which they were asked."""
        return list(self._flight.values())

    @property
    def place(self) -> str:
        """Where in its stream it is, in words: how much it has answered, and what is due."""
        due = next(iter(self._flight.values()), None)
        open_one = f", {due.request.method} still to answer" if due else ""
        return f"behind {counted(self._asked - self.load, 'answer')}{open_one}"

    @property
    def last(self) -> Ticket[K] | None:
        """The request that was answered last."""
        return self._answered[-1][1] if self._answered else None

    @property
    def ending(self) -> bool:
        """Whether it has been told to end."""
        return self.state in {State.CLOSING, State.TERMINATED}

    @property
    def care(self) -> Care:
        """How much stands apart what is in flight."""
        if not self._alone:
            return Care.TOGETHER
        return Care.ISOLATED if self._asked == 1 else Care.ALONE

    @property
    def due(self) -> float:
        """When its time, or ours, is over."""
        return self._due if self._flight or self.ending else float("inf")

    def ask(self, tickets: Sequence[Ticket[K]], seconds: float, *, alone: bool) -> None:
        """Queue requests; to the first one in flight a reply is due in ``seconds``."""
        if not self._flight:
            self._alone = alone
            self._since = time.monotonic()
            self._due = self._since + seconds
        first = _BEFORE_FIRST + self._asked + 1
        self._asked += len(tickets)
        self._flight.update(enumerate(tickets, first))
        self.process.send(wire.lines(first, [ticket.request for ticket in tickets]))

    def take_foreseen(self, data: bytes, at: int) -> tuple[list[Ticket[K]], int]:
        """Take reply lines from a place on for as long as each is, byte by byte, the one foreseen.

        Returns their requests, and the place behind.
        """
        taken: list[Ticket[K]] = []
        while at < len(data) and (line_up := self._lined_up()):
            numbers, tickets, at = line_up.agreed(data, at)
            for number in numbers:
                del self._flight[number]
            self._answered.extend(zip(numbers, tickets, strict=True))
            taken += tickets
            if not line_up.done:
                break
        return taken, at

    def _lined_up(self) -> LineUp[K] | None:
        """Return the replies that are foreseen next, None where there are none.

        New ones are written down when all that were have come, in whichever order.
        """
        if self._form is None or self.state is not State.OPEN or not self._flight:
            return None
        held = self._line_up
        if held and not held.done:
            return held
        if held and next(iter(self._flight)) <= held.last:
            return None
        self._line_up = LineUp(self._form, self._flight)
        return self._line_up

    def take(self, line: bytes) -> tuple[Ticket[K], Outcome]:
        """Read a reply line. Raises NotAReplyError, and AnsweredTwiceError."""
        try:
            number, outcome = wire.reply(line)
            ticket = self._flight.pop(number, None) or self._twice(number, outcome)
        except (NotAReplyError, AnsweredTwiceError) as error:
            error.example = excerpt(line[:400].decode("utf-8", "surrogateescape"), 120)
            raise
        self._answered.append((number, ticket))
        if self._line_up:
            self._line_up.passed(number)
        foreseen = ticket.request.foreseen
        if not foreseen or not foreseen.is_in(outcome):
            self._unforeseen.append(number)
            return ticket, outcome
        if self._flight:
            self._learn(line, number, foreseen)
        return ticket, foreseen.outcome

    def _learn(self, line: bytes, number: int, foreseen: Foreseen) -> None:
        """Learn from a reply that was read with all strictness how others will be written."""
        if self._form is None:
            self._form = Form.of(line, foreseen.encoded)
        elif (written := self._form.result(line, number)) is not None:
            foreseen.encoded = written

    @property
    def waited(self) -> float:
        """Seconds since the reply before, or since the first request in flight was asked."""
        return time.monotonic() - self._since

    def arrived(self, lines: int) -> None:
        """Note that so many lines have come, which are still to be looked at.

        As many requests may be sent before that, so that both sides work at the same time.
        """
        self._arrived = min(lines, self.load, self.window)

    def heard(self, replies: int, seconds: float) -> None:
        """Note how many replies all that has come was; the next one is due in ``seconds``."""
        self._arrived = 0
        if not replies:
            return
        self._since = time.monotonic()
        if not self.ending:
            self._due = self._since + seconds
        if 2 * replies >= self.window:
            self.window = min(2 * self.window, self._widest)

    def _twice(self, number: int, outcome: Outcome) -> Ticket[K]:
        for answered, ticket in self._answered:
            if answered == number:
                foreseen = ticket.request.foreseen
                same = foreseen is not None and foreseen.is_in(outcome)
                raise AnsweredTwiceError(ticket, same=same and number not in self._unforeseen)
        unknown = f"the reply carries the id {number}, which no open request has"
        raise NotAReplyError("id-unknown" if self._flight else "unasked", unknown)

    def extend(self, seconds: float) -> None:
        """Wait for the reply that is due until ``seconds`` after its request."""
        self.extended = True
        self._due = self._since + seconds

    def grant(self, seconds: float) -> None:
        """Add to its time what the machine took from it."""
        self._due += seconds

    def output_ended(self) -> None:
        """Take note of the end of its output: with requests open it has but a moment to exit."""
        if not self._flight:
            self.close()
        elif self.state is State.OPEN:
            self.state = State.MUTE
            self._due = min(self._due, time.monotonic() + _MUTE)

    def probe(self) -> None:
        """Let its input end with requests open: what it has kept back comes now."""
        self.process.end_input()
        self.state = State.PROBED
        self._due = time.monotonic() + _PROBING

    def close(self) -> None:
        """Let its input end: it has the grace to end itself."""
        self.process.end_input()
        if not self.ending:
            self.state = State.CLOSING
            self._due = time.monotonic() + GRACE

    def terminate(self) -> None:
        """Send SIGTERM, and give it the grace once more."""
        self.process.terminate()
        self.state = State.TERMINATED
        self._due = time.monotonic() + GRACE
