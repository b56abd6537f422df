"""Invariants of an argv and its block table by themselves."""

from collections.abc import Iterator

from acrn_conformance.cases import Request
from acrn_conformance.invariants.invariant import (
    BUILT,
    POOL_SIZE,
    RESERVED_SLOT,
    Ask,
    Invariant,
    Result,
    placed,
    table,
)

_BACKENDS = ("tty:", "pty:", "socket:", "file:")


def _reserved_slot(_request: Request, result: Result, _ask: Ask) -> Iterator[str]:
    for device in placed(result):
        if device.slot == RESERVED_SLOT:
            yield f"{device.text!a} is on the reserved slot"


def _slots_unique(_request: Request, result: Result, _ask: Ask) -> Iterator[str]:
    slots = [device.slot for device in placed(result)]
    for slot in sorted({slot for slot in slots if slots.count(slot) > 1}):
        yield f"slot {slot} has {slots.count(slot)} devices"


def _slots_rising(_request: Request, result: Result, _ask: Ask) -> Iterator[str]:
    slots = [device.slot for device in placed(result)]
    expected = [slot for slot in range(len(slots) + 1) if slot != RESERVED_SLOT][: len(slots)]
    if slots != expected:
        yield f"the slots are {slots}, not {expected}"


def _backends(_request: Request, result: Result, _ask: Ask) -> Iterator[str]:
    """Let pass a text without any backend: upstream's ``console`` gives it."""
    for device in placed(result):
        port = device.rest.removeprefix("@")
        if device.emulation == "virtio-console" and port and not port.startswith(_BACKENDS):
            yield f"{device.text!a} names no backend"


def _table_truth(_request: Request, result: Result, _ask: Ask) -> Iterator[str]:
    slots = table(result)
    disks = {device.slot for device in placed(result) if device.emulation == "virtio-blk"}
    if len(slots) != POOL_SIZE + 1:
        yield f"the block table has {len(slots)} entries, not {POOL_SIZE + 1}"
    for index, slot in enumerate(slots):
        if slot != 0 and slot not in disks:
            yield f"block index {index} is on slot {slot}, where no disk is"
    taken = [slot for slot in slots if slot != 0]
    if len(taken) != len(set(taken)):
        yield f"the block table {slots} names a slot twice"


INVARIANTS = (
    Invariant("reserved-slot", "No device sits on slot 2.", BUILT, _reserved_slot, shared=True),
    Invariant("slots-unique", "No two devices share a slot.", BUILT, _slots_unique, shared=True),
    Invariant("slots-rising", "Slots rise from 0 without a gap but slot 2.", BUILT, _slots_rising),
    Invariant(
        "backends", "A console has a backend, but for upstream's `console`.", BUILT, _backends
    ),
    Invariant(
        "table-truth",
        "A table entry is 0 or the slot of a disk, and no two name the same.",
        BUILT,
        _table_truth,
    ),
)
