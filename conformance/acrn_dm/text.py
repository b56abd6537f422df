"""How C sees text: length in bytes, numbers as strtol, strtoul and sscanf read them."""

import re
from typing import Final, NamedTuple

_LONGEST: Final = 24
"""Digits, leading zeros aside, past which a number exceeds 64 bits in every base used here."""

_START: Final = re.compile(r"[ \t\n\v\f\r]*[+-]?")
_HEX: Final = re.compile("0[xX](?=([0-9a-fA-F]))")
_DIGITS: Final = {
    8: re.compile("[0-7]+"),
    10: re.compile("[0-9]+"),
    16: re.compile("[0-9a-fA-F]+"),
}
_SIXTEEN: Final = 16
_INT: Final = 1 << 31
_LONG: Final = 1 << 63

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
    return _number(text, 10)


def unsigned(text: str) -> Number | None:
    """Read as strtoul in base 0: too much saturates, a sign wraps (``-1`` is 2**64 - 1)."""
    number = _number(text, 0)
    if number is None:
        return None
    if abs(number.value) >= WORD:
        return Number(WORD - 1, number.end)
    return Number(number.value % WORD, number.end)


def integer(text: str | None, base: int = 10) -> Number | None:
    """Read an int as acrn-dm does: what exceeds 64 bits is none, what exceeds 32 wraps."""
    number = None if text is None else _number(text, base)
    if number is None or not -_LONG <= number.value < _LONG:
        return None
    return Number((number.value + _INT) % (2 * _INT) - _INT, number.end)


def natural(text: str | None, base: int = 10) -> Number | None:
    """Read an unsigned int as acrn-dm does: what exceeds 64 bits is none, all else wraps at 32."""
    number = None if text is None else _number(text, base)
    if number is None or abs(number.value) >= WORD:
        return None
    return Number(number.value % (2 * _INT), number.end)


def _number(text: str, base: int) -> Number | None:
    """Read blanks, a sign, a prefix that the base allows, digits; None where there is no digit."""
    found = _START.match(text)
    start = found.end() if found else 0
    if base in {0, _SIXTEEN} and (prefixed := _HEX.match(text, start)):
        start, base = prefixed.start(1), _SIXTEEN
    elif base == 0:
        base = 8 if text[start : start + 1] == "0" else 10
    run = _DIGITS[base].match(text, start)
    if run is None:
        return None
    magnitude = _magnitude(run[0], base)
    negative = found is not None and found[0].endswith("-")
    return Number(-magnitude if negative else magnitude, run.end())


def _magnitude(digits: str, base: int) -> int:
    """Convert without the cost of a number that is far too long anyway."""
    digits = digits.lstrip("0")
    return WORD if len(digits) > _LONGEST else int(digits or "0", base)
