"""Words that somebody has printed without quotes: lists of processes, and logs.

Which blanks belong to a word is not said any more. The values that are known to have blanks are put
together again: a kernel's boot arguments, and what GVT-g takes.
"""

import re
from collections.abc import Iterator
from typing import Final

from acrn_cmdline.source.argv import Argv, Place
from acrn_cmdline.source.words import PROGRAM, SEARCHES, base

_LONG: Final = frozenset({"-B", "--bootargs", "-G", "--gvtargs"})
_NUMBERS: Final = frozenset({"-G", "--gvtargs"})
NOTE: Final = "printed without quotes: which blanks belong to a value is a guess"

_HEADINGS: Final = frozenset({"COMMAND", "CMD", "ARGS"})
_HEADING: Final = 80
_TREE: Final = "\u251c\u2514\u2500|`-"


def unquoted(text: str) -> list[str]:
    """Return words that blanks part, but for those of values that have blanks."""
    return [word for _, word in _words(text)]


def _words(text: str) -> list[tuple[int, str]]:
    """Return the words with their offsets."""
    split = [(found.start(), found[0]) for found in re.finditer(r"\S+", text)]
    kept: list[tuple[int, str]] = []
    index = 0
    while index < len(split):
        kept.append(split[index])
        index += 1
        option = kept[-1][1]
        if option in _LONG and index < len(split):
            end = index + 1
            while end < len(split) and _goes_on(option, split, end):
                end += 1
            start, last = split[index][0], split[end - 1]
            kept.append((start, text[start : last[0] + len(last[1])]))
            index = end
    return kept


def _goes_on(option: str, split: list[tuple[int, str]], at: int) -> bool:
    """Tell whether a word belongs to the value before it; the last one is the VM's name."""
    word = split[at][1]
    if option in _NUMBERS:
        return word.isdigit()
    return not word.startswith("-") and at < len(split) - 1


def argv(text: str, place: Place, start: int) -> Argv:
    """Return the argv of a text without quotes; ``start`` is its offset in the line."""
    words = _words(text)
    column = start + 1
    places = tuple(place._replace(column=column + offset) for offset, _ in words)
    return Argv(place, tuple(word for _, word in words), places, notes=(NOTE,))


def has_heading(lines: list[str]) -> bool:
    """Tell whether the first lines have the heading of a list of processes."""
    return any(set(line[-_HEADING:].split()[-1:]) & _HEADINGS for line in lines[:3])


def listed(lines: list[str], name: str) -> Iterator[Argv]:
    """Yield the argvs of a list of processes: a program behind a number, or below a heading."""
    heading = has_heading(lines)
    seen: set[tuple[str, ...]] = set()
    for number, line in enumerate(lines, start=1):
        found = _process(line, heading=heading) if PROGRAM in line else None
        if found is not None:
            place = Place(name, number, found[0] + 1)
            call = argv(line[found[1] :], place, found[1])
            if call.tokens not in seen:
                seen.add(call.tokens)
                yield call


def _process(line: str, *, heading: bool) -> tuple[int, int] | None:
    """Return the offsets of acrn-dm and of its first option, where a line shows it running."""
    words = [(found.start(), found[0]) for found in re.finditer(r"\S+", line)]
    for index, (start, word) in enumerate(words[:-1]):
        if base(word.lstrip(_TREE)) == PROGRAM and words[index + 1][1].startswith("-"):
            front = [before.strip(_TREE) for _, before in words[:index]]
            listing = heading or any(before.isdigit() for before in front)
            searched = any(base(before) in SEARCHES for before in front)
            return (start, words[index + 1][0]) if listing and not searched else None
    return None
