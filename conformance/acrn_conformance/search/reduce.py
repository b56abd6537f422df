"""Making a request smaller step by step, for as long as something still holds of it."""

import time
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TypeVar

import msgspec

from acrn_conformance.cases import Request, field_types

_T = TypeVar("_T")

_LOOKED_AT = 64
"""Characters of a text that are looked at one by one."""


def reduced(request: Request, still: Callable[[Request], bool], until: float) -> Request:
    """Return the smallest request that can be reached by single steps on which ``still`` holds.

    At the time ``until`` (monotonic) the smallest so far is returned.
    """
    place, changed = 0, False
    tried: set[bytes] = set()
    while True:
        for params in islice(_smaller(request.params), place, None):
            if time.monotonic() > until:
                return request
            written = msgspec.json.encode(params)
            if isinstance(params, dict) and written not in tried:
                tried.add(written)
                candidate = Request(request.method, params)
                if still(candidate):
                    request, changed = candidate, True
                    break
            # A step that did not hold will hardly hold now: it is tried again at the very end.
            place += 1
        else:
            if not changed:
                return request
            place, changed = 0, False


def _smaller(value: object) -> Iterator[object]:
    """Yield values that differ from ``value`` by one step: less of it first, then simpler parts."""
    match value:
        case dict():
            free = [name for name in value if name not in field_types.TAGS]
            for kept in _shorter(free):
                gone = set(free).difference(kept)
                yield {name: item for name, item in value.items() if name not in gone}
            for name in free:
                yield from ({**value, name: smaller} for smaller in _smaller(value[name]))
        case list():
            yield from _shorter(value)
            for position, item in enumerate(value):
                for smaller in _smaller(item):
                    yield [*value[:position], smaller, *value[position + 1 :]]
        case str() if value:
            yield from _shorter_text(value)
        case bool():
            return
        case int():
            yield from _smaller_integers(value)


def _shorter(items: list[_T]) -> Iterator[list[_T]]:
    """Leave out all, halves, quarters ... and single items: a step that holds may take seconds."""
    length = len(items)
    step = length
    while step > 0:
        for start in range(0, length, step):
            yield [*items[:start], *items[start + step :]]
        step //= 2


def _shorter_text(text: str) -> Iterator[str]:
    """Take a half away, then a character; then have one that is odd be a plain one."""
    yield text[: len(text) // 2]
    yield text[len(text) // 2 :] if len(text) > 1 else ""
    yield text[:-1]
    for place in range(min(len(text), _LOOKED_AT)):
        yield text[:place] + text[place + 1 :]
    for place, character in enumerate(text[:_LOOKED_AT]):
        if not (character.isascii() and character.isprintable()):
            yield f"{text[:place]}a{text[place + 1 :]}"


def _smaller_integers(value: int) -> Iterator[int]:
    """Go towards 0 by all of it, by half of it, a quarter ... and by one."""
    step = abs(value)
    while step:
        yield value - step if value > 0 else value + step
        step //= 2
