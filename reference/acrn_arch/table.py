"""The block table: which PCI slot the block device with a given index sits on.

One table per launch. Upstream keeps a single global one that all VMs of a process overwrite
(seed: AcrnBlkdDevSlot); here a table is a value.
"""

from dataclasses import dataclass

from acrn_arch.diagnostics import log
from acrn_arch.errors import NegativeIndexError

POOL_SIZE = 8
"""Placeholders for hot-plugging; the root disk's index 0 comes on top (seed: AcrnBlkDevPoolSz)."""


@dataclass(frozen=True, slots=True)
class BlockTable:
    """Nine slots by block index; 0 means unassigned, and cannot be told from slot 0."""

    slots: tuple[int, ...] = (0,) * (POOL_SIZE + 1)


def record(slots: list[int], index: int, slot: int) -> None:
    """Put ``index`` on ``slot`` in a table that is being made; a later disk with an index wins.

    An index beyond the table leaves it as it is, with a diagnostic.
    Raises NegativeIndexError below 0.
    """
    if index < 0:
        raise NegativeIndexError(index)
    if index >= len(slots):
        log().info("block index %d is beyond the pool: its slot %d is not kept", index, slot)
        return
    slots[index] = slot
