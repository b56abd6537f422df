"""The changes of an upgrade in the script that the argv was read from, where they are literal."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from acrn_cmdline.source import Place
from acrn_cmdline.upgrade.values import Carried, Change, Upgrade
from acrn_cmdline.upgrade.written import Lines, Written

_PLAIN: Final = re.compile(r"[\w./:=,@%+${}-]+\Z")
"""Words that are what they look like in a shell, also between double quotes."""

_QUOTE: Final = re.compile("[\"']")
_END: Final = r"""(?=[\s"'`);&|]|$)"""
_PROGRAM: Final = re.compile(r"""["']?[^\s"']*acrn-dm["']?(?=\s|$)""")


class ByHand(NamedTuple):
    """A change that is left to the author; ``written`` are the script's words for its tokens."""

    change: Change
    written: tuple[str, ...]


class Rewritten(NamedTuple):
    """A script with changes made in it, and those that are not literally there."""

    text: str
    by_hand: tuple[ByHand, ...]


class _Splice(NamedTuple):
    """New text for a stretch of a line; lines and columns count from 0."""

    line: int
    start: int
    stop: int
    text: str


class _Cursor(NamedTuple):
    """A line and a column, counted from 0."""

    line: int
    column: int


Own = frozenset[Place | None]
"""Places that are one token's alone."""


def in_script(upgrade: Upgrade, text: str) -> Rewritten:
    """Make the changes of an upgrade in the script that its argv was read from.

    A change is literal where each of its tokens stands in the script as it is, and nothing else
    of the command line comes from the same place; a token goes with its word of the call, too.
    """
    lines = text.splitlines(keepends=True)
    uses = Counter(place for place in upgrade.given.places if place)
    own = frozenset(place for place, number in uses.items() if number == 1)
    written = Written(upgrade.given, tuple(lines))
    found = [(change, _splices(change, written, own)) for change in upgrade.changes]
    wanted = {_giver(change) for change, splices in found if splices is None}
    found = [
        (change, None if (change.before, change.places) in wanted else splices)
        for change, splices in found
    ]
    by_hand = tuple(_by_hand(change, written) for change, splices in found if splices is None)
    for splice in sorted({each for _, splices in found for each in splices or ()}, reverse=True):
        old = lines[splice.line]
        lines[splice.line] = old[: splice.start] + splice.text + old[splice.stop :]
    return Rewritten("".join(lines), by_hand)


def _giver(change: Change) -> tuple[tuple[str, ...], tuple[Place | None, ...]] | None:
    """Return the tokens that a change takes a value from: they stay where it is not made."""
    return (change.carried.words, change.carried.places) if change.carried else None


def _by_hand(change: Change, written: Written) -> ByHand:
    """Return a change in words of the script."""
    carried = change.carried
    if carried:
        old = carried.key + carried.value
        value = _words(carried.words, carried.places, written)[-1]
        if len(carried.words) == 1:
            value = value.partition("=")[2]
        after = tuple(each.replace(old, carried.key + value) for each in change.after)
        change = change._replace(after=after)
    return ByHand(change, _words(change.before, change.places, written))


def _words(
    words: tuple[str, ...], places: Sequence[Place | None], written: Written
) -> tuple[str, ...]:
    """Return the words of the script for tokens."""
    tokens = written.tokens(words, places)
    return words if tokens is None else tuple(map(written.shown, tokens))


def _splices(change: Change, written: Written, own: Own) -> list[_Splice] | None:
    """Return what a change is in the lines; None: it is not literal."""
    lines = written.lines
    if change.carried is None and not all(map(_PLAIN.match, change.after)):
        return None
    if not change.before:
        return _inserted(change.after, written.argv.where, lines)
    literal = all(place in own and _at(place, lines) for place in _touched(change))
    if not change.after:
        return (_removed(change, lines) if literal else None) or _left_out(change, written)
    if not literal or len(change.before) != len(change.after):
        return None
    return _replaced(change, written)


def _touched(change: Change) -> Iterator[Place | None]:
    """Yield the places of the words that do not stay."""
    for index, place in enumerate(change.places):
        if change.before[index : index + 1] != change.after[index : index + 1]:
            yield place


def _inserted(words: Sequence[str], where: Place, lines: Lines) -> list[_Splice] | None:
    """Return new words behind the program's name."""
    at = _at(where, lines)
    name = _PROGRAM.match(lines[at.line], at.column) if at else None
    if at is None or name is None:
        return None
    shown = (f'"{word}"' if "$" in word else word for word in words)
    return [_Splice(at.line, name.end(), name.end(), f" {' '.join(shown)}")]


def _replaced(change: Change, written: Written) -> list[_Splice] | None:
    """Return other words in the places of some."""
    found = []
    for old, new, place in zip(change.before, change.after, change.places, strict=True):
        if old != new:
            splice = _stretch([old], place, written.lines)
            text = splice and _renewed(splice, old, new, change.carried, written)
            if splice is None or text is None:
                return None
            found.append(splice._replace(text=text))
    return found


def _renewed(
    splice: _Splice, old: str, new: str, carried: Carried | None, written: Written
) -> str | None:
    """Return the new text of a word; a value from elsewhere goes by the word that gives it."""
    if carried is None:
        return splice.text.replace(old, new)
    head, _, tail = new.partition(carried.key + carried.value)
    value = _value(carried, splice, written)
    if value is None or not _PLAIN.match(head + tail):
        return None
    if splice.text == old:
        return f"{head}{carried.key}{value}{tail}"
    return f'"{head}{carried.key}{re.sub(_QUOTE, "", value)}{tail}"'


def _value(carried: Carried, splice: _Splice, written: Written) -> str | None:
    """Return how the script writes a value, as it can stand in a word of the same call.

    Literal text can stand in any; variables and parameters mean the same in the call alone.
    """
    plain = "$" not in carried.value and _PLAIN.match(carried.value)
    if plain and _stretch(carried.words, carried.places[0], written.lines):
        return carried.value
    tokens = written.tokens(carried.words, carried.places)
    word = None if tokens is None else written.word(tokens[-1])
    if word is None or "'" in word.text or not written.in_call(splice.line):
        return None
    joined = len(carried.words) == 1
    return word.text.partition("=")[2] if joined else word.text


def _removed(change: Change, lines: Lines) -> list[_Splice] | None:
    """Return nothing in the place of an option, whose words must stand side by side."""
    splice = _stretch(change.before, change.places[0], lines)
    ends = [_at(place, lines) for place in change.places]
    if splice is None or any(at is None or at.line != splice.line for at in ends):
        return None
    if any(at and not splice.start - 1 <= at.column < splice.stop for at in ends):
        return None
    line = lines[splice.line]
    return [
        splice._replace(stop=splice.stop + (line[splice.stop : splice.stop + 1] == " "), text="")
    ]


def _left_out(change: Change, written: Written) -> list[_Splice] | None:
    """Return nothing in the place of words that give the tokens, whatever these are."""
    tokens = written.tokens(change.before, change.places)
    words = [] if tokens is None else [written.one_word(token) for token in tokens]
    first = words[0] if words else None
    if first is None or first.text.lstrip("\"'")[:1] != "-":
        return None
    line, stop = written.lines[first.line], first.start
    for word in words:
        if word is None or word.line != first.line or line[stop : word.start].strip(" \t"):
            return None
        stop = word.stop
    return [_Splice(first.line, first.start, stop + (line[stop : stop + 1] == " "), "")]


def _stretch(words: Sequence[str], place: Place | None, lines: Lines) -> _Splice | None:
    """Return the stretch in which words stand by themselves, with the quotes around each."""
    at = _at(place, lines)
    if at is None:
        return None
    quoted = [rf"(?P<q{n}>[\"']?){re.escape(word)}(?P=q{n})" for n, word in enumerate(words)]
    pattern = re.compile(r"[ \t]+".join(quoted) + _END)
    for start in (at.column - 1, at.column):
        found = pattern.match(lines[at.line], max(start, 0))
        if found:
            return _Splice(at.line, found.start(), found.end(), found[0])
    return None


def _at(place: Place | None, lines: Lines) -> _Cursor | None:
    """Return where a place is in the lines; None: it is not there."""
    if place is None or place.line is None or place.column is None or place.line > len(lines):
        return None
    return _Cursor(place.line - 1, place.column - 1)
