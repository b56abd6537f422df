"""The rules of the profile kata: what the arch layer of kata 1.x never builds; facts: arch layer.

Only the devices go to the shared invariants, so that the order of the options does not matter.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Final

from acrn_cmdline.lint import Hit, Reading, Severity, devices, options, rule
from acrn_conformance import invariants
from acrn_conformance.cases import KATA_1, Request
from acrn_conformance.invariants import Exchange
from acrn_conformance.invariants.layout import LayoutError, PciFunction, pci_function
from acrn_conformance.invariants.shape import BACKENDS
from acrn_dm import Block, Given

_POOL: Final = 8
"""Block indices that a rescan takes: 0 to 7."""


def _placed(reading: Reading) -> list[tuple[Given, PciFunction]]:
    """Return the devices that have a place as the arch layer writes it."""
    found = []
    for given in options(reading, "pci_slot"):
        with suppress(LayoutError):
            found.append((given, pci_function(given.value)))
    return found


def _broken(name: str, placed: Sequence[tuple[Given, PciFunction]]) -> bool:
    """Tell whether devices break an invariant that every dialect of the arch layer keeps."""
    argv = [token for given, _ in placed for token in ("-s", given.value)]
    return any(invariant.name == name for invariant, _ in invariants.broken_by_argv(KATA_1, argv))


@rule(
    "kata-reserved-slot",
    Severity.RISKY,
    fact="The arch layer keeps slot 2 free for GVT-g; acrn-dm itself does not mind.",
    remedy="use the slots 0, 1 and 3 to 31",
)
def kata_reserved_slot(reading: Reading) -> Iterator[Hit]:
    """Find a device on slot 2 that is not GVT-g's own."""
    placed = [each for each in _placed(reading) if each[1].emulation != "pci-gvt"]
    if _broken("reserved-slot", placed):
        for given, function in placed:
            if _broken("reserved-slot", [(given, function)]):
                yield Hit(given.token, "slot 2 is GVT-g's")


@rule(
    "kata-slot-shared",
    Severity.STYLE,
    fact="The arch layer gives each device a slot of its own, and never function 1 and up.",
    remedy="give the device a slot of its own",
)
def kata_slot_shared(reading: Reading) -> Iterator[Hit]:
    """Find a slot whose functions are several devices."""
    placed = _placed(reading)
    if _broken("slots-unique", placed):
        seen: set[int] = set()
        for given, function in placed:
            if function.slot in seen:
                yield Hit(given.token, f"slot {function.slot} holds another device already")
            seen.add(function.slot)


@rule(
    "kata-place",
    Severity.STYLE,
    fact="The arch layer writes SLOT or SLOT:FUNCTION in decimal, with the emulation behind it, "
    "and knows no bus but 0.",
    remedy="write the place as the arch layer does",
)
def kata_place(reading: Reading) -> Iterator[Hit]:
    """Find a place that no arch layer writes."""
    placed = {given.token for given, _ in _placed(reading)}
    for given in options(reading, "pci_slot"):
        if given.token not in placed:
            yield Hit(given.token, "the arch layer does not write a place like this")


@rule(
    "kata-console-backend",
    Severity.RISKY,
    fact="A console of the arch layer has the backend tty, pty, socket or file, in small letters; "
    "stdio is never valid there.",
    remedy="use a socket, as kata does",
)
def kata_console_backend(reading: Reading) -> Iterator[Hit]:
    """Find a console on a backend that the arch layer does not have."""
    for given, function in _placed(reading):
        result = {"argv": ["-s", given.value]}
        exchange = Exchange(KATA_1, Request("argv"), result, lambda _: None)
        if function.emulation == "virtio-console" and any(BACKENDS.check(exchange)):
            yield Hit(given.token, "the arch layer has no such backend")


@rule(
    "kata-block-table",
    Severity.SILENT,
    fact="The table of block indices has nine entries, of which a rescan takes 0 to 7: index 8 "
    "is in the table and never updated, 9 and more are not recorded. The image has index 0.",
    remedy="expect seven placeholders to be usable, and leave the others out",
)
def kata_block_table(reading: Reading) -> Iterator[Hit]:
    """Find a placeholder that no rescan of kata reaches, the first being index 1."""
    placeholders = [f for f, disk in devices(reading, Block) if disk.placeholder]
    for index, function in enumerate(placeholders, start=1):
        if index == _POOL:
            yield Hit(function.token, f"as block index {index} it can never be updated")
        elif index > _POOL:
            yield Hit(function.token, f"as block index {index} it is not in the table")


RULES = (
    kata_reserved_slot,
    kata_slot_shared,
    kata_place,
    kata_console_backend,
    kata_block_table,
)
