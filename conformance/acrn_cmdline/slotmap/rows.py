"""The rows of the picture: each slot of bus 0, what sits on it, and what is wrong with that."""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import msgspec

from acrn_cmdline.slotmap.functions import Function
from acrn_cmdline.slotmap.values import Row, State
from acrn_dm import BUSES, FUNCTIONS, SLOTS, Address, shares_graphics

GVT_SLOT: Final = 2

_GPU: Final = re.compile(r"0*[:/.]?0*2[:/.]0*(?:,|\Z)")
"""00:02.0, in any of the forms that passthru takes, which is where Intel's GPU sits."""


class Bus(NamedTuple):
    """Whose bus it is: a release's, and whether kata's convention holds on it."""

    release: str
    kata: bool

    def keeps(self, bus: int, slot: int) -> bool:
        """Tell whether a slot is kept for GVT-g."""
        return self.kata and (bus, slot) == (0, GVT_SLOT)

    def remark(self, function: Function, *, kept: bool) -> str:
        """Return what is worth saying of a device that is in nobody's way."""
        if function.emulation == "pci-gvt":
            return "" if shares_graphics(self.release) else "GVT-g ended with v2.7"
        return "slot 2 is kept for GVT-g" if kept else ""


def rows(
    functions: Sequence[Function],
    indices: dict[int, tuple[int, ...]],
    ports: Sequence[str],
    bus: Bus,
) -> Iterator[Row]:
    """Yield the 32 slots of bus 0 in order, then other buses and places, then the rest."""
    first: dict[Address, Function] = {}
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


def _empty(slot: int, indices: tuple[int, ...], bus: Bus) -> Row:
    kept = bus.keeps(0, slot)
    state = State.RESERVED if kept else State.FREE
    remark = "no disk here" * bool(indices)
    return Row(str(slot), state, indices=indices, remark=remark, kept=kept)


def _row(
    function: Function,
    details: tuple[str, ...],
    first: dict[Address, Function],
    bus: Bus,
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


def _details(function: Function) -> Iterator[str]:
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
