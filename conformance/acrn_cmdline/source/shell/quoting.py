"""Quotes and backslashes: what text they stand for."""

import re
from typing import TYPE_CHECKING, Final

from acrn_cmdline.source.shell.grammar import Script
from acrn_cmdline.source.shell.text import NOTHING, Piece, Text

if TYPE_CHECKING:
    from tree_sitter import Node

OUTSIDE: Final = re.compile(r"\\(.)|[^\\]+|\\", re.DOTALL)
INSIDE: Final = re.compile(r"\\([$`\"\\\n])|[^\\]+|\\", re.DOTALL)
_ANSI: Final = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "e": "\x1b"}


def empty(script: Script, node: "Node") -> Text:
    """Return no text, where a quote stands: an empty word is a word."""
    return Text.known("", script.place(node))


def unescaped(text: Text, escape: re.Pattern[str]) -> Text:
    """Return text without the backslashes that quote, and without continued ends of lines."""
    written = str(text)
    if "\\" not in written:
        return text
    kept: list[Piece] = []
    for found in escape.finditer(written):
        if found[1] is None:
            kept += text.cut(*found.span()).pieces
        elif found[1] != "\n":
            kept += text.cut(*found.span(1)).pieces
    return Text(tuple(kept))


def literal(text: Text) -> Text:
    """Return the text of ``'...'`` or ``$'...'``."""
    if str(text).startswith("'"):
        return text.cut(1, len(text) - 1)
    inner = text.cut(2, len(text) - 1)
    kept = NOTHING
    for found in OUTSIDE.finditer(str(inner)):
        if found[1] is None or inner.place is None:
            kept += inner.cut(*found.span())
        else:
            kept += Text.known(_ANSI.get(found[1], found[1]), inner.place)
    return kept
