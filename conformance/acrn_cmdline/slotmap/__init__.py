"""The guest's PCI bus, read from any argv: 32 slots, what sits on them, and what goes wrong there.

Tolerant: an argv need not be one that an arch layer builds, or that acrn-dm takes. One release
reads it; whether that knows an emulation, or takes its arguments, is not asked here.
"""

from collections.abc import Sequence
from typing import Final

from acrn_cmdline.slotmap.functions import derived, functions, rest
from acrn_cmdline.slotmap.rows import GVT_SLOT, Bus, rows
from acrn_cmdline.slotmap.values import Row, SlotMap, State
from acrn_dm import LATEST, RECORDING, SLOTS, read

__all__ = ["GVT_SLOT", "SLOTS", "Row", "SlotMap", "State", "slot_map"]

_MOST: Final = 300
"""Functions that a map holds, more than bus 0 has places; what an argv has beyond is counted."""


def slot_map(
    argv: Sequence[str],
    block_slots: Sequence[int] = (),
    release: str = LATEST,
    *,
    kata: bool = False,
) -> SlotMap:
    """Return the map of an argv (the program's name not included) as a release reads it.

    ``kata``: slot 2 is kept for GVT-g, as kata's arch layer does; to acrn-dm it is as any other.

    ``block_slots`` is the block table, if it is known: the slot of each index, 0 for none. Without
    one the indices are those of a sandbox (``arch-layer``: the image, then eight placeholders), if
    the disks are such. Raises UnknownReleaseError.
    """
    reading = read(argv, release, RECORDING)  # nothing that a host decides shows in a map
    found = list(functions(reading))
    ports = [given.value for given in reading.given if given.name == "lpc" and given.value]
    table = block_slots or derived(found)
    kept = found[:_MOST]
    shown = rows(kept, _indices(table), ports, Bus(reading.release, kata=kata))
    read_off = bool(table) and not block_slots
    return SlotMap(tuple(shown), tuple(rest(reading)), read_off, len(found) - len(kept))


def _indices(block_slots: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """Return the block indices of each slot; an entry of 0 is none."""
    named: dict[int, tuple[int, ...]] = {}
    for index, slot in enumerate(block_slots):
        if slot:
            named[slot] = (*named.get(slot, ()), index)
    return named
