"""A verdict's ground, in one line."""

from typing import assert_never

import msgspec

from acrn_base.diff import around_difference
from acrn_base.text import excerpt, printable
from acrn_conformance.implementation import (
    Broken,
    Overdue,
    Refused,
    Result,
    Unclaimed,
    Unsupported,
)
from acrn_conformance.judging import Difference, Mark, Verdict

_SHOWN = 80
"""Characters of a value that a message shows; the token diff shows more."""


def message(verdict: Verdict) -> str:
    """Return what speaks against an answer, or nothing where it passes; values are visible."""
    if verdict.mark is Mark.PASS:
        return ""
    if verdict.fault:
        return verdict.fault
    outcome = verdict.outcome
    match outcome:
        case Result(value=value):
            if verdict.difference:
                return told(verdict.difference)
            return f"expected a refusal, got {_json(value)}"
        case Refused(code=code, message=said):
            return f"expected a result, got a refusal: {code} {excerpt(said)}"
        case Unsupported():
            return "the method is claimed, but the answer is that it is unsupported"
        case Unclaimed():
            return "the method is not claimed"
        case Broken(message=said) | Overdue(message=said):
            return said
        case _:
            assert_never(outcome)


def shown(verdict: Verdict) -> str:
    """Return the same, safe to show."""
    return printable(message(verdict))


def told(difference: Difference) -> str:
    """Return a difference in words: where it is, what was expected, what came."""
    path, expected, got = difference.path, difference.expected, difference.got
    if got is msgspec.UNSET:
        return f"{path}: missing"
    if difference.counts:
        return f"{path}: expected {expected} items, got {got}"
    if isinstance(expected, str) and isinstance(got, str):
        expected, got = around_difference(expected, got)
    return f"{path or 'result'}: expected {_json(expected)}, got {_json(got)}"


def _json(value: object) -> str:
    return excerpt(msgspec.json.encode(value).decode(), _SHOWN)
