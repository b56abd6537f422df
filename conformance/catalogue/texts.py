"""The telling texts of the golden cases, each with what it holds in words."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from acrn_conformance.cases import texts


class Text(NamedTuple):
    """A text, and what it holds: the beginning of a title."""

    value: str
    holds: str


_HOLDS = {
    "comma": "A comma",
    "double-quote": "A double quote",
    "double-quotes-around": "A pair of double quotes around the text",
    "single-quotes-around": "A pair of single quotes around the text",
    "backslash": "A backslash, also as the last character,",
    "written-newline": "A backslash and an n, which are no newline,",
    "written-code-point": "A code point written out",
    "equals": "An equals sign, single, doubled and last,",
    "at": "An at sign, first and later,",
    "colon": "A colon",
    "shell": "What a shell reads as a mark",
    "format": "A format directive",
    "percent-code": "A percent-encoded character",
    "variable": "A shell substitution",
    "braces": "A pair of braces",
    "angle-brackets": "Markup with angle brackets and an entity",
    "glob": "A glob pattern",
    "dash": "A dash at the beginning",
    "long-option": "The look of a long option",
    "known-option": "The look of an acrn-dm option",
    "device-like": "The look of a device",
    "control": "A control character at either end",
    "escape": "An escape, delete or backspace character",
    "blank-alone": "Nothing but a blank",
    "blanks": "A blank, at either end and doubled,",
    "tab": "A tab",
    "newline": "A newline in the middle",
    "newline-last": "A newline at the end",
    "carriage-return": "A carriage return",
    "vertical-tab": "A vertical tab or form feed",
    "no-break-space": "A wide or unbreakable blank at an end",
    "next-line": "The character U+0085",
    "line-separator": "A line or paragraph separator",
    "byte-order-mark": "A byte order mark",
    "zero-width": "A zero-width character",
    "mixed-case": "A mix of upper and lower case",
    "composed": "A composed accent",
    "decomposed": "A combining accent",
    "compatibility": "A compatibility character",
    "scripts": "Writing of other scripts",
    "astral": "A character beyond U+FFFF",
    "last-code-point": "The last code point of all",
    "nodisk": "The word nodisk",
    "null-word": "The word null",
    "leading-zeros": "A number with leading zeros",
    "zero": "The digit 0",
    "file-url": "A file URL",
    "unclean-path": "A path that could be shortened",
    "long": "A run of 4,096 characters",
    "long-non-ascii": "A run of 512 non-ASCII characters",
}

TEXTS: Mapping[str, Text] = {name: Text(value, _HOLDS[name]) for name, value in texts.NAMED.items()}


def chosen(*names: str) -> Iterable[tuple[str, Text]]:
    """Return some texts with their names."""
    return ((name, TEXTS[name]) for name in names)


SHARP = (
    "comma",
    "double-quotes-around",
    "backslash",
    "format",
    "variable",
    "angle-brackets",
    "dash",
    "blank-alone",
    "blanks",
    "newline-last",
    "line-separator",
    "mixed-case",
    "decomposed",
    "astral",
    "long",
)
"""The texts tried wherever a text passes through, not only in a whole configuration."""
