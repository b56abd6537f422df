"""How C sees text: length in bytes, numbers as strtol, strtoul and sscanf read them."""

import re
from typing import Final, NamedTuple

_LONGEST: Final = 24
"""Digits, leading zeros aside, past which a number exceeds 64 bits in every base used here."""

_BLANK: Final = r"[ \t\n\v\f\r]*"
_DECIMAL: Final = re.compile(_BLANK + r"([+-]?)([0-9]+)")
_ANY_BASE: Final = re.compile(
    _BLANK + r"([+-]?)(?:0[xX](?P<hex>[0-9a-fA-F]+)|0(?P<oct>[0-7]*)|(?P<dec>[1-9][0-9]*))"
)

WORD: Final = 1 << 64
"""The range of a size_t on the machines that acrn-dm runs on."""


class Number(NamedTuple):
    """A number at the start of a text, and where the rest of the text starts."""

    value: int
    end: int


def size(text: str) -> int:
    """Return the bytes of a token; each surrogate of PEP 383 stands for one byte."""
    return len(text) if text.isascii() else len(octets(text))


def octets(text: str) -> bytes:
    """Return the bytes of a token; a surrogate that stands for none is encoded as it is."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def cut(text: str, limit: int) -> str:
    """Return the text as far as its first ``limit`` bytes hold it."""
    if len(text) <= limit and size(text) <= limit:
        return text
    return octets(text[:limit])[:limit].decode("utf-8", "surrogateescape")


def fold(text: str) -> str:
    """Return the text in small letters, as C does: nothing but ASCII has a case."""
    return text.lower() if text.isascii() else text


def decimal(text: str) -> Number | None:
    """Read as strtol in base 10: blanks, a sign, digits; None where there is no digit."""
    if text.isdecimal() and text.isascii() and len(text) < _LONGEST:  # nearly always
        return Number(int(text), len(text))
    found = _DECIMAL.match(text)
    if found is None:
        return None
    return Number(_signed(found[1], _magnitude(found[2], 10)), found.end())


def unsigned(text: str) -> Number | None:
    """Read as strtoul in base 0: too much saturates, a sign wraps (``-1`` is 2**64 - 1)."""
    found = _ANY_BASE.match(text)
    if found is None:
        return None
    base = {"hex": 16, "oct": 8, "dec": 10}[found.lastgroup or "oct"]
    magnitude = _magnitude(found[found.lastgroup or "oct"], base)
    if magnitude >= WORD:
        return Number(WORD - 1, found.end())
    return Number(_signed(found[1], magnitude) % WORD, found.end())


def _magnitude(digits: str, base: int) -> int:
    """Convert without the cost of a number that is far too long anyway."""
    digits = digits.lstrip("0")
    return WORD if len(digits) > _LONGEST else int(digits or "0", base)


def _signed(sign: str, magnitude: int) -> int:
    return -magnitude if sign == "-" else magnitude
