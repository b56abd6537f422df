"""What sits where on the guest's PCI bus, read from any argv: 32 slots, and what goes wrong there.

Tolerant: an argv need not be one that an arch layer builds, or that acrn-dm takes. Numbers are read
as acrn-dm reads them; whether it knows an emulation, or takes its arguments, is not asked here.
"""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import islice
from typing import NamedTuple

import msgspec

SLOTS = 32
GVT_SLOT = 2

_BUSES = 256
_FUNCTIONS = 8

_MOST = 300
"""Functions that a map holds, more than bus 0 has places; what an argv has beyond is counted."""

_PLACEHOLDERS = 8

_VALUED = "EkrBpcsmlUGi"
_VALUED_LONG = (
    *("elf_file", "kernel", "ramdisk", "bootargs", "pincpu", "ncpus", "pci_slot", "memsize", "lpc"),
    *("uuid", "gvtargs", "ioc_node", "vsbl", "ovmf", "part_info", "virtio_poll", "mac_seed"),
    *("intr_monitor", "vtpm2", "logger_setting", "pm_notify_channel", "pm_by_vuart"),
    *("cpu_affinity", "acpidev_pt", "mmiodev_pt", "cmd_monitor", "iasl"),
)
"""Options that take a value in some release; shortened long ones are taken for the first fit."""

_NUMBER = re.compile(r"\s*([+-]?[0-9]{1,20})")
_DELIMITER = re.compile("[:/.]")


class State(StrEnum):
    """How it is with a row: free, kept for GVT-g, taken, or refused by acrn-dm."""

    FREE = "free"
    RESERVED = "reserved"
    TAKEN = "taken"
    FAULTY = "faulty"


