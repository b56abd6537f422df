"""Invariants of an argv and its block table by themselves."""

from collections.abc import Iterator

from acrn_conformance.invariants.invariant import Exchange, Invariant, commands

_BACKENDS = ("tty:", "pty:", "socket:", "file:")


def _reserved_slot(exchange: Exchange) -> Iterator[str]:
    for device in exchange.placed:
        if device.slot == exchange.dialect.reserved_slot:
            yield f"{device.text!a} is on the reserved slot"


def _slots_unique(exchange: Exchange) -> Iterator[str]:
    slots = [device.slot for device in exchange.placed]
    for slot in sorted({slot for slot in slots if slots.count(slot) > 1}):
        yield f"slot {slot} has {slots.count(slot)} devices"


def _slots_rising(exchange: Exchange) -> Iterator[str]:
    slots = [device.slot for device in exchange.placed]
    free = [slot for slot in range(len(slots) + 1) if slot != exchange.dialect.reserved_slot]
    expected = free[: len(slots)]
    if slots != expected:
        yield f"the slots are {slots}, not {expected}"


def _backends(exchange: Exchange) -> Iterator[str]:
    """Let pass a text without any backend: upstream's ``console`` gives it."""
    for device in exchange.placed:
        port = device.rest.removeprefix("@")
        if device.emulation == "virtio-console" and port and not port.startswith(_BACKENDS):
            yield f"{device.text!a} names no backend"


def _net_prefix(exchange: Exchange) -> Iterator[str]:
    for device in exchange.placed:
        due = exchange.dialect.net_prefix
        if device.emulation == "virtio-net" and not device.rest.startswith(due):
            yield f"{device.text!a} does not name its tap with {due!a}"


def _table_truth(exchange: Exchange) -> Iterator[str]:
    slots, entries = exchange.table, exchange.dialect.pool_size + 1
    disks = {device.slot for device in exchange.placed if device.emulation == "virtio-blk"}
    if len(slots) != entries:
        yield f"the block table has {len(slots)} entries, not {entries}"
    for index, slot in enumerate(slots):
        if slot != 0 and slot not in disks:
            yield f"block index {index} is on slot {slot}, where no disk is"
    taken = [slot for slot in slots if slot != 0]
    if len(taken) != len(set(taken)):
        yield f"the block table {slots} names a slot twice"


BACKENDS = Invariant(
    "backends", "A console has a backend, but for upstream's `console`.", commands, _backends
)

INVARIANTS = (
    Invariant("reserved-slot", "No device sits on slot 2.", commands, _reserved_slot, shared=True),
    Invariant("slots-unique", "No two devices share a slot.", commands, _slots_unique, shared=True),
    Invariant(
        "slots-rising", "Slots rise from 0 without a gap but slot 2.", commands, _slots_rising
    ),
    BACKENDS,
    Invariant(
        "net-prefix",
        "A network device names its tap as the dialect's releases want it.",
        commands,
        _net_prefix,
    ),
    Invariant(
        "table-truth",
        "A table entry is 0 or the slot of a disk, and no two name the same.",
        commands,
        _table_truth,
    ),
)
