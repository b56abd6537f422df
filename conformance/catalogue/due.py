"""The answers that a dialect of the reference gives, with what is as good."""

from acrn_conformance import oracle
from acrn_conformance.cases import PROTOCOL, Answer, Dialect, Quirk, Request


def due(dialect: Dialect, request: Request) -> tuple[Answer, Quirk | None]:
    """Return the answer that a dialect gives, and what is as good."""
    if request.method == "describe":
        # Everything else in it is each implementation's own.
        return Answer({"protocol": PROTOCOL}), None
    expect = oracle.expected(dialect, request)
    return expect, oracle.quirk(dialect, request, expect)


def answers(dialect: Dialect, request: Request) -> tuple[Answer, Quirk | None] | None:
    """Return the same of a dialect that may not know the request, None where it does not."""
    try:
        return due(dialect, request)
    except (KeyError, oracle.MalformedError):
        return None
