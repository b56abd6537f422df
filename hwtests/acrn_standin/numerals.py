"""Numbers as the C library's strtol and strtoul read them: blanks before, anything after."""

import re

MIB = 1 << 20
LEAST_MEMORY = 128 * MIB

_DECIMAL = re.compile(r"[ \t-\r]*([+-]?[0-9]+)", re.ASCII)
_ANY_BASE = re.compile(r"[ \t-\r]*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)", re.ASCII)
_SHIFT = {"k": 10, "m": 20, "g": 30}
_LONG = 1 << 63
_ULONG = 1 << 64
_INT = 1 << 32
_DIGITS = 20
"""More digits than any unsigned 64-bit number has, so that longer ones need not be computed."""


def decimal(text: str) -> int | None:
    """Return the number at the beginning of a text as a C int, None without a digit.

    What follows the number is ignored; past 64 bits there is no number, past 32 it wraps.
    """
    found = _DECIMAL.match(text)
    if not found or len(found[1].lstrip("+-0")) > _DIGITS:
        return None
    value = int(found[1])
    if not -_LONG <= value < _LONG:
        return None
    return (value + _INT // 2) % _INT - _INT // 2


def memory_size(text: str) -> int | None:
    """Return the bytes of a ``-m``, None where acrn-dm refuses it.

    A number in any base of C with K, M or G behind it, whatever then follows; a negative one
    wraps to a huge one. At least 128 MiB.
    """
    found = _ANY_BASE.match(text)
    shift = _SHIFT.get(text[found.end() :][:1].lower()) if found else None
    if not found or shift is None:
        return None
    size = (_unsigned(found[1], found[2]) << shift) % _ULONG
    return size if size >= LEAST_MEMORY else None


def _unsigned(sign: str, digits: str) -> int:
    base = 16 if digits[:2] in {"0x", "0X"} else 8 if digits.startswith("0") else 10
    significant = digits[2:] if base == 16 else digits  # noqa: PLR2004  (as the line above)
    # Past 64 bits strtoul gives its greatest number, with the sign not looked at.
    if len(significant.lstrip("0")) > 22 or int(significant, base) >= _ULONG:  # noqa: PLR2004  (octal digits of 64 bits)
        return _ULONG - 1
    value = int(significant, base)
    return (-value) % _ULONG if sign == "-" else value
