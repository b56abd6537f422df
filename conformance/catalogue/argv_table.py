"""Cases of `argv` on the block table: indexes, their order, duplicates and what is not recorded."""

from collections.abc import Iterator

from catalogue.argv_options import case
from catalogue.build import INVALID, block, bridge, index_rule, lpc, net, number
from catalogue.entry import Entry, Params


def _disks(*indexes: int) -> list[Params]:
    """Disks with these indexes, each with a file of its own."""
    return [block(index, f"/dev/vd{place}") for place, index in enumerate(indexes)]


def _single() -> Iterator[Entry]:
    for index in (*range(11), 100, 255, 2**31, 2**32):
        yield case(
            f"block-index-{index}",
            f"A disk with index {index} behind five devices sits on slot 6.",
            index_rule(index, "block-table"),
            {"devices": [bridge(), lpc(), net(), net(), net(), block(index)]},
        )
    for index in (-1, -9):
        yield case(
            f"block-index-{number(index)}",
            f"A disk with index {index} is refused.",
            "block-index-negative",
            {"devices": [bridge(), block(index)]},
        )
    for index in (0, 8):
        yield case(
            f"block-slot-0-index-{index}",
            f"The table cannot tell that the disk with index {index} sits on slot 0.",
            "block-table-unassigned",
            {"devices": [block(index), net()]},
        )


def _counts() -> Iterator[Entry]:
    for count in (0, 1, 8, 9, 10):
        yield case(
            f"blocks-{count}",
            f"The first {count} indexes are all emitted, and those up to 8 recorded.",
            "block-index-beyond-table" if count > 9 else "block-table",
            {"devices": [bridge(), lpc(), *_disks(*range(count))]},
        )


_ORDERS: tuple[tuple[str, str, tuple[int, ...]], ...] = (
    ("reversed", "Indexes in falling order", (8, 7, 6, 5, 4, 3, 2, 1, 0)),
    ("shuffled", "Indexes out of order and with gaps", (4, 0, 8, 2, 6)),
)

_AGAIN: tuple[tuple[str, str, tuple[int, ...]], ...] = (
    ("adjacent", "three disks in a row", (3, 3, 3)),
    ("index-0", "two root disks", (0, 1, 0)),
    ("index-8", "two disks with index 8", (8, 1, 8)),
    ("two-indexes", "two indexes given twice", (2, 6, 6, 2)),
)


def _lists() -> Iterator[Entry]:
    for tail, words, indexes in _ORDERS:
        yield case(
            f"blocks-{tail}",
            f"{words} are recorded by index, and emitted in list order.",
            "block-table",
            {"devices": [bridge(), *_disks(*indexes)]},
        )
    for tail, words, indexes in _AGAIN:
        yield case(
            f"block-again-{tail}",
            f"Of {words}, the last is what the table keeps.",
            "block-table-last-wins",
            {"devices": [bridge(), *_disks(*indexes)]},
        )


_SPECIAL = (
    case(
        "block-again-same-path",
        "The last of two disks with one index and one file is what the table keeps.",
        "block-table-last-wins",
        {"devices": [bridge(), block(4, "/d"), net(), block(4, "/d")]},
    ),
    case(
        "block-again-invalid",
        "An invalid disk with the same index takes nothing from the table.",
        "invalid-device-dropped",
        {"devices": [bridge(), block(4), block(4, ""), net()]},
    ),
    case(
        "block-invalid-only",
        "An invalid disk with an index leaves its table entry at 0.",
        "invalid-device-dropped",
        {"devices": [bridge(), lpc(), block(4, "")]},
    ),
    case(
        "block-invalid-negative",
        "A disk without a file is dropped before its negative index matters.",
        "invalid-device-dropped",
        {"devices": [bridge(), block(-1, ""), lpc(), block(1)]},
    ),
    case(
        "block-negative-among-valid",
        "One negative index refuses the whole configuration.",
        "block-index-negative",
        {"name": "g", "devices": [bridge(), block(1), block(-1), block(2)]},
    ),
    case(
        "block-beyond-takes-slot",
        "A disk beyond the table takes a slot like any other.",
        "block-index-beyond-table",
        {"devices": [block(9), block(1), block(10), block(2), block(100), block(8)]},
    ),
    case(
        "block-beyond-leaves-table",
        "A disk with index 9 leaves the entries 0, 1 and 8 as they are.",
        "block-index-beyond-table",
        {"devices": [bridge(), block(0), block(1), block(8), block(9), block(17)]},
    ),
    case(
        "blocks-slots-beyond-31",
        "The table holds slots beyond 31.",
        "slots-beyond-31",
        {"devices": [*(net() for _ in range(28)), *_disks(0, 1, 2, 3, 4, 5, 6, 7, 8)]},
    ),
    case(
        "blocks-slots-beyond-255",
        "The table holds slots of more than a byte.",
        "slots-beyond-31",
        {"devices": [*(net() for _ in range(260)), *_disks(0, 5, 8)]},
    ),
    case(
        "blocks-index-is-not-slot",
        "The table goes by index, and neither by slot nor by order.",
        "block-table",
        {"devices": [bridge(), lpc(), net(), net(), net(), *_disks(7, 3)]},
    ),
    case(
        "blocks-named-like-index",
        "A disk's index is not read from its file name.",
        "block-table",
        {"devices": [bridge(), block(1, "/dev/vd7"), block(7, "1"), block(2, "nodisk3")]},
    ),
    case(
        "block-index-8-with-comma",
        "A disk with index 8 is recorded, and a comma in its path kept.",
        "block-table",
        {"devices": [bridge(), block(8, "/run/a,b.img"), block(0, "/run/c,d.img")]},
    ),
    case(
        "no-blocks",
        "Devices without a disk among them leave the table at nine zeros.",
        "block-table-unassigned",
        {"devices": [bridge(), lpc(), net(), net()]},
    ),
    case(
        "blocks-among-invalid",
        "The table holds the slots that are left when invalid devices are gone.",
        "invalid-device-dropped",
        {"devices": [block(1), *INVALID.values(), block(2), *INVALID.values(), block(3)]},
    ),
)

ENTRIES = (*_single(), *_counts(), *_lists(), *_SPECIAL)
