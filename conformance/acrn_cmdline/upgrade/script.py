"""The changes of an upgrade in the script that the argv was read from, where they are literal."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from acrn_cmdline.source import Place
from acrn_cmdline.upgrade.values import Change, Upgrade

_PLAIN: Final = re.compile(r"[\w./:=,@%+${}-]+\Z")
"""Words that are what they look like in a shell, also between double quotes."""

_END: Final = r"""(?=[\s"'`);&|]|$)"""
_PROGRAM: Final = re.compile(r"""["']?[^\s"']*acrn-dm["']?(?=\s|$)""")


class Rewritten(NamedTuple):
    """A script with changes made in it, and those that are not literally there."""

    text: str
    by_hand: tuple[Change, ...]


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


Lines = Sequence[str]
Own = frozenset[Place | None]
"""Places that are one token's alone."""


def in_script(upgrade: Upgrade, text: str) -> Rewritten:
    """Make the changes of an upgrade in the script that its argv was read from.

    A change is literal where each of its tokens stands in the script as it is, and nothing else
    of the command line comes from the same place.
    """
    lines = text.splitlines(keepends=True)
    uses = Counter(place for place in upgrade.given.places if place)
    own = frozenset(place for place, number in uses.items() if number == 1)
    where = upgrade.given.where
    found = [(change, _splices(change, where, lines, own)) for change in upgrade.changes]
    by_hand = tuple(change for change, splices in found if splices is None)
    for splice in sorted({each for _, splices in found for each in splices or ()}, reverse=True):
        old = lines[splice.line]
        lines[splice.line] = old[: splice.start] + splice.text + old[splice.stop :]
    return Rewritten("".join(lines), by_hand)


def _splices(change: Change, where: Place, lines: Lines, own: Own) -> list[_Splice] | None:
    """Return what a change is in the lines; None: it is not literal."""
    if not all(map(_PLAIN.match, change.after)):
        return None
    if not change.before:
        return _inserted(change.after, where, lines)
    if not all(place in own and _at(place, lines) for place in _touched(change)):
        return None
    if not change.after:
        return _removed(change, lines)
    return _replaced(change, lines) if len(change.before) == len(change.after) else None


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


def _replaced(change: Change, lines: Lines) -> list[_Splice] | None:
    """Return other words in the places of some."""
    found = []
    for old, new, place in zip(change.before, change.after, change.places, strict=True):
        if old != new:
            splice = _stretch([old], place, lines)
            if splice is None:
                return None
            found.append(splice._replace(text=splice.text.replace(old, new)))
    return found


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
