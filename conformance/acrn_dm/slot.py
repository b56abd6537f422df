"""The value of ``-s``: where a PCI function sits, and what emulates it."""

from collections.abc import Container
from functools import lru_cache
from typing import Final, NamedTuple

from acrn_dm.dated import NEVER
from acrn_dm.devices import Device, device, early_problem
from acrn_dm.machine import Machine
from acrn_dm.places import place_numbers
from acrn_dm.problem import FaultKind, Problem
from acrn_dm.tables import EMULATIONS, OBSOLETE_EMULATIONS

BUSES: Final = 256
SLOTS: Final = 32
FUNCTIONS: Final = 8


class Address(NamedTuple):
    """Where a PCI function sits in the guest.

    acrn-dm starts devices in this order, from v2.6 on those of passthru first on each bus.
    """

    bus: int
    slot: int
    function: int


class Function(NamedTuple):
    """One ``-s``: ``boot`` is the flag ``b,``, ``token`` the index of the token that holds it."""

    address: Address
    emulation: str
    device: Device
    boot: bool = False
    token: int = -1

    @property
    def bus(self) -> int:
        """The guest's PCI bus, 0 where ``-s`` names none."""
        return self.address.bus

    @property
    def slot(self) -> int:
        """The slot, 0 to 31."""
        return self.address.slot

    @property
    def function(self) -> int:
        """The function, 0 to 7."""
        return self.address.function


class SlotText(NamedTuple):
    """The value of ``-s`` as written, whether or not acrn-dm takes it.

    ``place`` is what the numbers say, also beyond a bus, None where they cannot be read;
    ``on_a_bus``: whether there is such a place. ``arguments`` is None where no comma follows the
    emulation.
    """

    where: str
    place: Address | None
    on_a_bus: bool
    emulation: str
    boot: bool
    arguments: str | None


@lru_cache(maxsize=64)  # every release reads the same devices, and several rules once more
def slot_text(text: str) -> SlotText:
    """Take the value of ``-s`` apart."""
    where, comma, rest = text.partition(",")
    emulation, behind, config = rest.partition(",")
    boot = config.startswith("b,")
    arguments = (config[2:] if boot else config) if behind else None
    place = _place(where) if comma else None
    return SlotText(where, place, _on_a_bus(place), emulation, boot, arguments)


def _place(text: str) -> Address | None:
    """Read ``SLOT[:FUNCTION]`` or ``BUS:SLOT:FUNCTION``; a fourth field and junk are ignored."""
    numbers = place_numbers(text, 10)
    return None if numbers is None else Address(*numbers)


def _on_a_bus(place: Address | None) -> bool:
    if place is None:
        return False
    ranges = zip(place, (BUSES, SLOTS, FUNCTIONS), strict=True)
    return all(0 <= number < limit for number, limit in ranges)


def function(
    text: str, token: int, machine: Machine, taken: Container[Address]
) -> Function | Problem:
    """Read the value of ``-s``; ``taken`` are the places that other functions have already."""
    written = slot_text(text)
    place, emulation = written.place, written.emulation
    if machine.release in OBSOLETE_EMULATIONS.get(emulation, NEVER):
        message = f'The "{emulation}" parameter is obsolete and ignored'
        return Problem(FaultKind.EMULATION_OBSOLETE, message)
    if place is None or not written.on_a_bus:
        return Problem(FaultKind.SLOT_SYNTAX, f'Invalid PCI slot info field "{text}"')
    if place in taken:
        at = f"{place.slot}:{place.function}"
        return Problem(FaultKind.SLOT_TAKEN, f"pci slot {at} already occupied!")
    problem = _refused(place, emulation, machine.release)
    problem = problem or early_problem(emulation, written.arguments, machine)
    if problem:
        return problem
    started = device(emulation, written.arguments, machine.release)
    return Function(place, emulation, started, written.boot, token)


def _refused(place: Address, emulation: str, release: str) -> Problem | None:
    there = EMULATIONS.get(emulation, NEVER)
    if release not in there:
        kind = FaultKind.EMULATION_ELSEWHERE if there else FaultKind.EMULATION_UNKNOWN
        at = f"{place.slot}:{place.function}"
        return Problem(kind, f'pci slot {at}: unknown device "{emulation}"')
    return None
