"""Devices that are no PCI functions, handed to the guest: ``--mmiodev_pt``, ``--acpidev_pt``."""

from typing import Final

from acrn_dm.host import NeedKind
from acrn_dm.machine import Machine
from acrn_dm.problem import FaultKind, Problem, bad_value
from acrn_dm.tables import (
    ACPI_DEVICE_CHECKED,
    ACPI_DEVICE_FIXED,
    ACPI_DEVICE_IN_FULL,
    MMIO_DEVICE_COUNTED,
    MMIO_DEVICE_REFUSED,
    TPM_EXCLUDES,
)
from acrn_dm.text import natural

_TPM: Final = "MSFT0101"
_MOST: Final = 2
_MOST_ACPI: Final = 8
_PAGE: Final = 4096
_PORTS: Final = 1 << 16
_LEVELS: Final = range(4)
_GPIO: Final = ("INT34C5", "INT34C6", "INTC1055", "INTC1056", "INTC1057", "INTC1020")
_UART: Final = "PNP0501"
_TYPES: Final = frozenset({"memory", "io_port", "irq"})


def mmio_device(value: str, machine: Machine) -> Problem | None:
    """Judge ``BASE,SIZE`` in hexadecimal; from v2.5 on anything else does nothing."""
    what, release = "pt mmio dev param", machine.release
    if release in MMIO_DEVICE_REFUSED or machine.handed_over >= _MOST:
        return bad_value(what, value)
    length = _length(value)
    machine.handed_over += length is not None or release in MMIO_DEVICE_COUNTED
    if length is not None:
        machine.regions_fit &= machine.map(length)
    return None


def _length(text: str) -> int | None:
    base = natural(text, 16)
    if base is None or text[base.end : base.end + 1] != ",":
        return None
    length = natural(text[base.end + 1 :], 16)
    return length.value if length else None


def acpi_device(value: str, machine: Machine) -> Problem | None:
    """Judge the id of ``--acpidev_pt``, and in v3.3 what may follow it."""
    what, release = "pt acpi dev param", machine.release
    if machine.virtual_tpm and release in TPM_EXCLUDES:
        return bad_value(what, value)
    if release in ACPI_DEVICE_IN_FULL:
        return _in_full(value, machine)
    tpm = value.startswith(_TPM)
    if release in ACPI_DEVICE_FIXED:
        refused = not tpm
    elif machine.handed_over >= _MOST:
        refused = True
    elif release in ACPI_DEVICE_CHECKED:
        if not machine.has(NeedKind.ACPI, value):
            return bad_value(what, value, FaultKind.HOST)
        refused, tpm = False, True
    else:
        refused = False
    if refused:
        return bad_value(what, value)
    if tpm:
        machine.handed_over += 1
        machine.passed_on.add("tpm")
    return None


def _in_full(value: str, machine: Machine) -> Problem | None:
    what = "pt acpi dev param"
    identity, *fields = value.split(",")
    if not (_UART in identity or any(known in identity for known in _GPIO)):
        if machine.has(NeedKind.ACPI, identity):
            machine.passed_on.add("tpm")
            return None
        return bad_value(what, value, FaultKind.HOST)
    number = "0"
    if fields and fields[0].startswith("uid="):
        number = fields.pop(0).removeprefix("uid=")
    types = [field for field in fields if field.startswith("type=")]
    machine.acpi_devices.setdefault((identity, number), []).extend(types)
    if len(machine.acpi_devices) > _MOST_ACPI or not _resource(fields):
        return bad_value(what, value)
    return None


def _resource(fields: list[str]) -> bool:
    """Tell whether fields such as ``type=irq,irq=4`` are all read, a last empty one aside."""
    kind = ""
    while fields and fields != [""]:
        key, equals, value = fields.pop(0).partition("=")
        if not equals:
            return False
        number = natural(value, 10 if key in {"irq", "polarity", "trigger_mode"} else 16)
        match key:
            case "type":
                kind = value.lower()
                taken = kind in _TYPES
            case "min":
                taken = number is not None and _address(kind, number.value)
            case "len":
                taken = number is not None
            case "irq":
                taken = True
            case "polarity" | "trigger_mode":
                taken = number is None or number.value in _LEVELS
            case _:
                taken = key == "dsdt"
        if not taken:
            return False
    return True


def _address(kind: str, address: int) -> bool:
    if kind == "memory":
        return address % _PAGE == 0
    return kind == "io_port" and address < _PORTS
