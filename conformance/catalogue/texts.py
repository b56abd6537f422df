"""Texts that a wrong quoting, splitting, trimming, format, escape or fold would change."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple


class Text(NamedTuple):
    """A text, and what it holds: the beginning of a title."""

    value: str
    holds: str


_MARKS = {
    "comma": Text("a,b", "A comma"),
    "double-quote": Text('a"b', "A double quote"),
    "double-quotes-around": Text('"a b"', "A pair of double quotes around the text"),
    "single-quotes-around": Text("'a b'", "A pair of single quotes around the text"),
    "backslash": Text("a\\b\\", "A backslash, also as the last character,"),
    "written-newline": Text("a\\nb\\ c", "A backslash and an n, which are no newline,"),
    "written-code-point": Text("\\u0041\\x41\\101\\0", "A code point written out"),
    "equals": Text("a=b==c=", "An equals sign, single, doubled and last,"),
    "at": Text("@a@b", "An at sign, first and later,"),
    "colon": Text("a:b::c", "A colon"),
    "shell": Text("a;b|c&d #e !f (g)", "What a shell reads as a mark"),
    "format": Text("%s%d%v%n%(a)s%", "A format directive"),
    "percent-code": Text("%41%20+", "A percent-encoded character"),
    "variable": Text("$HOME/${HOME}/$(id)`id`", "A shell substitution"),
    "braces": Text("{}{0}{name}", "A pair of braces"),
    "angle-brackets": Text("<a>&amp;</a>", "Markup with angle brackets and an entity"),
    "glob": Text("~/*?[a-z]{a,b}", "A glob pattern"),
    "dash": Text("-a", "A dash at the beginning"),
    "long-option": Text("--name=a", "The look of a long option"),
    "known-option": Text("-s", "The look of an acrn-dm option"),
    "device-like": Text("5:0,lpc", "The look of a device"),
    "control": Text("\x1c\x01a\x1f", "A control character at either end"),
    "escape": Text("\x1b[31ma\x1b[0m\x7fb\x08", "An escape, delete or backspace character"),
}

_BLANKS = {
    "blank-alone": Text(" ", "Nothing but a blank"),
    "blanks": Text(" a  b ", "A blank, at either end and doubled,"),
    "tab": Text("\ta\tb\t", "A tab"),
    "newline": Text("a\nb", "A newline in the middle"),
    "newline-last": Text("a\n", "A newline at the end"),
    "carriage-return": Text("a\r\nb\r", "A carriage return"),
    "vertical-tab": Text("\x0ba\x0c", "A vertical tab or form feed"),
    "no-break-space": Text("\u00a0a\u3000", "A wide or unbreakable blank at an end"),
    "next-line": Text("a\u0085b\u0085", "The character U+0085"),
    "line-separator": Text("a\u2028b\u2029", "A line or paragraph separator"),
    "byte-order-mark": Text("\ufeffa\ufeff", "A byte order mark"),
    "zero-width": Text("\u200ba\u200db", "A zero-width character"),
}

_LETTERS = {
    "mixed-case": Text("MiXeD-\u00c0\u00e9-\u0130\u0131-\u00df", "A mix of upper and lower case"),
    "composed": Text("\u00e9\u00c5", "A composed accent"),
    "decomposed": Text("e\u0301A\u030a", "A combining accent"),
    "compatibility": Text("\ufb01\uff21\u2460\u212a\u212b", "A compatibility character"),
    "scripts": Text("\u65e5\u672c\u05d0\u0628\u202ea", "Writing of other scripts"),
    "astral": Text("a\U0001f600\U0001d4b3\U0001f469\u200d\U0001f467", "A character beyond U+FFFF"),
    "last-code-point": Text("\ufffd\ue000\U0010ffff", "The last code point of all"),
}

_WORDS = {
    "nodisk": Text("nodisk", "The word nodisk"),
    "null-word": Text("null", "The word null"),
    "leading-zeros": Text("007", "A number with leading zeros"),
    "zero": Text("0", "The digit 0"),
    "file-url": Text("file:///a", "A file URL"),
    "unclean-path": Text("/a//b/./../c/", "A path that could be shortened"),
    "long": Text("/" + "a" * 4094 + "z", "A run of 4,096 characters"),
    "long-non-ascii": Text("\u00e9" * 511 + "\U0001f600", "A run of 512 non-ASCII characters"),
}

TEXTS: Mapping[str, Text] = {**_MARKS, **_BLANKS, **_LETTERS, **_WORDS}


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
