"""The differences of two lists of tokens, marked for a person to see."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from acrn_base.text import LONG, columns, visible

_MOST = 200
"""Tokens of each list that a diff looks at."""


class DiffLine(NamedTuple):
    """One line of a token diff: ``sign`` is ``-`` expected, ``+`` got, ``?`` a mark, or a blank."""

    sign: str
    text: str


def diff(expected: Sequence[str], got: Sequence[str], around: int = 2) -> Iterator[DiffLine]:
    """Yield the differences of two token lists, ``around`` equal tokens of context on each side.

    A token that differs from its partner is followed by a line that marks the first differing
    character. Of long lists only some hundred tokens from shortly before the first difference on
    are looked at.
    """
    from difflib import SequenceMatcher  # noqa: PLC0415 - what passes has no difference

    start = max(0, _equal_items(expected, got) - around)
    wanted, actual = expected[start : start + _MOST], got[start : start + _MOST]
    matcher = SequenceMatcher(None, wanted, actual, autojunk=False)
    for group in matcher.get_grouped_opcodes(around):
        yield DiffLine(" ", f"at token {start + group[0][1]}:")
        for tag, a_from, a_to, b_from, b_to in group:
            if tag == "equal":
                yield from (DiffLine(" ", _shown(token)) for token in wanted[a_from:a_to])
            else:
                yield from _changed(wanted[a_from:a_to], actual[b_from:b_to])
    left_out = [max(0, len(tokens) - start - _MOST) for tokens in (expected, got)]
    if any(left_out):
        yield DiffLine(" ", f"({left_out[0]} more expected, {left_out[1]} more got)")


def _changed(expected: Sequence[str], got: Sequence[str]) -> Iterator[DiffLine]:
    for wanted, actual in zip(expected, got, strict=False):
        yield from _pair(wanted, actual)
    paired = min(len(expected), len(got))
    yield from (DiffLine("-", _shown(token)) for token in expected[paired:])
    yield from (DiffLine("+", _shown(token)) for token in got[paired:])


def _pair(expected: str, got: str) -> Iterator[DiffLine]:
    """Show two tokens from shortly before their first difference on, and mark it."""
    same = _equal_items(expected, got)
    start = max(0, same - LONG // 2)
    quote = "'" if _needs_quotes(expected) or _needs_quotes(got) else ""
    lead = quote + ("..." if start else "")
    for sign, token in (("-", expected), ("+", got)):
        yield DiffLine(sign, lead + _cut(token[start:]) + quote)
    column = len(lead) + columns(visible(expected[start:same]))
    if column > len(quote):
        yield DiffLine("?", " " * column + "^")


def around_difference(expected: str, got: str, longest: int = 60) -> tuple[str, str]:
    """Return both texts, or of long ones the parts around their first difference."""
    if max(len(expected), len(got)) <= longest:
        return expected, got
    start = max(0, _equal_items(expected, got) - longest // 2)
    lead = "..." if start else ""
    shown = []
    for text in (expected, got):
        part = text[start : start + longest]
        shown.append(lead + part + ("..." if start + longest < len(text) else ""))
    return shown[0], shown[1]


def _equal_items(first: Sequence[str], second: Sequence[str]) -> int:
    """Return how many items two lists, or characters two texts, have in common from the start."""
    pairs = enumerate(zip(first, second, strict=False))
    shorter = min(len(first), len(second))
    return next((position for position, (a, b) in pairs if a != b), shorter)


def _shown(token: str) -> str:
    return f"'{_cut(token)}'" if _needs_quotes(token) else _cut(token)


def _needs_quotes(token: str) -> bool:
    """Tell whether a token would not be seen as it is: empty, or with blanks at its ends."""
    return token == "" or token != token.strip()


def _cut(token: str) -> str:
    if len(token) > 2 * LONG:
        return f"{visible(token[:LONG])}...({len(token) - LONG} more characters)"
    return visible(token)
