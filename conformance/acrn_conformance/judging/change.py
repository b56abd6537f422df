"""What is wrong with an answer, in words that hold for others alike."""

import re
from collections.abc import Sequence
from typing import assert_never

import msgspec

from acrn_base.text import excerpt
from acrn_conformance.cases import Request, tokens_in
from acrn_conformance.implementation import (
    LAST_WORDS,
    Broken,
    Overdue,
    Refused,
    Result,
    Unclaimed,
    Unsupported,
)
from acrn_conformance.judging.comparison import Difference
from acrn_conformance.judging.lost_part import lost_part
from acrn_conformance.judging.verdict import Verdict

_SHOWN = 60

_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_NUMBER = re.compile(r"0x[0-9a-fA-F]+|\d+")


def change(verdict: Verdict) -> str:
    """Return the kind of change that an answer shows, in words that hold for others alike."""
    match verdict.outcome:
        case Result(value=value):
            if verdict.fault:
                return excerpt(verdict.fault, _SHOWN)
            if verdict.difference is None:
                return "answered, where a refusal is expected"
            moved = _moved(verdict.case.expect.result, value)
            return moved or _changed(verdict.case.request, verdict.difference)
        case Refused():
            return "refused, where an answer is expected"
        case Unsupported() | Unclaimed():
            return "claimed, but unsupported"
        case Overdue():
            return "no answer in time"
        case Broken(breach=kind) if kind:
            return f"the reply breaks the contract of the wire: {kind}"
        case Broken(message=message):
            return _last_words(message)
        case _:
            assert_never(verdict.outcome)


def _last_words(message: str) -> str:
    """Return how a process ended, with the last line of what it said, its values levelled."""
    how, _, said = message.partition(LAST_WORDS)
    lines = [line for line in said.split(" | ") if not line.startswith("note: ")]
    if not said or not lines:
        return excerpt(_levelled(how), _SHOWN)
    ended = _levelled(how).removesuffix(" before it answered")
    return f"{ended}: {excerpt(_levelled(lines[-1]), _SHOWN)}"


def _levelled(text: str) -> str:
    """Return a text without its quoted values and its numbers."""
    return _NUMBER.sub("N", _QUOTED.sub("'...'", text))


def _moved(expected: object, got: object) -> str:
    """Tell whether a token came to an argv, or went, at the first difference; nothing if neither.

    A token that stands one further on has made room for another.
    """
    wanted, actual = tokens_in(expected, "argv"), tokens_in(got, "argv")
    if wanted is None or actual is None or len(wanted) == len(actual):
        return ""
    pairs = zip(wanted, actual, strict=False)
    shorter = min(len(wanted), len(actual))
    at = next((n for n, (a, b) in enumerate(pairs) if a != b), shorter)
    return (
        _lost(wanted[at:], "missing")
        if len(wanted) > len(actual)
        else _lost(actual[at:], "too many")
    )


def _lost(tokens: Sequence[str], how: str) -> str:
    token = tokens[0]
    return f"{token} is {how}" if token.startswith("-") else f"a token is {how}"


def _changed(request: Request, difference: Difference) -> str:
    expected, got = difference.expected, difference.got
    if got is msgspec.UNSET:
        return "missing"
    if difference.counts:
        fewer = isinstance(got, int) and isinstance(expected, int) and got < expected
        return "too few items" if fewer else "too many items"
    if isinstance(expected, str) and isinstance(got, str):
        lost = lost_part(request, expected, got)
        return f"{lost} is missing" if lost else _rewritten(expected, got)
    if isinstance(expected, bool) or type(expected) is not type(got):
        return f"{_kind(got)} in place of {_kind(expected)}"
    return "another value"


def _kind(value: object) -> str:
    """Return what JSON has there; of the few values of a kind with few, which."""
    if value is None or isinstance(value, bool):
        return shown(value)
    return {str: "a text", int: "an integer", float: "a fraction", list: "an array"}.get(
        type(value), "an object"
    )


def _rewritten(expected: str, got: str) -> str:
    """Return how a text was changed."""
    if expected.lower() == got.lower():
        return "case changed"
    if expected.strip() == got.strip():
        return "blanks changed"
    if not expected or not got:
        return "empty" if expected else "not empty"
    if expected.startswith(got):
        return "cut off"
    if got.startswith(expected):
        return "text added behind"
    if expected.endswith(got):
        return "beginning lost"
    if got.endswith(expected):
        return "text added in front"
    return _reslotted(expected, got) or "another text"


def _reslotted(expected: str, got: str) -> str:
    """Return how far a device's slot is off, where nothing else is."""
    wanted, actual = (re.fullmatch(r"(-?\d{1,18})([:,].*)", t, re.DOTALL) for t in (expected, got))
    if not wanted or not actual or wanted[2] != actual[2]:
        return ""
    off = int(actual[1]) - int(wanted[1])
    return f"slot off by {off:+d}"


def shown(value: object) -> str:
    """Return a value as JSON, in part if it is long."""
    return excerpt(msgspec.json.encode(value).decode(), _SHOWN)
