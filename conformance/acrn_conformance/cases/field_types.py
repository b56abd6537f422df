"""The types of the wire's fields, and what is known of a field's values beyond its type."""

from collections.abc import Mapping
from typing import Annotated, Final, Literal, get_args, get_origin

import msgspec

Fields = Mapping[str, object]
"""A JSON object, as it stands in a request or in a result."""


class Bounds(msgspec.Struct, frozen=True):
    """The least and the greatest integer that a field holds."""

    least: int
    greatest: int


class Length(msgspec.Struct, frozen=True):
    """How many items an array has, always."""

    items: int


class Words(msgspec.Struct, frozen=True):
    """The texts that mean something in a field; ``closed``: no other is legal on the wire."""

    known: tuple[str, ...]
    closed: bool = False


TAGS: Final = frozenset({"kind", "append"})
"""The fields that tell which device, and which step, an object is."""

INT64: Final = Bounds(-(1 << 63), (1 << 63) - 1)
Int64 = Annotated[int, INT64]
UInt32 = Annotated[int, Bounds(0, (1 << 32) - 1)]
UInt64 = Annotated[int, Bounds(0, (1 << 64) - 1)]

Slots = Annotated[tuple[Int64, ...], Length(9)]
"""A block table: the slot of each block index from 0 to 8, 0 where there is none."""

Pair = tuple[str, str]
"""Key and value of a kernel parameter."""


def bounds(kind: object) -> Bounds:
    """Return the bounds of an integer type."""
    return next((known for known in _known(kind) if isinstance(known, Bounds)), INT64)


def length(kind: object) -> int | None:
    """Return how many items an array type has, None for any number."""
    return next((known.items for known in _known(kind) if isinstance(known, Length)), None)


def words(kind: object) -> Words:
    """Return the words of a text type; of one that means nothing to anybody there are none."""
    if get_origin(kind) is Literal:
        return Words(get_args(kind), closed=True)
    return next((known for known in _known(kind) if isinstance(known, Words)), Words(()))


def bare(kind: object) -> object:
    """Return a type without what is known beyond it."""
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def as_fields(value: msgspec.Struct) -> dict[str, object]:
    """Return a value of the wire as the JSON object that says it in full."""
    return msgspec.json.decode(msgspec.json.encode(value), type=dict[str, object])


def tag_of(kind: type[msgspec.Struct]) -> dict[str, str]:
    """Return the field that tells a type from the others of its union, with its value."""
    config = kind.__struct_config__
    return {str(config.tag_field): str(config.tag)} if config.tag_field else {}


def _known(kind: object) -> tuple[object, ...]:
    return get_args(kind)[1:] if get_origin(kind) is Annotated else ()
