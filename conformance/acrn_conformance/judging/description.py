"""An implementation's word on itself, and the methods that it is therefore asked."""

from typing import TypeVar

import msgspec

from acrn_base.text import excerpt
from acrn_conformance.cases import Description, Dialect, Request
from acrn_conformance.implementation import (
    Broken,
    Outcome,
    Pool,
    Result,
    Unclaimed,
    settled,
    wire,
)

_DESCRIBE = wire.prepare(Request("describe"))
_SHOWN = 400

_K = TypeVar("_K")


class CannotStartError(Exception):
    """The implementation ends before it answers anything; the text says how, and the remedy."""


def describe(
    pool: Pool[_K], key: _K, dialect: Dialect
) -> tuple[Description | None, tuple[str, ...]]:
    """Ask the implementation what it claims; where it cannot say, it is held to everything.

    Returns a remark where it cannot. Raises StartError and CannotStartError.
    """
    match settled(pool.outcomes([(key, _DESCRIBE)]))[key].outcome:
        case Broken(ended=True, message=message):
            raise CannotStartError(
                f"the implementation cannot be started: {message}; "
                "run it by hand and give it the line of: acrn-conformance show describe --request"
            )
        case outcome:
            return _read(outcome, dialect)


def claims(says: Description | None, dialect: Dialect) -> frozenset[str]:
    """Return the methods to ask for."""
    return frozenset(dialect.method_names if says is None else ("describe", *says.methods))


def _read(outcome: Outcome, dialect: Dialect) -> tuple[Description | None, tuple[str, ...]]:
    try:
        says = _description(outcome)
    except ValueError as error:
        return None, (f"describe is not answered as it must be ({error}); all methods are judged",)
    unknown = sorted(set(says.methods) - set(dialect.method_names))
    return says, tuple(f"{name} is claimed, but there is no such method" for name in unknown)


def _description(outcome: Outcome) -> Description:
    """Read the answer; raises ValueError that says what is wrong with it."""
    match outcome:
        case Result(value=value):
            return msgspec.convert(value, Description)
        case Unclaimed():
            raise ValueError("it is not claimed")
        case _:
            raise ValueError(excerpt(outcome.message, _SHOWN))
