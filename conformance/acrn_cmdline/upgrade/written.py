"""How a script writes the tokens of a call: the words of the call, with their variables."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from acrn_cmdline.source import Argv, Place

Lines = Sequence[str]

_EXPANSION: Final = re.compile(r"\$\{[^{}]*\}|\$\([^()]*\)|\$\w+")
_WORD: Final = re.compile(
    r"""(?:"[^"\\`\n]*"|'[^'\n]*'|\$\{[^{}\s"'`\\]*\}|\$?[\w./:=,@%+~^-])+(?=[\s"'`);&|]|$)"""
)
_BARE: Final = re.compile(r"""(?:\$\{[^{}\s"'`\\]*\}|\$?[\w./:=,@%+-])+(?=[\s"'`);&|]|$)""")
_MANY: Final = re.compile(r"\$[@*]|\$\{[^{}]*[@*]")
_ASSIGNED: Final = re.compile(r"=[\"']?\Z")
_QUOTED: Final = re.compile(r"\"[^\"]*\"|'[^']*'")


class Stretch(NamedTuple):
    """What stands in a line from a column on; lines and columns count from 0."""

    line: int
    start: int
    text: str

    @property
    def stop(self) -> int:
        """The column behind it."""
        return self.start + len(self.text)


class Written(NamedTuple):
    """An argv, and the lines of the script that it was read from."""

    argv: Argv
    lines: Lines

    def tokens(self, words: Sequence[str], places: Sequence[Place | None]) -> range | None:
        """Return the indices of tokens with places; None: there are none such, or several."""
        known, number = self.argv, len(words)
        found = [
            index
            for index in range(len(known.tokens) - number + 1)
            if known.tokens[index : index + number] == tuple(words)
            and known.places[index : index + number] == tuple(places)
        ]
        return range(found[0], found[0] + number) if len(found) == 1 else None

    def word(self, token: int) -> Stretch | None:
        """Return the word of the call that gives one token and no other; None: none is known to."""
        origins = self.argv.origins
        if not origins or origins.count(origins[token]) != 1:
            return None
        found = self._at(origins[token], _WORD)
        if found is None or not self.in_call(found.line) or _MANY.search(found.text):
            return None
        return found if _gives(found.text, self.argv.tokens[token]) else None

    def one_word(self, token: int) -> Stretch | None:
        """Return the word of a token, if it is one whatever its variables are, or they are known.

        It may also stand in a value that the call splits.
        """
        found = self.word(token) or self._bare(token)
        if found is None:
            return None
        bare = "$" in _QUOTED.sub("", found.text)
        return None if bare and self.argv.holes.get(token) else found

    def shown(self, token: int) -> str:
        """Return the word of the script for a token; an ellipsis where it has none of its own."""
        found = self.word(token) or self._bare(token)
        return found.text if found else "..."

    def _bare(self, token: int) -> Stretch | None:
        """Return the text without quotes that a token begins with, if it gives the token.

        The value of a variable is no word of the options that it stands in.
        """
        found = self._at(self.argv.places[token], _BARE)
        if found is None or not _gives(found.text, self.argv.tokens[token]):
            return None
        before = self.lines[found.line][: found.start]
        assigned = _ASSIGNED.search(before) and not found.text.startswith("-")
        return None if assigned else found

    def _at(self, place: Place | None, pattern: re.Pattern[str]) -> Stretch | None:
        if place is None or place.line is None or place.column is None:
            return None
        line, column = place.line - 1, place.column - 1
        found = pattern.match(self.lines[line], column) if line < len(self.lines) else None
        return Stretch(line, column, found[0]) if found else None

    def in_call(self, line: int) -> bool:
        """Tell whether a line is the one of the program's name, or continues it."""
        first = (self.argv.where.line or 0) - 1
        return 0 <= first <= line and all(
            each.rstrip("\r\n").endswith("\\") for each in self.lines[first:line]
        )


def _gives(written: str, token: str) -> bool:
    """Tell whether a word can be a token, where its expansions are anything."""
    bounds = _EXPANSION.split(re.sub("[\"']", "", written))
    return re.fullmatch(".*".join(map(re.escape, bounds)), token, re.DOTALL) is not None
