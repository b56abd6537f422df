"""Words that somebody has printed with blanks between them, and no quotes: lists of processes, logs.

Which blanks belong to a word is not said any more. The values that are known to have blanks are put
together again: a kernel's boot arguments, and what GVT-g takes.
"""

import re
from collections.abc import Iterator
from typing import Final

from acrn_cmdline.source.argv import Argv, Place
from acrn_cmdline.source.words import PROGRAM, base

_LONG: Final = frozenset({"-B", "--bootargs", "-G", "--gvtargs"})
_NUMBERS: Final = frozenset({"-G", "--gvtargs"})
NOTE: Final = "printed without quotes: which blanks belong to a value is a guess"

_HEADER: Final = re.compile(r"(?:.*\s)?(?:COMMAND|CMD|ARGS)\s*\Z")
_LISTED: Final = re.compile(
    r"(?P<front>\S.*?[\s\u2500]\d*\s*|[^\w/]*\d*\s*)?(?P<program>[^\s\"'=]*\bacrn-dm)\s+(?P<rest>-.*)\Z"
)
_SEARCHES: Final = frozenset({"grep", "egrep", "pgrep", "pkill", "pidof"})


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


def listed(lines: list[str], name: str) -> Iterator[Argv]:
    """Yield the argvs of a list of processes: a program behind a number, or below a heading."""
    heading = any(_HEADER.match(line) for line in lines[:3])
    seen: set[tuple[str, ...]] = set()
    for number, line in enumerate(lines, start=1):
        found = _LISTED.match(line)
        if found is None or base(found["program"]) != PROGRAM:
            continue
        front = (found["front"] or "").split()
        listing = heading or any(word.strip("\u251c\u2514\u2500|`-").isdigit() for word in front)
        if not listing or (front and base(front[-1]) in _SEARCHES):
            continue
        place = Place(name, number, found.start("program") + 1)
        call = argv(found["rest"], place, found.start("rest"))
        if call.tokens not in seen:
            seen.add(call.tokens)
            yield call
