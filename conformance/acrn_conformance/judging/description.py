"""An implementation's word on itself: the dialect that it is judged in, and what it is asked."""

from typing import NamedTuple, TypeVar

import msgspec

from acrn_base.text import excerpt
from acrn_conformance.cases import DIALECTS, KATA_1, Description, Dialect, Request
from acrn_conformance.implementation import (
    Broken,
    Outcome,
    Pool,
    Result,
    Unclaimed,
    settled,
    wire,
)
from acrn_conformance.judging import claims

_DESCRIBE = wire.prepare(Request("describe"))
_SHOWN = 400

_ALL = frozenset(name for each in DIALECTS.values() for name in each.method_names)

_K = TypeVar("_K")


class CannotStartError(Exception):
    """Nothing can be judged: the implementation ends at once, or names a dialect that is none.

    The text says which, and the remedy.
    """


class Introduced(NamedTuple):
    """An implementation's description, None where it has none; its dialect; remarks on both.

    ``complaints``: what is wrong with the description, so that the run fails.
    """

    says: Description | None
    dialect: Dialect
    remarks: tuple[str, ...]
    complaints: tuple[str, ...] = ()

    @property
    def claims(self) -> frozenset[str]:
        """Return the methods to ask for: where it cannot say, it is held to everything."""
        names = self.dialect.method_names if self.says is None else self.says.methods
        return frozenset(("describe", *names))


def describe(pool: Pool[_K], key: _K, wanted: Dialect | None = None) -> Introduced:
    """Ask the implementation what it claims, to be judged in the dialect ``wanted``, or its own.

    Raises StartError and CannotStartError.
    """
    match settled(pool.outcomes([(key, _DESCRIBE)]))[key].outcome:
        case Broken(ended=True, message=message):
            raise CannotStartError(
                f"the implementation cannot be started: {message}; "
                "run it by hand and give it the line of: "
                "acrn-conformance show describe-protocol --request"
            )
        case outcome:
            return _introduced(outcome, wanted)


def _introduced(outcome: Outcome, wanted: Dialect | None) -> Introduced:
    try:
        says = _description(outcome)
    except ValueError as error:
        remark = f"describe is not answered as it must be ({error}); all methods are judged"
        return Introduced(None, wanted or KATA_1, (remark,))
    named = says.dialect or KATA_1.name
    dialect = wanted or _known(named)
    foreign = sorted((set(says.methods) & _ALL) - set(dialect.method_names))
    remarks = [f"{name} is claimed, but is no method of {dialect.name}" for name in foreign]
    if named != dialect.name:
        remarks.append(f"it names the dialect {excerpt(named)}, and is judged as {dialect.name}")
    return Introduced(says, dialect, tuple(remarks), claims.complaints(says.methods, dialect))


def _known(name: str) -> Dialect:
    if name not in DIALECTS:
        raise CannotStartError(
            f"describe names the dialect {excerpt(name)}, which is none of {', '.join(DIALECTS)}; "
            "name one of these there, or with --dialect"
        )
    return DIALECTS[name]


def _description(outcome: Outcome) -> Description:
    """Read the answer; raises ValueError that says what is wrong with it."""
    match outcome:
        case Result(value=value):
            return msgspec.convert(value, Description)
        case Unclaimed():
            raise ValueError("it is not claimed")
        case _:
            raise ValueError(excerpt(outcome.message, _SHOWN))
