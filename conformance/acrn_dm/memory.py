"""The value of ``-m``: a number, a suffix K, M or G, and whatever follows."""

from typing import Final

from acrn_dm.problem import USAGE_EXIT, Problem
from acrn_dm.text import WORD, fold, unsigned

MINIMUM: Final = 128 << 20
ALIGNMENT: Final = 2 << 20
_SHIFTS: Final = {"k": 10, "m": 20, "g": 30}


def memory(text: str) -> int | Problem:
    """Read a size in bytes: 128 MiB at least; a sign and too much wrap as a size_t does."""
    number = unsigned(text)
    shift = _SHIFTS.get(fold(text[number.end : number.end + 1])) if number else None
    if number is not None and shift is not None:
        size = (number.value << shift) % WORD
        if size >= MINIMUM:
            return size
    return Problem(f"acrn-dm: invalid memsize '{text}'", exit=USAGE_EXIT)
