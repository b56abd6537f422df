"""The values that everything here speaks of: request, answer, case, outcome, verdict."""

from enum import StrEnum

import msgspec


class Level(StrEnum):
    """How binding a case is.

    ``required``: the specification says so; ``quirk``: upstream panics or is odd there, and every
    accepted answer is listed; ``extension``: beyond what upstream answers.
    """

    REQUIRED = "required"
    QUIRK = "quirk"
    EXTENSION = "extension"


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an implementation is asked."""

    method: str
    params: dict[str, object] = {}


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An answer that a case accepts: a result, or a refusal."""

    result: dict[str, object] | msgspec.UnsetType = msgspec.UNSET
    refused: bool = False

    def __post_init__(self) -> None:
        """Insist on one of the two."""
        if (self.result is msgspec.UNSET) != self.refused:
            raise ValueError("give either a result or refused: true")


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A request with the answer that it must get.

    ``also_accepted`` and ``reason`` belong to quirks: other answers as good, and why.
    """

    id: str
    title: str
    rule: str
    level: Level
    request: Request
    expect: Answer
    also_accepted: tuple[Answer, ...] = ()
    reason: str = ""

    @property
    def accepted(self) -> tuple[Answer, ...]:
        """Return every answer that passes."""
        return (self.expect, *self.also_accepted)


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
    """

    message: str
    ended: bool = False
    not_asked: bool = False


class Overdue(msgspec.Struct, frozen=True, tag="overdue"):
    """No answer within the time limit; ``not_asked``: asking was given up before."""

    message: str
    not_asked: bool = False


Outcome = Result | Refused | Unsupported | Unclaimed | Broken | Overdue


class Mark(StrEnum):
    """The five verdicts, best first."""

    PASS = "pass"
    FAIL = "fail"
    ERROR = "error"
    TIMEOUT = "timeout"
    UNSUPPORTED = "unsupported"


class Verdict(msgspec.Struct, frozen=True):
    """What a case's outcome is worth, and why.

    ``excused``: its method is neither claimed nor required, so it was not asked. ``known``: the
    reason on record why it may fail.
    """

    case: Case
    mark: Mark
    outcome: Outcome
    message: str = ""
    excused: bool = False
    known: str = ""

    @property
    def not_asked(self) -> bool:
        """Whether it was given up before it was asked."""
        return isinstance(self.outcome, Broken | Overdue) and self.outcome.not_asked

    @property
    def unclaimed(self) -> bool:
        """Whether its method is not claimed, and so was not asked for."""
        return isinstance(self.outcome, Unclaimed)

    @property
    def failing(self) -> bool:
        """Whether it speaks against the implementation."""
        return self.mark is not Mark.PASS and not self.excused and not self.known


class Description(msgspec.Struct, frozen=True):
    """What an implementation says of itself (method ``describe``)."""

    name: str
    version: str
    language: str
    protocol: int
    methods: tuple[str, ...]
