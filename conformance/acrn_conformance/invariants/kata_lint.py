"""The rules of the profile kata: what the arch layer never builds; facts: arch layer, dialects.

Only the devices go to the shared invariants, so that the order of the options does not matter.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Final

from acrn_cmdline.lint import Hit, Reading, Rule, Severity, devices, options, rule
from acrn_conformance import invariants
from acrn_conformance.cases import KATA_1, Dialect, Request
from acrn_conformance.invariants import Exchange
from acrn_conformance.invariants.layout import LayoutError, PciFunction, pci_function
from acrn_conformance.invariants.shape import BACKENDS
from acrn_dm import Block, Given

_OPTION_NAMES: Final[Mapping[str, str]] = {
    "-U": "uuid",
    "-A": "acpi",
    "-m": "memsize",
    "-s": "pci_slot",
    "-l": "lpc",
    "--cpu_affinity": "cpu_affinity",
    "-k": "kernel",
    "-B": "bootargs",
}
"""The model's names of the options that an arch layer writes."""

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


def _other_option(dialect: Dialect) -> Rule:
    """Return the rule that finds options which the dialect's arch layer does not write."""
    known = {*dialect.options, "-l"}
    written = {name for option, name in _OPTION_NAMES.items() if option in known}

    def check(reading: Reading) -> Iterator[Hit]:
        for given in options(reading):
            if given.name not in written:
                yield Hit(given.at, f"the arch layer of {dialect.name} has no such option")

    return Rule(
        "kata-option",
        Severity.STYLE,
        f"The arch layer of {dialect.name} writes {', '.join(dialect.options)} and no other.",
        "leave the option out, or name the dialect that has it with --dialect",
        check,
    )


def _other_name(dialect: Dialect) -> Rule:
    """Return the rule that finds a name which is no sandbox's of the dialect."""

    def check(reading: Reading) -> Iterator[Hit]:
        name, token = reading.command.name, reading.command.name_token
        if token is not None and not name.startswith(dialect.sandbox_prefix):
            yield Hit(token, f"no sandbox of {dialect.name} has this name")

    return Rule(
        "kata-name",
        Severity.STYLE,
        f"A sandbox of {dialect.name} is named {dialect.sandbox_prefix} and its id.",
        f"expect {dialect.sandbox_prefix} and the id",
        check,
    )


def rules(dialect: Dialect) -> tuple[Rule, ...]:
    """Return the rules for the arch layer of a dialect."""
    return (*_EVERY_DIALECT, _other_option(dialect), _other_name(dialect))


_EVERY_DIALECT = (
    kata_reserved_slot,
    kata_slot_shared,
    kata_place,
    kata_console_backend,
    kata_block_table,
)
