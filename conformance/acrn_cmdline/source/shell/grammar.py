"""The grammar of bash, as tree-sitter has it: a script as a tree, whatever is wrong with it."""

import re
import time
from array import array
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Final

from acrn_cmdline.source.argv import Place
from acrn_cmdline.source.bounds import PARSING
from acrn_cmdline.source.shell.text import NOTHING, Text

if TYPE_CHECKING:
    from tree_sitter import Node, Point

_BACKTICKS: Final = re.compile(r"`(?=\s+`)")
_CHUNK: Final = 1 << 16


class TooHardError(ValueError):
    """A script on which the parser spends more time than there is."""


class Script:
    """The tree of a script, and the text that each of its nodes stands for."""

    def __init__(self, text: Text) -> None:
        self._read(text)
        if any(node.type == "``" for node in walk(self.root)):
            self._read(_parted(text))

    def _read(self, text: Text) -> None:
        self._text = text
        self._bytes = str(text).encode("utf-8", "surrogateescape")
        self.root = _parsed(self._bytes)

    @cached_property
    def _characters(self) -> "array[int]":
        """The number of characters before each byte."""
        counts, count = array("L"), 0
        for byte in self._bytes:
            count += byte & 0xC0 != 0x80
            counts.append(max(0, count - 1))
        counts.append(len(self._text))
        return counts

    def _character(self, offset: int) -> int:
        if len(self._bytes) == len(self._text):
            return offset
        return self._characters[offset]

    def between(self, start: int, end: int) -> Text:
        """Return the text between two bytes, as it is written."""
        return self._text.cut(self._character(start), self._character(end))

    def text(self, node: "Node") -> Text:
        """Return the text of a node, as it is written, without blanks in front."""
        return self.between(node.start_byte + self.blanks(node), node.end_byte)

    def blanks(self, node: "Node") -> int:
        """Return how many blanks the grammar counts to a node that it does not begin with."""
        written = self._bytes[node.start_byte : node.end_byte]
        return len(written) - len(written.lstrip(b" \t\n"))

    def place(self, node: "Node") -> Place:
        """Return where a node stands."""
        place = self.text(node).place or self._text.place
        assert place is not None
        return place

    @property
    def error(self) -> Place | None:
        """Where the first error of syntax stands, None where there is none."""
        for node in walk(self.root, wanted=lambda node: node.has_error):
            if node.is_error or node.is_missing:
                return self.place(node)
        return None


def _parted(text: Text) -> Text:
    """Return a script with the end of a line, continued, between two substitutions.

    The grammar takes the blanks between two backticks, the last of one substitution and the first
    of the next, for part of a word; where a line is continued it does not.
    """
    parted, at = NOTHING, 0
    for found in _BACKTICKS.finditer(str(text)):
        before = text.cut(at, found.start() + 1)
        place = text.cut(found.start()).place
        assert place is not None
        parted += before + Text.known("\\\n", place)
        at = found.start() + 1
    return parted + text.cut(at)


def walk(root: "Node", wanted: "Wanted | None" = None) -> "Iterator[Node]":
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

    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_bash.language()))
    end = time.monotonic() + PARSING

    def read(offset: int, _point: "Point") -> bytes:
        return content[offset : offset + _CHUNK]

    def late(_offset: int, _error: bool) -> bool:  # noqa: FBT001 - the parser's interface
        return time.monotonic() > end

    try:
        return parser.parse(read, progress_callback=late).root_node
    except ValueError:
        raise TooHardError from None
