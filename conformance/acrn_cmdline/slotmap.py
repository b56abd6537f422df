"""The guest's PCI bus, read from any argv: 32 slots, what sits on them, and what goes wrong there.

Tolerant: an argv need not be one that an arch layer builds, or that acrn-dm takes. One release
reads it; whether that knows an emulation, or takes its arguments, is not asked here.
"""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

import msgspec

from acrn_dm import (
    BUSES,
    FUNCTIONS,
    LATEST,
    RECORDING,
    SLOTS,
    Address,
    FaultKind,
    Reading,
    SlotText,
    read,
    shares_graphics,
    slot_text,
)

__all__ = ["GVT_SLOT", "SLOTS", "Row", "SlotMap", "State", "slot_map"]

GVT_SLOT = 2

_MOST = 300
"""Functions that a map holds, more than bus 0 has places; what an argv has beyond is counted."""

_PLACEHOLDERS = 8

_GPU = re.compile(r"0*[:/.]?0*2[:/.]0*(?:,|\Z)")
"""00:02.0, in any of the forms that passthru takes, which is where Intel's GPU sits."""

_PLACED = frozenset({"pci_slot", "lpc"})


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


class _Function(NamedTuple):
    """A value of ``-s``, in parts and whole; None where ``-s`` has none."""

    written: SlotText | None
    text: str

    @property
    def place(self) -> Address | None:
        """Where it is to sit, None where that cannot be read."""
        return self.written.place if self.written else None

    @property
    def emulation(self) -> str:
        """The emulation, as written."""
        return self.written.emulation if self.written else ""


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
    functions = list(_functions(reading))
    ports = [given.value for given in reading.given if given.name == "lpc" and given.value]
    derived = () if block_slots else _derived(functions)
    kept = functions[:_MOST]
    rows = _rows(kept, _indices(block_slots or derived), ports, _Bus(reading.release, kata=kata))
    rest = tuple(_rest(reading))
    return SlotMap(tuple(rows), rest, bool(derived), len(functions) - len(kept))


def _functions(reading: Reading) -> Iterator[_Function]:
    for given in reading.given:
        if given.name == "pci_slot":
            yield _Function(slot_text(given.value), given.value)
    for _ in _lacks_value(reading, "pci_slot"):
        yield _Function(None, "-s without a value")


def _lacks_value(reading: Reading, option: str) -> Iterator[int]:
    """Yield the token of an option that stands last and lacks its value."""
    for fault in reading.faults:
        lacking = fault.kind is FaultKind.OPTION_ARGUMENT and fault.option == option
        if lacking and fault.token is not None:
            yield fault.token


def _rest(reading: Reading) -> Iterator[str]:
    """Yield the tokens that put nothing on the bus; of a cluster, what stands before its ``-s``."""
    placed: set[int] = set()
    before: dict[int, str] = {}
    for at, token, joined in _placing(reading):
        placed |= {at, token}
        text = reading.argv[at]
        if not text.startswith("--"):
            before[at] = text[: len(text) - joined - 1]
    for index, text in enumerate(reading.argv):
        if index not in placed:
            yield text
        elif before.get(index, "-") != "-":
            yield before[index]


def _placing(reading: Reading) -> Iterator[tuple[int, int, int]]:
    """Yield the token of each ``-s`` and ``-l``, that of its value, and how much is joined."""
    for given in reading.given:
        if given.name in _PLACED:
            yield given.at, given.token, len(given.value) if given.at == given.token else 0
    for name in _PLACED:
        for token in _lacks_value(reading, name):
            yield token, token, 0


def _derived(functions: Sequence[_Function]) -> tuple[int, ...]:
    """Return the table of a sandbox: its image first, then the eight placeholders."""
    disks = [f for f in functions if f.emulation == "virtio-blk"][: _PLACEHOLDERS + 1]
    empty = [disk.written is not None and disk.written.arguments == "nodisk" for disk in disks]
    if empty != [False] + [True] * _PLACEHOLDERS:
        return ()
    return tuple(disk.place.slot if disk.place else 0 for disk in disks)