class Row(msgspec.Struct, frozen=True):
    """One line of the picture: a slot with nothing in it, or one function.

    ``place`` is as short as it can be (``3``, ``3:1``, ``1:3:0``, empty where it cannot be read);
    ``indices`` are the entries of the block table that name the slot; ``kept``: it is slot 2, which
    is GVT-g's; ``text`` is the token.
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


class _Given(NamedTuple):
    """An option with its value, None where it is missing; or a token that is none."""

    letter: str
    value: str | None
    tokens: tuple[str, ...]


class _Function(NamedTuple):
    """A value of ``-s``; the place is None where acrn-dm cannot read it."""

    place: tuple[int, int, int] | None
    emulation: str
    config: str
    text: str


def slot_map(argv: Sequence[str], block_slots: Sequence[int] = ()) -> SlotMap:
    """Return the map of an argv, the program's name not included.

    ``block_slots`` is the block table, if it is known: the slot of each index, 0 for none. Without
    one the indices are those of a sandbox (``arch-layer``: the image, then eight placeholders), if
    the disks are such.
    """
    functions: list[_Function] = []
    ports: list[str] = []
    rest: list[str] = []
    for given in _options(argv):
        if given.letter == "s":
            functions.append(_function(given.value))
        elif given.letter == "l":
            ports.append(given.value or "")
        else:
            rest += given.tokens
    derived = () if block_slots else _derived(functions)
    kept = functions[:_MOST]
    rows = _rows(kept, _indices(block_slots or derived), [port for port in ports if port])
    return SlotMap(tuple(rows), tuple(rest), bool(derived), len(functions) - len(kept))


def _options(argv: Sequence[str]) -> Iterator[_Given]:
    """Read options as getopt does: clusters, joined values, ``--``, names among them."""
    words = iter(argv)
    for word in words:
        if word == "--":
            yield from (_Given("", None, (each,)) for each in (word, *words))
        elif word.startswith("--"):
            yield _long(word, words)
        elif word.startswith("-") and len(word) > 1:
            yield from _cluster(word, words)
        else:
            yield _Given("", None, (word,))


def _cluster(word: str, words: Iterator[str]) -> Iterator[_Given]:
    """Read ``-A``, ``-s 3,lpc``, ``-lcom1,stdio``; letters that nobody knows are flags."""
    at = next((n for n, letter in enumerate(word) if n and letter in _VALUED), None)
    if at is None:
        yield _Given("", None, (word,))
        return
    if word[1:at]:
        yield _Given("", None, (word[:at],))
    joined = word[at + 1 :]
    value = joined or next(words, None)
    tokens = (f"-{word[at:]}",) if joined or value is None else (f"-{word[at]}", value)
    yield _Given(word[at], value, tokens)


def _long(word: str, words: Iterator[str]) -> _Given:
    name, equals, value = word[2:].partition("=")
    taken: str | None = value if equals else None
    tokens: tuple[str, ...] = (word,)
    if not equals and any(known.startswith(name) for known in _VALUED_LONG):
        taken = next(words, None)
        tokens = (word,) if taken is None else (word, taken)
    is_slot = "pci_slot".startswith(name) and len(name) > len("p")
    letter = "s" if is_slot else "l" if name == "lpc" else ""
    return _Given(letter, taken, tokens)


def _function(value: str | None) -> _Function:
    if value is None:
        return _Function(None, "", "", "-s without a value")
    where, comma, device = value.partition(",")
    emulation, _, config = device.partition(",")
    return _Function(_place(where) if comma else None, emulation, config, value)


def _place(text: str) -> tuple[int, int, int] | None:
    """Read ``SLOT[:FUNCTION]`` or ``BUS:SLOT:FUNCTION``; junk after a number is ignored."""
    found = [_NUMBER.match(part) for part in islice(_DELIMITER.split(text, 3), 3)]
    numbers = [int(match[1]) for match in found if match]
    if len(numbers) < len(found):
        return None
    match numbers:
        case [bus, slot, function]:
            return bus, slot, function
        case [slot, function]:
            return 0, slot, function
        case [slot]:
            return 0, slot, 0
    return None


def _derived(functions: Sequence[_Function]) -> tuple[int, ...]:
    """Return the table of a sandbox: its image first, then the eight placeholders."""
    disks = [f for f in functions if f.emulation == "virtio-blk"][: _PLACEHOLDERS + 1]
    empty = [disk.config == "nodisk" for disk in disks]
    if empty != [False] + [True] * _PLACEHOLDERS:
        return ()
    return tuple(disk.place[1] if disk.place else 0 for disk in disks)


def _indices(block_slots: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """Return the block indices of each slot; an entry of 0 is none."""
    named: dict[int, tuple[int, ...]] = {}
    for index, slot in enumerate(block_slots):
        if slot:
            named[slot] = (*named.get(slot, ()), index)
    return named


def _rows(
    functions: Sequence[_Function], indices: dict[int, tuple[int, ...]], ports: Sequence[str]
) -> Iterator[Row]:
    """Yield the 32 slots of bus 0 in order, then other buses and places, then the rest."""
    first: dict[tuple[int, int, int], _Function] = {}
    sitting: dict[tuple[int, int], list[Row]] = {}
    unreadable: list[Row] = []
    lpc_ports = tuple(ports)
    for function in functions:
        details = tuple(_details(function))
        if function.emulation == "lpc":
            details, lpc_ports = (*details, *lpc_ports), ()
        row = _row(function, details, first)
        if function.place is None:
            unreadable.append(row)
            continue
        first.setdefault(function.place, function)
        at = function.place[:2]
        if at[0] == 0 and at not in sitting:
            row = msgspec.structs.replace(row, indices=indices.get(at[1], ()))
        sitting.setdefault(at, []).append(row)
    for slot in range(SLOTS):
        yield from sitting.pop((0, slot), None) or [_empty(slot, indices.get(slot, ()))]
    for at in sorted(sitting):
        yield from sitting[at]
    yield from unreadable
    for port in lpc_ports:
        yield Row("", State.TAKEN, "-l", (port,), remark="no LPC device: unused", text=port)


def _empty(slot: int, indices: tuple[int, ...]) -> Row:
    state = State.RESERVED if slot == GVT_SLOT else State.FREE
    remark = "no disk here" * bool(indices)
    return Row(str(slot), state, indices=indices, remark=remark, kept=slot == GVT_SLOT)


def _row(
    function: _Function,
    details: tuple[str, ...],
    first: dict[tuple[int, int, int], _Function],
) -> Row:
    if function.place is None:
        return Row("", State.FAULTY, remark="no slot that can be read", text=function.text)
    state, remark, kept = State.FAULTY, "", function.place[:2] == (0, GVT_SLOT)
    if outside := _outside(*function.place):
        remark = outside
    elif function.place in first:
        remark = f"already taken by {first[function.place].emulation}"
    else:
        state = State.TAKEN
        if kept and function.emulation != "pci-gvt":
            remark = "slot 2 is kept for GVT-g"
    place = _shown(*function.place)
    return Row(place, state, function.emulation, details, (), remark, kept, function.text)


def _outside(bus: int, slot: int, function: int) -> str:
    """Return which number is out of the range that acrn-dm has, or nothing."""
    for name, number, limit in (
        ("bus", bus, _BUSES),
        ("slot", slot, SLOTS),
        ("function", function, _FUNCTIONS),
    ):
        if not 0 <= number < limit:
            return f"{name} {number} is not 0 to {limit - 1}"
    return ""


def _shown(bus: int, slot: int, function: int) -> str:
    if bus:
        return f"{bus}:{slot}:{function}"
    return f"{slot}:{function}" if function else str(slot)


def _details(function: _Function) -> Iterator[str]:
    """Yield what a device's arguments say: each console port, the disk, anything else as it is."""
    config = function.config.removeprefix("b,")
    if config != function.config:
        yield "boot device"
    if function.emulation == "virtio-console" and config:
        yield from map(_port, config.split(","))
    elif function.emulation == "virtio-blk" and config == "nodisk":
        yield "placeholder (nodisk)"
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
