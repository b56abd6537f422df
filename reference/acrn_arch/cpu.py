"""The CPU of the next guest, round robin: Kata 3.1 to 3.9 keep the last index in a file.

Source: kata-containers 3.9.0, virtcontainers/acrn.go, getNextApicid and updateIndex. The file's
text is ``stored``, None where there is no file.
"""

import re
from collections.abc import Sequence

from acrn_arch.errors import CpuIndexError

_HALF = 1 << 63
_LONGEST = 4300
"""Characters of a number that Python reads."""

_NUMBER = re.compile(r"[+-]?[0-9]+", re.ASCII)


def next_apic_id(apic_ids: Sequence[str], stored: str | None) -> tuple[str, str]:
    """Return the local APIC id of the next guest's CPU, and the text to store.

    Raises CpuIndexError for a text that is no integer, and where the index is outside ``apic_ids``
    (upstream panics there: after a wrap, each guest that ends takes the index one down).
    """
    index = 0 if stored is None else _int64(stored) + 1
    if index >= len(apic_ids):
        index = 0
    if index < 0 or not apic_ids:
        raise CpuIndexError(
            f"CPU index {index} names none of {len(apic_ids)} CPUs; remove the file"
        )
    return apic_ids[index], str(index)


def release_apic_id(stored: str) -> str:
    """Return the text to store when a guest ends: one less, whichever guest it was.

    Raises CpuIndexError for a text that is no integer, an empty one included.
    """
    number = _int64(stored) - 1
    return str(number if number >= -_HALF else number + 2 * _HALF)


def _int64(text: str) -> int:
    """Read as Go's Atoi does: decimal, a sign or none, nothing else, within 64 bits."""
    number = int(text) if _NUMBER.fullmatch(text) and len(text) <= _LONGEST else _HALF
    if not -_HALF <= number < _HALF:
        raise CpuIndexError(f"{text[:40]!a} is no CPU index; store a decimal number")
    return number
