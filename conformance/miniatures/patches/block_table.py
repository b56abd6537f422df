"""Faults in the block table."""

from miniatures.miniature import Constant, Patch

_BEYOND = "    if index >= len(slots):\n"
_KEPT = "        return\n"
_NEGATIVE = "        raise NegativeIndexError(index)\n"
_RECORD = "            record(slots, device.index, slot)\n"

PATCHES = (
    Patch(
        "first-disk-wins",
        "Of two disks with one index the first stays in the table.",
        "table.record",
        _BEYOND,
        "    if index < 9 and slots[index]:\n        return\n" + _BEYOND,
    ),
    Patch(
        "disk-on-slot-0-stays",
        "A disk on slot 0 gives its entry to no later one.",
        "config.block_table",
        _RECORD,
        "            if device.index in [d.index for s, d in on_slots if s == 0 < slot "
        "and isinstance(d, Block)]:\n                continue\n" + _RECORD,
    ),
    Patch(
        "index-8-not-kept",
        "The table takes no entry with index 8.",
        "table.record",
        "if index >= len(slots):",
        "if index >= POOL_SIZE:",
    ),
    Patch(
        "index-0-not-kept",
        "The table takes no entry for the root disk.",
        "table.record",
        "if index >= len(slots):",
        "if not 0 < index < len(slots):",
    ),
    Patch(
        "index-beyond-at-8",
        "A disk with an index beyond the table is entered at 8.",
        "table.record",
        _KEPT,
        "        index = POOL_SIZE\n",
    ),
    Patch(
        "index-beyond-modulo",
        "A disk with an index beyond the table is entered at the index modulo 9.",
        "table.record",
        _KEPT,
        "        index %= len(slots)\n",
    ),
    Patch(
        "index-beyond-refused",
        "A disk with an index beyond the table is refused.",
        "table.record",
        _KEPT,
        _NEGATIVE,
    ),
    Patch(
        "index-beyond-grows",
        "The table grows for a disk with index 9.",
        "table.record",
        _KEPT,
        "        slots += [slot] if index == 9 else []\n        return\n",
    ),
    Constant(
        "unassigned-is-minus-one",
        "An entry without a disk is -1.",
        "table.BlockTable.slots",
        (-1,) * 9,
    ),
    Constant("eight-entries", "The table has eight entries.", "table.BlockTable.slots", (0,) * 8),
    Patch(
        "negative-index-from-the-end",
        "A negative index counts from the end of the table.",
        "table.record",
        "    if index < 0:\n" + _NEGATIVE,
        "    index = max(index, -9) % 9 if index < 0 else index\n",
    ),
    Patch(
        "negative-index-ignored",
        "A negative index is not refused.",
        "table.record",
        _NEGATIVE,
        "        return\n",
    ),
    Patch(
        "index-of-32-bits",
        "An index is cut to 32 bits.",
        "table.record",
        "    if index < 0:\n",
        "    index = (index + 2**31) % 2**32 - 2**31\n    if index < 0:\n",
    ),
    Patch(
        "table-by-position",
        "The table has a disk's position among the devices, not its slot.",
        "config.block_table",
        "    for slot, device in on_slots:\n        if",
        "    for slot, (_, device) in enumerate(on_slots):\n        if",
    ),
    Patch(
        "placeholders-not-in-the-table",
        "A disk without a file behind it, `nodisk`, has no entry.",
        "config.block_table",
        "        if isinstance(device, Block):\n",
        "        if isinstance(device, Block) and device.file_path != 'nodisk':\n",
    ),
)
