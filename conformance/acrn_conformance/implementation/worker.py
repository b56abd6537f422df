"""One process at work: what it has been asked, what it has answered, and until when it may wait."""

import time
from collections import deque
from typing import Generic, NamedTuple, TypeVar

from acrn_base.text import excerpt
from acrn_conformance.implementation import wire
from acrn_conformance.implementation.outcome import Outcome
from acrn_conformance.implementation.process import Process
from acrn_conformance.implementation.wire import NotAReplyError, Prepared

GRACE = 2.0
"""Seconds from the end of standard input to TERM, and again from TERM to KILL."""

_BEFORE_FIRST = 100_000
"""Ids begin behind it, so that one kept in eight or sixteen bits comes back wrong at once."""

_DEAF = 0.2
"""Seconds to the exit of a process that has closed its output with requests open."""

_REMEMBERED = 256
"""Answered requests that a process is held to, lest it answer one twice."""

K = TypeVar("K")


class Ticket(NamedTuple, Generic[K]):
    """A request with the key under which its outcome is awaited.

    ``isolated``: it needs a process that has been asked nothing else.
    """

    key: K
    request: Prepared
    isolated: bool = False


class AnsweredTwiceError(Exception, Generic[K]):
    """A reply answers a request that has been answered."""

    def __init__(self, ticket: Ticket[K]) -> None:
        """Keep the ticket."""
        super().__init__()
        self.ticket = ticket


class Worker(Generic[K]):
    """A process and its requests; `flight` holds those that are open, by id.

    ``alone``: what is in flight is a single request asked by itself. ``closing``: until when it may
    take to end, once it has been told to. ``deaf``: it has closed its output.
    """

    def __init__(self, process: Process) -> None:
        """Take charge of a process that has just been started."""
        self.process = process
        self.flight: dict[int, Ticket[K]] = {}
        self.answered: deque[tuple[int, Ticket[K]]] = deque(maxlen=_REMEMBERED)
        self.started = time.monotonic()
        self.deadline = 0.0
        self.alone = False
        self.stalled = False
        self.input_open = True
        self.closing: float | None = None
        self.terminated = False
        self.deaf = False
        self._asked = 0

    @property
    def to_blame(self) -> bool:
        """Whether whatever happens can only be due to the one request it was ever asked."""
        return self.alone and self._asked == 1

    def ask(self, ticket: Ticket[K], patience: float, *, alone: bool) -> None:
        """Queue a request; the first one in flight sets the deadline, ``patience`` seconds on."""
        if not self.flight:
            self.alone = alone
            self.deadline = time.monotonic() + patience
        self._asked += 1
        number = _BEFORE_FIRST + self._asked
        self.flight[number] = ticket
        self.process.send(ticket.request.line(number))

    def take(self, line: bytes) -> tuple[Ticket[K], Outcome]:
        """Read a line: the ticket that it answers, and the outcome.

        Raises NotAReplyError, and AnsweredTwiceError.
        """
        try:
            number, outcome = wire.reply(line)
            ticket = self.flight.pop(number, None) or self._answered(number)
        except NotAReplyError as error:
            shown = excerpt(line[:400].decode("utf-8", "surrogateescape"), 120)
            raise NotAReplyError(f"{error}; its line: {shown}") from None
        self.answered.append((number, ticket))
        return ticket, outcome

    def _answered(self, number: int) -> Ticket[K]:
        for answered, ticket in self.answered:
            if answered == number:
                raise AnsweredTwiceError(ticket)
        raise NotAReplyError(f"the reply carries the id {number}, which no open request has")

    def due(self) -> float:
        """Return when its time, or ours, is over."""
        if self.closing is not None:
            return self.closing
        return self.deadline if self.flight else float("inf")

    def output_ended(self) -> None:
        """Take note of the end of its output: with requests open it has but a moment to exit."""
        if self.flight:
            self.deaf = True
            self.deadline = min(self.deadline, time.monotonic() + _DEAF)
        else:
            self.begin_closing()

    def begin_closing(self) -> None:
        """Let its input end: it has the grace to end itself."""
        self.input_open = False
        if self.closing is None:
            self.closing = time.monotonic() + GRACE
