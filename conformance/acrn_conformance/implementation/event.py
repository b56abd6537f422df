"""The events of asking: a request gets its outcome, or one that was given is taken back."""

from collections.abc import Iterable, Iterator
from typing import Generic, NamedTuple, TypeVar, assert_never

from acrn_conformance.implementation.outcome import Outcome
from acrn_conformance.implementation.ticket import Ticket

K = TypeVar("K")


class Answered(NamedTuple, Generic[K]):
    """The outcome of the request with a key.

    ``seconds``: how long the implementation had for it alone, from when it was asked, or from the
    reply before; 0 where it came together with that, or was not asked.
    """

    key: K
    outcome: Outcome
    seconds: float


class AsForeseen(NamedTuple, Generic[K]):
    """The replies to all these requests came together, each as foreseen; the first one took a time.

    It is one event however many there are: for those who have nothing to do with each of them.
    """

    tickets: list[Ticket[K]]
    seconds: float


class Retracted(NamedTuple, Generic[K]):
    """The outcome that a key was given holds no longer; another follows."""

    key: K


Event = Answered[K] | Retracted[K]
BulkEvent = Answered[K] | AsForeseen[K] | Retracted[K]


def singly(events: Iterable[BulkEvent[K]]) -> Iterator[Event[K]]:
    """Yield an event of its own for each request."""
    for event in events:
        if not isinstance(event, AsForeseen):
            yield event
            continue
        seconds = event.seconds
        for ticket in event.tickets:
            if ticket.request.foreseen:
                yield Answered(ticket.key, ticket.request.foreseen.outcome, seconds)
                seconds = 0.0


def settled(events: Iterable[BulkEvent[K]]) -> dict[K, Answered[K]]:
    """Return the outcomes that hold at the end, by key, in the order in which they came.

    A retraction of what was answered before these events is followed by the answer that holds.
    """
    held: dict[K, Answered[K]] = {}
    for event in singly(events):
        match event:
            case Answered(key=key):
                held[key] = event
            case Retracted(key=key):
                held.pop(key, None)
            case _:
                assert_never(event)
    return held
