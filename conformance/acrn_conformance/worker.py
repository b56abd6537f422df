"""One process at work: what it has been asked, what it has answered, and until when it may wait."""

import time
from collections import deque
from typing import Generic, NamedTuple, TypeVar

from acrn_conformance import wire
from acrn_conformance.model import Broken, Outcome
from acrn_conformance.process import Process
from acrn_conformance.tokens import excerpt
from acrn_conformance.wire import NotAReplyError, Prepared

GRACE = 2.0
"""Seconds from the end of standard input to TERM, and again from TERM to KILL."""

_REMEMBERED = 4096
"""Answered requests that a process is held to, lest it answer one twice."""

K = TypeVar("K")


class Ticket(NamedTuple, Generic[K]):
    """A request with the key under which its outcome is awaited."""

    key: K
    request: Prepared


class Worker(Generic[K]):
    """A process and its requests; `flight` holds those that are open, by id.

    ``alone``: the request in flight is alone to blame for what happens. ``closing``: when its
    patience with the end of a process that has been told to end is over.
    """

    def __init__(self, process: Process) -> None:
        """Take charge of a process that has just been started."""
        self.process = process
        self.flight: dict[int, Ticket[K]] = {}
        self.answered: deque[tuple[int, K]] = deque(maxlen=_REMEMBERED)
        self.started = time.monotonic()
        self.deadline = 0.0
        self.alone = False
        self.stalled = False
        self.input_open = True
        self.closing: float | None = None
        self.terminated = False
        self._asked = 0

    def ask(self, ticket: Ticket[K], patience: float, *, alone: bool) -> None:
        """Queue a request; the first one in flight sets the deadline, ``patience`` seconds on."""
        if not self.flight:
            self.alone = alone
            self.deadline = time.monotonic() + patience
        self._asked += 1
        self.flight[self._asked] = ticket
        self.process.send(ticket.request.line(self._asked))

    def take(self, line: bytes) -> tuple[Ticket[K] | None, K, Outcome]:
        """Read a line: the ticket that it answers (None: one answered before), key and outcome.

        Raises NotAReplyError.
        """
        try:
            number, outcome = wire.reply(line)
            ticket = self.flight.pop(number, None)
            if ticket is None:
                return None, self._answered(number), Broken("the request was answered twice")
        except NotAReplyError as error:
            shown = excerpt(line[:400].decode("utf-8", "backslashreplace"), 120)
            raise NotAReplyError(f"{error}; its line: {shown}") from None
        self.answered.append((number, ticket.key))
        return ticket, ticket.key, outcome

    def _answered(self, number: int) -> K:
        for answered, key in self.answered:
            if answered == number:
                return key
        raise NotAReplyError(f"the reply carries the id {number}, which no open request has")

    def due(self) -> float:
        """Return when its patience, or ours, is over."""
        if self.closing is not None:
            return self.closing
        return self.deadline if self.flight else float("inf")

    def begin_closing(self) -> None:
        """Let its input end: it has the grace to end itself."""
        self.input_open = False
        if self.closing is None:
            self.closing = time.monotonic() + GRACE
