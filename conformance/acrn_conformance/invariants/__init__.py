"""Rules that hold for every right answer, whatever the request: no reference needed.

Each invariant is written once, as a function from a request, its result and a way to ask more to
the sentences that say how it is broken; none means it holds. The files: `shape` needs only the
argv and the table, `content` the request as well, `relations` asks the implementation more.
"""

from collections.abc import Iterator, Sequence

from acrn_conformance.cases import Dialect, Request
from acrn_conformance.invariants import content, relations, shape
from acrn_conformance.invariants.invariant import (
    Ask,
    Exchange,
    Invariant,
    block_slots,
    is_valid,
    tokens,
)
from acrn_conformance.invariants.layout import LayoutError

__all__ = [
    "INVARIANTS",
    "Ask",
    "Exchange",
    "block_slots",
    "broken",
    "broken_by_argv",
    "is_valid",
    "tokens",
]

INVARIANTS: Sequence[Invariant] = (*shape.INVARIANTS, *content.INVARIANTS, *relations.INVARIANTS)


def broken(exchange: Exchange) -> Iterator[tuple[Invariant, str]]:
    """Yield every invariant that the result breaks, and how."""
    yield from _broken(INVARIANTS, exchange)


def broken_by_argv(dialect: Dialect, argv: Sequence[str]) -> Iterator[tuple[Invariant, str]]:
    """Yield what an argv alone breaks, wherever it was captured (without the program's name)."""
    shared = [invariant for invariant in INVARIANTS if invariant.shared]
    result = {"argv": list(argv)}
    yield from _broken(shared, Exchange(dialect, Request("argv"), result, lambda _: None))


def _broken(invariants: Sequence[Invariant], exchange: Exchange) -> Iterator[tuple[Invariant, str]]:
    method = exchange.dialect.method(exchange.request.method)
    for invariant in invariants:
        if method and invariant.speaks_of(method):
            try:
                yield from ((invariant, text) for text in invariant.check(exchange))
            except LayoutError as error:
                yield invariant, str(error)
