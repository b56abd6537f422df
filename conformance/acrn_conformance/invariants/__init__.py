"""What holds for every answer of a right implementation, whatever the request: no reference needed.

Each invariant is written once, as a function from a request, its result and a way to ask more to
the sentences that say how it is broken; none means it holds. The files: `shape` needs only the
argv and the table, `content` the request as well, `relations` asks the implementation more.
"""

from collections.abc import Iterator, Sequence

from acrn_conformance.cases import Request
from acrn_conformance.invariants import content, relations, shape
from acrn_conformance.invariants.invariant import Ask, Invariant, Result, is_valid, table, tokens
from acrn_conformance.invariants.layout import LayoutError

__all__ = [
    "INVARIANTS",
    "Ask",
    "Invariant",
    "Result",
    "broken",
    "broken_by_argv",
    "is_valid",
    "table",
    "tokens",
]

INVARIANTS: Sequence[Invariant] = (*shape.INVARIANTS, *content.INVARIANTS, *relations.INVARIANTS)


def broken(request: Request, result: Result, ask: Ask) -> Iterator[tuple[Invariant, str]]:
    """Yield every invariant that the result breaks, and how."""
    yield from _broken(INVARIANTS, request, result, ask)


def broken_by_argv(argv: Sequence[str]) -> Iterator[tuple[Invariant, str]]:
    """Yield what an argv alone breaks, wherever it was captured (without the program's name)."""
    shared = [invariant for invariant in INVARIANTS if invariant.shared]
    yield from _broken(shared, Request("argv"), {"argv": list(argv)}, lambda _: None)


def _broken(
    invariants: Sequence[Invariant], request: Request, result: Result, ask: Ask
) -> Iterator[tuple[Invariant, str]]:
    for invariant in invariants:
        if request.method in invariant.methods:
            try:
                yield from ((invariant, text) for text in invariant.check(request, result, ask))
            except LayoutError as error:
                yield invariant, str(error)
