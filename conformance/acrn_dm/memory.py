"""The value of ``-m``: a number, a suffix K, M or G, and whatever follows."""

from typing import Final, NamedTuple

from acrn_dm.problem import USAGE_EXIT, FaultKind, Problem
from acrn_dm.text import WORD, fold, unsigned

MINIMUM: Final = 128 << 20
ALIGNMENT: Final = 2 << 20
_SHIFTS: Final = {"k": 10, "m": 20, "g": 30}


class MemoryText(NamedTuple):
    """A size as written: the number that is read, the character behind it, and what is ignored."""

    number: int
    suffix: str
    ignored: str


def memory_text(text: str) -> MemoryText | None:
    """Take a size apart; None where no number is at its start."""
    number = unsigned(text)
    if number is None:
        return None
    return MemoryText(number.value, text[number.end : number.end + 1], text[number.end + 1 :])


def memory(text: str) -> int | Problem:
    """Read a size in bytes: 128 MiB at least; a sign and too much wrap as a size_t does."""
    written = memory_text(text)
    shift = _SHIFTS.get(fold(written.suffix)) if written else None
    if written is None or (shift is None and written.suffix):
        kind = FaultKind.MEMORY_FORM
    elif shift is None:
        kind = FaultKind.MEMORY_SUFFIX
    else:
        size = (written.number << shift) % WORD
        if size >= MINIMUM:
            return size
        kind = FaultKind.MEMORY_SIZE
    return Problem(kind, f"acrn-dm: invalid memsize '{text}'", exit=USAGE_EXIT)
