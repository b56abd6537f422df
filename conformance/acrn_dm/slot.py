"""The value of ``-s``: where a PCI function sits, and what emulates it."""

import re
from collections.abc import Container
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from acrn_dm.devices import Device, device, early_problem
from acrn_dm.host import Host
from acrn_dm.problem import Problem
from acrn_dm.tables import EMULATIONS, OBSOLETE_EMULATIONS
from acrn_dm.text import decimal

BUSES: Final = 256
SLOTS: Final = 32
FUNCTIONS: Final = 8

_DELIMITER: Final = re.compile("[:/.]")
_FIELDS: Final = 3


class Address(NamedTuple):
    """Where a PCI function sits in the guest; acrn-dm starts devices in this order."""

    bus: int
    slot: int
    function: int


@dataclass(frozen=True, slots=True)
class Function:
    """One ``-s``: ``boot`` is the flag ``b,``, ``token`` the index of the token that holds it."""

    address: Address
    emulation: str
    device: Device
    boot: bool = False
    token: int = field(default=-1, compare=False)

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


def address(text: str) -> Address | None:
    """Read ``SLOT[:FUNCTION]`` or ``BUS:SLOT:FUNCTION``; a fourth field and junk are ignored."""
    values = []
    for each in _DELIMITER.split(text, _FIELDS)[:_FIELDS]:
        number = decimal(each)
        if number is None:
            return None
        values.append(number.value)
    if len(values) < _FIELDS:
        values = [0, *values, 0]
    bus, slot, function = values[:_FIELDS]
    inside = 0 <= bus < BUSES and 0 <= slot < SLOTS and 0 <= function < FUNCTIONS
    return Address(bus, slot, function) if inside else None


def function(
    text: str, token: int, release: str, host: Host, taken: Container[Address]
) -> Function | Problem:
    """Read the value of ``-s``; ``taken`` are the places that other functions have already."""
    where, comma, rest = text.partition(",")
    place = address(where)
    if not comma or place is None:
        return Problem(f'Invalid PCI slot info field "{text}"')
    if place in taken:
        return Problem(f"pci slot {place.slot}:{place.function} already occupied!")
    emulation, comma, config = rest.partition(",")
    boot = config.startswith("b,")
    arguments = (config[2:] if boot else config) if comma else None
    problem = _refused(place, emulation, release)
    problem = problem or early_problem(emulation, arguments, release, host)
    if problem:
        return problem
    return Function(place, emulation, device(emulation, arguments, release), boot, token)


def _refused(place: Address, emulation: str, release: str) -> Problem | None:
    if emulation not in EMULATIONS or release not in EMULATIONS[emulation]:
        at = f"{place.slot}:{place.function}"
        return Problem(f'pci slot {at}: unknown device "{emulation}"')
    if release in OBSOLETE_EMULATIONS.get(emulation, ()):
        return Problem(f'The "{emulation}" parameter is obsolete and ignored')
    return None
