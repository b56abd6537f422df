"""Operators of ``${name...}``: parts of a value cut off, replaced, counted, in other letters."""

import fnmatch
import re
from collections.abc import Callable
from typing import Final

from acrn_cmdline.source.shell.text import Text

_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_LONGEST: Final = 4096
"""Characters of a value that is matched: each end is tried."""


def matches(text: str, pattern: str) -> bool | None:
    """Tell whether a text is what a shell's pattern says; None for one that is too rich."""
    compiled = _compiled(pattern)
    return None if compiled is None or len(text) > _LONGEST else bool(compiled.match(text))


def changed(value: Text, operator: str, rest: str) -> Text | None:
    """Return what an operator makes of a value that is known; None where that is not certain."""
    text = value.certain
    if text is None or len(text) > _LONGEST or "$" in rest or "`" in rest:
        return None
    if operator in {"#", "##", "%", "%%"}:
        return _without(value, text, operator, rest)
    if operator in {"/", "//", "/#", "/%"}:
        return _replaced(value, text, operator, rest)
    if operator == ":":
        return _slice(value, rest)
    change = _LETTERS.get(operator)
    return Text.known(change(text), value.place) if change and not rest and value.place else None


_LETTERS: Final[dict[str, Callable[[str], str]]] = {
    "^^": str.upper,
    ",,": str.lower,
    "^": lambda text: text[:1].upper() + text[1:],
    ",": lambda text: text[:1].lower() + text[1:],
}


def _compiled(pattern: str) -> re.Pattern[str] | None:
    if re.search(r"[?*+@!]\(|\[\[?[:.=]|[\"']", pattern):
        return None
    return re.compile(fnmatch.translate(_ESCAPED.sub(r"[\1]", pattern)))


def _without(value: Text, text: str, operator: str, pattern: str) -> Text | None:
    compiled = _compiled(pattern)
    if compiled is None:
        return None
    places = range(len(text) + 1)
    front = operator[0] == "#"
    # The shortest match is a short start, or a late end; the longest is the other way round.
    for place in places if front == (len(operator) == 1) else reversed(places):
        if compiled.match(text[:place] if front else text[place:]):
            return value.cut(place) if front else value.cut(0, place)
    return value


def _replaced(value: Text, text: str, operator: str, rest: str) -> Text | None:
    found = re.match(r"((?:\\.|[^/\\])*)(?:/(.*))?\Z", rest, re.DOTALL)
    compiled = _compiled(found[1]) if found and found[1] else None
    if not found or compiled is None or value.place is None:
        return None
    new = _ESCAPED.sub(r"\1", found[2] or "")
    if re.search(r"[\"']", new):
        return None
    inner = compiled.pattern.removesuffix(r"\Z")
    pattern = {"/#": rf"\A{inner}", "/%": rf"{inner}\Z"}.get(operator, inner)
    changed = re.sub(pattern, lambda _: new, text, count=0 if operator == "//" else 1)
    return Text.known(changed, value.place)


def _slice(value: Text, rest: str) -> Text | None:
    found = re.fullmatch(r"\s*(-?\d{1,9})\s*(?::\s*(-?\d{1,9}))?\s*", rest)
    if not found:
        return None
    size = len(value)
    start = int(found[1])
    start = max(0, start + size) if start < 0 else min(start, size)
    if found[2] is None:
        return value.cut(start)
    length = int(found[2])
    end = size + length if length < 0 else start + length
    return value.cut(start, max(start, end))
