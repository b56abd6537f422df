"""The grammar of bash, as tree-sitter has it: a script as a tree, whatever is wrong with it."""

import re
import subprocess
import sys
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Container, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Final

from acrn_cmdline.source.argv import Place
from acrn_cmdline.source.bounds import PARSING, STRAYS, TRUSTED
from acrn_cmdline.source.shell.text import Piece, Text

if TYPE_CHECKING:
    from tree_sitter import Node

_BACKTICKS: Final = re.compile(r"`(?=\s+`)")
_POSITIONAL: Final = re.compile(rb"\$(\d)")
_TRIAL: Final = """
import sys, tree_sitter, tree_sitter_bash
language = tree_sitter.Language(tree_sitter_bash.language())
tree_sitter.Parser(language).parse(sys.stdin.buffer.read())
"""


class TooHardError(ValueError):
    """A script on which the parser spends more time than there is."""


class Script:
    """The tree of a script, and the text that each of its nodes stands for."""

    def __init__(self, text: Text) -> None:
        self._read(text)
        touching, ends = False, list[int]()
        for node in walk(self.root):
            touching |= node.type == "``"
            if node.type == "command" and (end := self._assigned(node)):
                ends.append(end)
        if ends:
            self._read(self._ended(ends))
        if touching:
            self._read(_parted(self._text))
        lines = {node.start_point.row for node in _strays(self.root)}
        if 0 < len(lines) <= STRAYS:
            self._read(self._braced(lines))

    def _read(self, text: Text) -> None:
        self._text = text
        self._starts = list(accumulate((len(piece.text) for piece in text.pieces), initial=0))
        self._ends = [found.start() for found in re.finditer("\n", str(text))]
        self._bytes = str(text).encode("utf-8", "surrogateescape")
        several = len(self._bytes) > self._starts[-1]
        self._characters = _characters(str(text)) if several else None
        self.root = _parsed(self._bytes)

    def _assigned(self, command: "Node") -> int | None:
        """Return where assignments end that the grammar gives to the command of a later line.

        It does so where there are several on a line.
        """
        last = None
        for child in command.children:
            if child.type == "command_name" and last is not None:
                gap = self._bytes[last : child.start_byte]
                return last if b"\n" in gap.replace(b"\\\n", b"") else None
            if child.type != "comment":
                last = child.end_byte if child.type == "variable_assignment" else None
        return None

    def _ended(self, ends: Sequence[int]) -> Text:
        """Return the script with a semicolon at some ends."""
        kept: list[Piece] = []
        for start, end in pairwise([0, *ends]):
            kept += self.between(start, end).pieces
            kept.append(Piece(";", kept[-1].at(len(kept[-1].text))))
        return Text((*kept, *self.between(ends[-1], len(self._bytes)).pieces))

    def _braced(self, lines: Container[int]) -> Text:
        """Return the script with its positional parameters in braces, on some lines."""
        kept: list[Piece] = []
        at = line = counted = 0
        for found in _POSITIONAL.finditer(self._bytes):
            line += self._bytes.count(b"\n", counted, found.start())
            counted = found.start()
            if line in lines:
                place = self.between(*found.span()).pieces[0].place
                kept += self.between(at, found.start()).pieces
                kept.append(Piece(f"${{{found[1].decode()}}}", place))
                at = found.end()
        return Text((*kept, *self.between(at, len(self._bytes)).pieces))

    def _character(self, offset: int) -> int:
        return self._characters[offset] if self._characters else offset

    def between(self, start: int, end: int) -> Text:
        """Return the text between two bytes, as it is written."""
        first, last = self._character(start), self._character(end)
        number = max(0, bisect_right(self._starts, first) - 1)
        kept: list[Piece] = []
        while number < len(self._text.pieces) and self._starts[number] < last:
            kept.append(self._cut(number, first, last))
            number += 1
        return Text(tuple(kept))

    def _cut(self, number: int, first: int, last: int) -> Piece:
        """Return what of a piece stands between two characters of the script.

        As Piece.cut, but that the ends of lines are counted once for the whole script.
        """
        piece, start = self._text.pieces[number], self._starts[number]
        if piece.hole is not None or first <= start:
            return piece if last >= self._starts[number + 1] else piece.cut(0, last - start)
        before, here = (bisect_left(self._ends, each) for each in (start, first))
        file, line, column = piece.place
        column = first - self._ends[here - 1] if here > before else (column or 0) + first - start
        place = Place(file, (line or 0) + here - before, column)
        return Piece(piece.text[first - start : last - start], place)

    def text(self, node: "Node") -> Text:
        """Return the text of a node, as it is written, without blanks in front."""
        return self.between(node.start_byte + self.blanks(node), node.end_byte)

    def blanks(self, node: "Node") -> int:
        """Return how many blanks the grammar counts to a node that it does not begin with."""
        written = self._bytes[node.start_byte : node.end_byte]
        return len(written) - len(written.lstrip(b" \t\n"))

    def place(self, node: "Node") -> Place:
        """Return where a node stands."""
        return self.text(node).place or self._text.pieces[0].place

    @property
    def error(self) -> Place | None:
        """Where the first error of syntax stands, None where there is none."""
        for node in walk(self.root, wanted=lambda node: node.has_error):
            if node.is_error or node.is_missing:
                return self.place(node)
        return None


def _characters(text: str) -> "array[int]":
    """Return the number of characters before each byte; what is no UTF-8 is a character a byte."""
    counts = array("L")
    for number, character in enumerate(text):
        size = 1 if character.isascii() else len(character.encode("utf-8", "surrogateescape"))
        counts.extend([number] * size)
    counts.append(len(text))
    return counts


def _parted(text: Text) -> Text:
    """Return a script with the end of a line, continued, between two substitutions.

    The grammar takes the blanks between two backticks, the last of one substitution and the first
    of the next, for part of a word; where a line is continued it does not.
    """
    ends = [found.start() + 1 for found in _BACKTICKS.finditer(str(text))]
    kept: list[Piece] = []
    for start, end in pairwise([0, *ends]):
        kept += text.cut(start, end).pieces
        kept.append(Piece("\\\n", kept[-1].at(len(kept[-1].text))))
    return Text((*kept, *text.cut(ends[-1] if ends else 0).pieces))


def _strays(root: "Node") -> "Iterator[Node]":
    """Yield the dollars that the grammar takes for text.

    Of two positional parameters in a word it knows but the first.
    """
    for node in walk(root):
        if node.type in {"concatenation", "command"}:
            yield from (child for child in node.children if child.type == "$")


def walk(root: "Node", wanted: Callable[["Node"], bool] | None = None) -> "Iterator[Node]":
    """Yield a node and all below it that are wanted, in the order of the text."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if wanted is None or wanted(node) or node.is_missing:
            yield node
            waiting += reversed(node.children)


def _parsed(content: bytes) -> "Node":
    """Return the tree; raises TooHardError where that takes too long."""
    import tree_sitter  # noqa: PLC0415 - only a script pays for it
    import tree_sitter_bash  # noqa: PLC0415 - as above

    if len(content) > TRUSTED:
        _try(content)
    language = tree_sitter.Language(tree_sitter_bash.language())
    return tree_sitter.Parser(language).parse(content).root_node


def _try(content: bytes) -> None:
    """Parse in a process that can be stopped, which the parser itself cannot be relied on for."""
    command = (sys.executable, "-c", _TRIAL)
    try:
        subprocess.run(
            command, input=content, timeout=PARSING, check=True, stderr=subprocess.DEVNULL
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        raise TooHardError from None
