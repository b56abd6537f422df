"""What failing cases have in common stands in a page once, and nothing is endless."""

import json
from collections.abc import Sequence

import msgspec

from acrn_cmdline.slotmap import SlotMap, slot_map
from acrn_conformance.cases import DIALECTS, tokens_in

_TEXT = 4_000
_ITEMS = 500
_DEEPEST = 40
"""Characters of a text, items of an array and levels of nesting that a page shows."""

DRAWN = 1_000
"""Tokens of the longest argv of which a slot map is drawn."""

Side = str | Sequence[str]
"""One side of a difference: JSON text of many lines, or the tokens of an argv."""


class Pool:
    """Texts, lists of tokens and slot maps, each kept once; others name them by their index.

    ``size``: bytes that all of them take as JSON.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self.sides: list[Side] = []
        self.maps: list[SlotMap] = []
        self.size = 0
        self._places: dict[object, int] = {}

    def text(self, value: object) -> int:
        """Return the index of a value as JSON text; numbers stay as they were written."""
        return self._side(json.dumps(bounded(value), indent=1, ensure_ascii=False))

    def lines(self, tokens: Sequence[str]) -> int:
        """Return the index of a list of tokens."""
        return self._side(tuple(_cut(token) for token in tokens[:_ITEMS]))

    def map(self, result: object, tokens: Sequence[str]) -> int:
        """Return the index of the slot map of a result's argv, -1 where there is none to draw."""
        if len(tokens) > DRAWN:
            return -1
        slots = _block_slots(result)
        key = (tuple(tokens), slots)
        if key not in self._places:
            self._places[key] = len(self.maps)
            self.maps.append(slot_map(tokens, slots, kata=True))
            self.size += len(msgspec.json.encode(self.maps[-1]))
        return self._places[key]

    def _side(self, side: Side) -> int:
        if side not in self._places:
            self._places[side] = len(self.sides)
            self.sides.append(side)
            self.size += len(msgspec.json.encode(side))
        return self._places[side]


def argv(result: object, method: str, dialect: str) -> list[str] | None:
    """Return the tokens of an answer that puts devices on slots, None of any other."""
    known = DIALECTS[dialect].method(method) if dialect in DIALECTS else None
    return tokens_in(result, known.built) if known and known.builds_on_slots else None


def bounded(value: object, depth: int = 0) -> object:
    """Return a JSON value cut to what a person looks at; what is left out is counted."""
    if isinstance(value, str):
        return _cut(value)
    if isinstance(value, dict | list) and value and depth == _DEEPEST:
        return "(nested deeper)"
    if isinstance(value, dict):
        items = list(value.items())[:_ITEMS]
        return {_cut(str(name)): bounded(each, depth + 1) for name, each in items}
    if isinstance(value, list):
        more = [f"({len(value) - _ITEMS} more)"] if len(value) > _ITEMS else []
        return [bounded(each, depth + 1) for each in value[:_ITEMS]] + more
    return value


def _cut(text: str) -> str:
    if len(text) <= _TEXT:
        return text
    return f"{text[:_TEXT]}...({len(text) - _TEXT} more characters)"


def _block_slots(result: object) -> tuple[int, ...]:
    found = result.get("block_slots") if isinstance(result, dict) else None
    try:
        return msgspec.convert(found, tuple[int, ...])
    except msgspec.ValidationError:
        return ()
