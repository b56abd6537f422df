"""Faults in the hot-plug of a disk."""

from miniatures.miniature import Patch

_BOUNDS = "if not 0 <= index < POOL_SIZE:"
_RETURN = '    return "blkrescan", name, f"{table.slots[index]},{file}"'


def _rescan(name: str, what: str, old: str, new: str) -> Patch:
    return Patch(name, what, "sandbox.block_rescan", old, new)


def _refusing(name: str, what: str, condition: str) -> Patch:
    refusal = f'    if {condition}:\n        raise RescanError("refused")\n'
    return _rescan(name, what, _RETURN, refusal + _RETURN)


PATCHES = (
    _rescan("rescan-root-refused", "A rescan of the root disk is refused.", _BOUNDS,
            "if not 1 <= index < POOL_SIZE:"),
    _rescan("rescan-of-8", "A rescan of index 8 is not refused.", _BOUNDS,
            "if not 0 <= index <= POOL_SIZE:"),
    _rescan("rescan-negative", "A rescan of a negative index counts from the end.", _BOUNDS,
            "if not -9 <= index < POOL_SIZE:"),
    _rescan("rescan-file-of-blanks", "A rescan with a file of blanks is refused.",
            "    if not file:\n", "    if not file.strip():\n"),
    _rescan("rescan-comma-escaped", "A comma in a rescan's file is escaped.", "]},{file}",
            "]},{file.replace(',', chr(92) + ',')}"),
    _rescan("rescan-path-normalised", "A rescan's path is normalised.", "]},{file}",
            "]},{__import__('posixpath').normpath(file)}"),
    _rescan("rescan-without-name", "A rescan leaves out an empty name.", _RETURN,
            '    return tuple(filter(None, ("blkrescan", name, f"{table.slots[index]},{file}")))'),
    _refusing("rescan-unassigned-refused", "A rescan of an entry without a disk is refused.",
              "not table.slots[index]"),
    _refusing("rescan-beyond-31-refused", "A rescan of a slot beyond 31 is refused.",
              "table.slots[index] > 31"),
    _refusing("rescan-reserved-refused", "A rescan of slot 2 is refused.",
              "table.slots[index] == 2"),
)  # fmt: skip
