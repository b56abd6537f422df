"""The values that everything here speaks of: request, answer, case, outcome, verdict."""

from enum import StrEnum
from typing import TypeAlias

import msgspec

Json: TypeAlias = "None | bool | int | float | str | list[Json] | dict[str, Json]"
Object: TypeAlias = dict[str, Json]


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
    """A request with the answer that it must get; ``family`` is set by the file it stands in."""

    id: str
    title: str
    rule: str
    level: Level
    request: Request
    expect: Answer
    also_accepted: tuple[Answer, ...] = ()
    reason: str = ""


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


class Broken(msgspec.Struct, frozen=True, tag="broken"):
    """No usable answer: a crash, garbage, or a JSON-RPC error that speaks of a fault."""

    message: str


class Overdue(msgspec.Struct, frozen=True, tag="overdue"):
    """No answer within the time limit."""

    message: str


Outcome = Result | Refused | Unsupported | Broken | Overdue


class Mark(StrEnum):
    """The five verdicts, best first."""

    PASS = "pass"
    FAIL = "fail"
    ERROR = "error"
    TIMEOUT = "timeout"
    UNSUPPORTED = "unsupported"


class Verdict(msgspec.Struct, frozen=True):
    """What a case's outcome is worth, and why; ``claimed``: whether the method is claimed."""

    case: Case
    mark: Mark
    message: str
    outcome: Outcome
    claimed: bool = True


class Description(msgspec.Struct, frozen=True):
    """What an implementation says of itself (method ``describe``)."""

    name: str
    version: str
    language: str
    protocol: int
    methods: tuple[str, ...]
