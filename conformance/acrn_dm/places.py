"""Places on a PCI bus as written: ``SLOT[:FUNCTION]`` or ``BUS:SLOT:FUNCTION``."""

import re
from typing import Final

from acrn_dm.text import integer

_DELIMITER: Final = re.compile("[:/.]")
_FIELDS: Final = 3


def place_numbers(text: str, base: int) -> tuple[int, int, int] | None:
    """Read bus, slot and function; a fourth field and junk are ignored, None where one is none."""
    values = []
    for each in _DELIMITER.split(text, _FIELDS)[:_FIELDS]:
        number = integer(each, base)
        if number is None:
            return None
        values.append(number.value)
    bus, slot, function = values if len(values) == _FIELDS else [0, *values, 0][:_FIELDS]
    return bus, slot, function
