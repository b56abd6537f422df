"""JSON as a terminal shows it."""

from typing import Final

import msgspec

from acrn_base.text import visible

_WIDTH: Final = 96


def pretty(value: object, indent: str = "") -> str:
    """Return JSON, what fits on a line of it on one."""
    short = one_line(value)
    if len(indent) + len(short) <= _WIDTH or not value:
        return short
    inner = indent + "  "
    if isinstance(value, dict):
        items = [f"{pretty(key)}: {pretty(item, inner)}" for key, item in value.items()]
        return "{\n" + ",\n".join(inner + item for item in items) + f"\n{indent}}}"
    if isinstance(value, list):
        items = [pretty(item, inner) for item in value]
        return "[\n" + ",\n".join(inner + item for item in items) + f"\n{indent}]"
    return short


def one_line(value: object) -> str:
    """Return JSON on one line, however long; a terminal folds it."""
    return visible(msgspec.json.encode(value).decode())