def _indices(block_slots: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """Return the block indices of each slot; an entry of 0 is none."""
    named: dict[int, tuple[int, ...]] = {}
    for index, slot in enumerate(block_slots):
        if slot:
            named[slot] = (*named.get(slot, ()), index)
    return named


class _Bus(NamedTuple):
    """Whose bus it is: a release's, and whether kata's convention holds on it."""

    release: str
    kata: bool

    def keeps(self, bus: int, slot: int) -> bool:
        """Tell whether a slot is kept for GVT-g."""
        return self.kata and (bus, slot) == (0, GVT_SLOT)

    def remark(self, function: _Function, *, kept: bool) -> str:
        """Return what is worth saying of a device that is in nobody's way."""
        if function.emulation == "pci-gvt":
            return "" if shares_graphics(self.release) else "GVT-g ended with v2.7"
        return "slot 2 is kept for GVT-g" if kept else ""


def _rows(
    functions: Sequence[_Function],
    indices: dict[int, tuple[int, ...]],
    ports: Sequence[str],
    bus: _Bus,
) -> Iterator[Row]:
    """Yield the 32 slots of bus 0 in order, then other buses and places, then the rest."""
    first: dict[Address, _Function] = {}
    sitting: dict[tuple[int, int], list[Row]] = {}
    unreadable: list[Row] = []
    lpc_ports = tuple(ports)
    for function in functions:
        details = tuple(_details(function))
        if function.emulation == "lpc":
            details, lpc_ports = (*details, *lpc_ports), ()
        row = _row(function, details, first, bus)
        if function.place is None:
            unreadable.append(row)
            continue
        first.setdefault(function.place, function)
        at = function.place[:2]
        if at[0] == 0 and at not in sitting:
            row = msgspec.structs.replace(row, indices=indices.get(at[1], ()))
        sitting.setdefault(at, []).append(row)
    for slot in range(SLOTS):
        yield from sitting.pop((0, slot), None) or [_empty(slot, indices.get(slot, ()), bus)]
    for at in sorted(sitting):
        yield from sitting[at]
    yield from unreadable
    for port in lpc_ports:
        yield Row("", State.TAKEN, "-l", (port,), remark="no LPC device: unused", text=port)


def _empty(slot: int, indices: tuple[int, ...], bus: _Bus) -> Row:
    kept = bus.keeps(0, slot)
    state = State.RESERVED if kept else State.FREE
    remark = "no disk here" * bool(indices)
    return Row(str(slot), state, indices=indices, remark=remark, kept=kept)


def _row(
    function: _Function,
    details: tuple[str, ...],
    first: dict[Address, _Function],
    bus: _Bus,
) -> Row:
    if function.place is None:
        return Row("", State.FAULTY, remark="no slot that can be read", text=function.text)
    state, kept = State.FAULTY, bus.keeps(*function.place[:2])
    if outside := _outside(function.place):
        remark = outside
    elif function.place in first:
        remark = f"already taken by {first[function.place].emulation}"
    else:
        state, remark = State.TAKEN, bus.remark(function, kept=kept)
    place = _shown(*function.place)
    return Row(place, state, function.emulation, details, (), remark, kept, function.text)


def _outside(place: Address) -> str:
    """Return which number is out of the range that acrn-dm has, or nothing."""
    limits = (BUSES, SLOTS, FUNCTIONS)
    for name, number, limit in zip(Address._fields, place, limits, strict=True):
        if not 0 <= number < limit:
            return f"{name} {number} is not 0 to {limit - 1}"
    return ""


def _shown(bus: int, slot: int, function: int) -> str:
    if bus:
        return f"{bus}:{slot}:{function}"
    return f"{slot}:{function}" if function else str(slot)


def _details(function: _Function) -> Iterator[str]:
    """Yield what a device's arguments say: each console port, the disk, anything else as it is."""
    if function.written is None:
        return
    if function.written.boot:
        yield "boot device"
    config = function.written.arguments
    if function.emulation == "virtio-console" and config:
        yield from map(_port, config.split(","))
    elif function.emulation == "virtio-blk" and config == "nodisk":
        yield "placeholder (nodisk)"
    elif function.emulation == "passthru" and config and _GPU.match(config):
        yield f"{config} (the GPU)"
    elif config:
        yield config


def _port(text: str) -> str:
    """Return ``[@]BACKEND:PORT[=PATH]`` as port, backend, path; anything else as it is."""
    backend, colon, port = text.removeprefix("@").partition(":")
    if not colon:
        return text
    name, equals, path = port.partition("=")
    console = "@" if text.startswith("@") else ""
    return f"{console}{name}: {backend}" + (f" {path}" if equals else "")
