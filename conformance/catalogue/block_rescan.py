"""The family `block_rescan`: which slot a rescan names, and what is refused."""

from collections.abc import Iterator

from acrn_conformance.cases import NUL
from catalogue.build import INT64_EDGES, entry, number
from catalogue.entry import Entry, Params
from catalogue.texts import SHARP, chosen

_SLOTS = [4, 5, 6, 7, 8, 9, 10, 11, 12]
"""The table of a plain sandbox."""

_MIXED = [31, 0, 2, 40, 3, 1, 30, 32, 9]
"""A table in no order, with entries that no launch gives."""


def _case(
    tail: str,
    title: str,
    rule: str,
    *,
    index: object = 3,
    file: object = "/dev/vdb",
    name: object = "sandbox-guest",
    slots: list[int] = _SLOTS,
) -> Entry:
    params: Params = {"name": name, "block_slots": slots, "index": index, "file": file}
    return entry("block_rescan", tail, title, rule, params)


def _indexes() -> Iterator[Entry]:
    for index in range(8):
        yield _case(
            f"index-{index}",
            f"A rescan of index {index} names slot {_SLOTS[index]}.",
            "rescan-argv" if index else "rescan-root-disk",
            index=index,
        )
    named = {number(index): index for index in (-1, -9, 8, 9, 100, 2**31, 2**32)}
    for name, index in {**named, **INT64_EDGES}.items():
        yield _case(
            f"index-{name}",
            f"A rescan of index {index} is refused.",
            "rescan-index-negative" if index < 0 else "rescan-range",
            index=index,
        )


def _entries() -> Iterator[Entry]:
    rules = {0: "rescan-unassigned", 40: "slots-beyond-31", 32: "slots-beyond-31"}
    for index, slot in enumerate(_MIXED[:8]):
        if index:
            yield _case(
                f"entry-{slot}",
                f"An entry {slot} is written as slot {slot}.",
                rules.get(slot, "rescan-argv"),
                index=index,
                slots=_MIXED,
            )
    yield _case(
        "table-empty",
        "In a table without disks, index 7 is taken for slot 0.",
        "rescan-unassigned",
        index=7,
        slots=[0] * 9,
    )
    yield _case(
        "table-one",
        "A table with one disk gives its slot.",
        "rescan-argv",
        index=5,
        slots=[0, 0, 0, 0, 0, 17, 0, 0, 0],
    )
    yield _case(
        "table-last",
        "Index 7 does not get the table's last entry.",
        "rescan-argv",
        index=7,
        slots=[0, 0, 0, 0, 0, 0, 0, 13, 14],
    )
    yield _case(
        "table-large",
        "Entries of any size are written as they are.",
        "slots-beyond-31",
        index=4,
        slots=[255, 256, 65_535, 65_536, 2**31, 2**32, 0, 0, 0],
    )
    yield _case(
        "table-same",
        "A table of one slot throughout gives that slot.",
        "rescan-argv",
        index=1,
        slots=[6] * 9,
    )


def _texts() -> Iterator[Entry]:
    telling = (*SHARP, "at", "equals", "tab", "carriage-return", "unclean-path", "file-url")
    for name, text in chosen(*telling):
        yield _case(
            f"text-{name}",
            f"{text.holds} stays as it is in the name and the file of a rescan.",
            "text-unchanged",
            name=text.value,
            file=text.value,
        )


_SPECIAL = (
    _case(
        "index-7-slot-0-comma",
        "A rescan of index 7 on slot 0 keeps the commas of its file.",
        "text-unchanged",
        index=7,
        file="/a,b,c",
        slots=[0] * 9,
    ),
    _case("file-empty", "A rescan without a file is refused.", "rescan-needs-file", file=""),
    _case("file-null", "A rescan with a null file is refused.", "absent-field", file=None),
    _case(
        "file-empty-index-8",
        "A rescan without a file and with an index out of range is refused.",
        "rescan-needs-file",
        file="",
        index=8,
    ),
    _case(
        "file-empty-index-0",
        "A rescan of the root disk without a file is refused.",
        "rescan-needs-file",
        file="",
        index=0,
    ),
    _case(
        "file-missing",
        "Whether the file exists is not looked at.",
        "rescan-argv",
        file="/nonexistent/disk.img",
    ),
    _case("name-empty", "An empty name is an empty token.", "rescan-argv", name=""),
    _case("name-null", "A null name is an empty token.", "absent-field", name=None),
    _case(
        "unit-no-file",
        "A rescan of index 1 without a file is refused.",
        "rescan-needs-file",
        index=1,
        file="",
    ),
    _case(
        "unit-index-9",
        "A rescan of the index behind the table's last is refused, whatever the file.",
        "rescan-range",
        index=9,
        file="/tmp/test.img",  # noqa: S108 - nothing opens it
    ),
    _case("index-null", "A null index is the root disk's.", "rescan-root-disk", index=None),
    entry(
        "block_rescan",
        "index-absent",
        "An absent index is the root disk's.",
        "rescan-root-disk",
        {"name": "g", "block_slots": _SLOTS, "file": "/dev/vdb"},
    ),
    entry(
        "block_rescan",
        "name-absent",
        "An absent name is an empty token.",
        "absent-field",
        {"block_slots": _SLOTS, "file": "/dev/vdb", "index": 1},
    ),
    entry(
        "block_rescan",
        "file-absent",
        "A rescan whose file is absent is refused.",
        "absent-field",
        {"name": "g", "block_slots": _SLOTS, "index": 1},
    ),
    entry(
        "block_rescan",
        "unknown-fields",
        "Unknown fields change nothing.",
        "unknown-field",
        {
            "name": "g",
            "block_slots": _SLOTS,
            "index": 1,
            "file": "/f",
            "slot": 9,
            "path": "/usr/bin/acrnctl",
        },
    ),
    entry(
        "block_rescan",
        "other-case",
        "Fields with names in other cases are others, and change nothing.",
        "field-name-case",
        {"name": "g", "NAME": "h", "block_slots": _SLOTS, "Index": 2, "file": "/f", "File": "/g"},
    ),
    _case("nul-in-file", "A NUL in the file is passed on, or refused.", NUL.rule, file="/f\0"),
)

ENTRIES = (*_indexes(), *_entries(), *_texts(), *_SPECIAL)
