"""A case: a request, and the answers that it accepts."""

from enum import StrEnum

import msgspec

_canonical = msgspec.json.Encoder(order="sorted")


class Level(StrEnum):
    """How binding a case is.

    ``required``: the specification says so; ``quirk``: upstream panics or is odd there, and every
    accepted answer is listed; ``extension``: beyond what upstream answers.
    """

    REQUIRED = "required"
    QUIRK = "quirk"
    EXTENSION = "extension"


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question to an implementation."""

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

    ``dialects``: those that must give the answer. ``also_accepted`` and ``reason`` belong to
    quirks: other answers as good, and why.
    """

    id: str
    title: str
    rule: str
    level: Level
    request: Request
    expect: Answer
    also_accepted: tuple[Answer, ...] = ()
    reason: str = ""
    dialects: tuple[str, ...] = ("kata-1",)

    @property
    def accepted(self) -> tuple[Answer, ...]:
        """Return every answer that passes."""
        return (self.expect, *self.also_accepted)


def tokens_in(result: object, field: str) -> list[str] | None:
    """Return the array in a result's field as tokens, items that are no texts as JSON.

    None where there is no array.
    """
    value = result.get(field) if isinstance(result, dict) else None
    if not isinstance(value, list):
        return None
    return [item if isinstance(item, str) else _canonical.encode(item).decode() for item in value]
