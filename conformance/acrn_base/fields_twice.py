"""JSON objects that have a field twice: decoders take the last one, and say nothing."""

import json
from typing import Final

DEEPEST: Final = 100
"""Arrays and objects in each other: what is a little less than Python's limit fails elsewhere."""


class _Object(list[tuple[str, object]]):
    """The fields of an object as they stand there, a field given twice included."""


def field_twice(content: bytes) -> str | None:
    """Return the path of the first field that stands twice (``$[3].expect``), None without one.

    Raises ValueError for what is no JSON, and RecursionError beyond ``DEEPEST``.
    """
    return _twice(json.loads(content, object_pairs_hook=_Object), "$", 0)


def _twice(value: object, path: str, depth: int) -> str | None:
    if depth > DEEPEST:
        raise RecursionError
    seen: set[str] = set()
    match value:
        case _Object():
            fields = [(name, f"{path}.{name}", inner) for name, inner in value]
        case list():
            fields = [(str(place), f"{path}[{place}]", inner) for place, inner in enumerate(value)]
        case _:
            return None
    for name, at, inner in fields:
        if name in seen:
            return at
        seen.add(name)
        if isinstance(inner, list) and (found := _twice(inner, at, depth + 1)):
            return found
    return None
