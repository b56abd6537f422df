"""The picture of a bus as values: its rows, and what is besides them."""

from enum import StrEnum

import msgspec


class State(StrEnum):
    """How it is with a row: free, kept for GVT-g by kata, taken, or refused by acrn-dm."""

    FREE = "free"
    RESERVED = "reserved"
    TAKEN = "taken"
    FAULTY = "faulty"


class Row(msgspec.Struct, frozen=True):
    """One line of the picture: a slot with nothing in it, or one function.

    ``place`` is as short as it can be (``3``, ``3:1``, ``1:3:0``, empty where it cannot be read);
    ``indices`` are the entries of the block table that name the slot; ``kept``: it is slot 2, which
    kata keeps for GVT-g; ``text`` is the token.
    """

    place: str
    state: State
    emulation: str = ""
    details: tuple[str, ...] = ()
    indices: tuple[int, ...] = ()
    remark: str = ""
    kept: bool = False
    text: str = ""


class SlotMap(msgspec.Struct, frozen=True):
    """The picture: rows in the order of the slots, what cannot be placed after them.

    ``derived``: the block indices are not from a table, but read off the order of the disks.
    ``rest``: the tokens that put nothing on the bus. ``left_out``: functions beyond the map.
    """

    rows: tuple[Row, ...]
    rest: tuple[str, ...] = ()
    derived: bool = False
    left_out: int = 0

    @property
    def busy(self) -> tuple[Row, ...]:
        """The rows in which something sits."""
        return tuple(row for row in self.rows if row.state in {State.TAKEN, State.FAULTY})
