"""The outcome of asking an implementation: an answer, a refusal, or none that can be used."""

import msgspec


class Result(msgspec.Struct, frozen=True, tag="result"):
    """The implementation answered with a result."""

    value: object


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """The implementation refused the request, with a code of its own."""

    code: int
    message: str


class Unsupported(msgspec.Struct, frozen=True, tag="unsupported"):
    """The implementation does not have the method (-32601)."""

    message: str


class Unclaimed(msgspec.Struct, frozen=True, tag="unclaimed"):
    """The implementation does not claim the method, so it was not asked."""


class Broken(msgspec.Struct, frozen=True, tag="broken"):
    """No usable answer: a crash, garbage, or a JSON-RPC error that speaks of a fault.

    ``ended``: the process ended without an answer. ``not_asked``: asking was given up before.
    ``breach``: the kind of the fault of the protocol that it is, where it is one.
    """

    message: str
    ended: bool = False
    not_asked: bool = False
    breach: str = ""


class Overdue(msgspec.Struct, frozen=True, tag="overdue"):
    """No answer within the time limit; ``not_asked``: asking was given up before."""

    message: str
    not_asked: bool = False


Outcome = Result | Refused | Unsupported | Unclaimed | Broken | Overdue
