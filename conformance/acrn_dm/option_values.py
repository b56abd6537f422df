"""What options ask of their values while the argv is read; facts: "Options"."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from acrn_dm.host import Feature
from acrn_dm.machine import Machine
from acrn_dm.problem import ABORT, SEGFAULT, USAGE_EXIT, FaultKind, Problem, crash
from acrn_dm.tables import (
    ACPI_DEVICE_CHECKED,
    ACPI_DEVICE_FIXED,
    BOOTARGS_LIMIT,
    IMAGE_ABORTS,
    LOG_FOLDER_LOOPS,
    MMIO_DEVICE_REFUSED,
    NOTIFY_CHECKED,
)
from acrn_dm.text import size, unsigned

PATH_LIMIT: Final = 1024
"""A path of an image is shorter than this, in every release."""

_POLL_INTERVALS: Final = range(1, 10_000_001)
_NOTIFY_CHANNELS: Final = frozenset({"ioc", "power_button", "uart"})
_INTEGER: Final = r"[ \t\n\v\f\r]*[+-]?[0-9]+"
_THREE_INTEGERS: Final = re.compile(rf"{_INTEGER}(?:[ \t\n\v\f\r]{_INTEGER}){{2}}")
_FOUR_INTEGERS: Final = re.compile(rf"{_INTEGER}(?:,{_INTEGER}){{3}}")
_PINNED: Final = re.compile(rf"{_INTEGER}:{_INTEGER}")

Check = Callable[[str, Machine], Problem | None]
"""Judges a value on a machine."""


def _bad_value(what: str, value: str, kind: FaultKind = FaultKind.OPTION_VALUE) -> Problem:
    return Problem(kind, f"acrn-dm: invalid {what} {value}", exit=USAGE_EXIT)


def _start_image(status: int) -> Check:
    """Return the check of ``-k`` or ``-r``, which has an exit status of its own."""

    def check(value: str, machine: Machine) -> Problem | None:
        if size(value) >= PATH_LIMIT:
            return Problem(FaultKind.PATH_LENGTH)
        if not machine.host.image(value):
            text = f"SW_LOAD: check_image failed for '{value}'"
            return Problem(FaultKind.IMAGE, text, exit=status)
        return None

    return check


def _image(what: str, paths: Callable[[str], list[str]]) -> Check:
    """Return the check of an option that names images."""

    def check(value: str, machine: Machine) -> Problem | None:
        if size(value) >= PATH_LIMIT:
            return _bad_value(what, value, FaultKind.PATH_LENGTH)
        if all(machine.host.image(path) for path in paths(value)):
            return None
        if machine.release in IMAGE_ABORTS:
            return crash(FaultKind.IMAGE, ABORT, "SW_LOAD ERR: image file failed to open")
        return _bad_value(what, value, FaultKind.IMAGE)

    return check


def _path(value: str) -> list[str]:
    return [value]


def _ovmf_paths(value: str) -> list[str]:
    """Return the paths in ``[w,]PATH`` or ``[w,]code=PATH,vars=PATH``.

    The first form alone is recorded; the others are documented by acrn-dm, for no release.
    """
    value = value.removeprefix("w,")
    if value.startswith(("code=", "vars=")):
        return [each.partition("=")[2] for each in value.split(",")]
    return [value]


def _elf(value: str, machine: Machine) -> Problem | None:
    short = size(value) < PATH_LIMIT
    if short and machine.host.image(value):
        return None
    kind, text = (
        FaultKind.IMAGE if short else FaultKind.PATH_LENGTH,
        "SW_LOAD ERR: image file failed to open",
    )
    return crash(kind, ABORT, text) if machine.release in IMAGE_ABORTS else Problem(kind, text)


def _bootargs(value: str, machine: Machine) -> Problem | None:
    fits = size(value) <= BOOTARGS_LIMIT[machine.release]
    return None if fits else Problem(FaultKind.BOOTARGS)


def _matching(pattern: re.Pattern[str], what: str, quote: str = "") -> Check:
    def check(value: str, _machine: Machine) -> Problem | None:
        return None if pattern.match(value) else _bad_value(what, f"{quote}{value}{quote}")

    return check


def _poll_interval(value: str, _machine: Machine) -> Problem | None:
    number = unsigned(value)
    if number and number.value in _POLL_INTERVALS:
        return None
    return _bad_value("virtio poll interval", value)


def _logger(value: str, machine: Machine) -> Problem | None:
    """``NAME,level=N[;...]``; a part without a comma crashes, and so may a disk log."""
    parts = value.split(";")
    if not all("," in part for part in parts):
        return crash(FaultKind.OPTION_VALUE, SEGFAULT)
    disk = any(part.startswith("disk,") for part in parts)
    if disk and machine.release in LOG_FOLDER_LOOPS and Feature.LOG not in machine.host.features:
        return crash(FaultKind.OPTION_VALUE, SEGFAULT)
    return None


def _notify_channel(value: str, machine: Machine) -> Problem | None:
    if machine.release in NOTIFY_CHECKED and value not in _NOTIFY_CHANNELS:
        return _bad_value("pm_notify_channel:", value)
    return None


def _vuart(value: str, _machine: Machine) -> Problem | None:
    return None if "," in value else crash(FaultKind.OPTION_VALUE, SEGFAULT)


def _acpi_device(value: str, machine: Machine) -> Problem | None:
    fixed = machine.release in ACPI_DEVICE_FIXED and value != "MSFT0101"
    if fixed or (machine.release in ACPI_DEVICE_CHECKED and value not in machine.host.acpi):
        return _bad_value("pt acpi dev param", value)
    return None


def _mmio_device(value: str, machine: Machine) -> Problem | None:
    return (
        _bad_value("pt mmio dev param", value) if machine.release in MMIO_DEVICE_REFUSED else None
    )


def _software_ram(value: str, _machine: Machine) -> Problem | None:
    if value.startswith(("L2", "L3")):
        return None
    return _bad_value("vSSRAM buffer size param", value)


CHECKS: Final[Mapping[str, Check]] = MappingProxyType(
    {
        "acpidev_pt": _acpi_device,
        "bootargs": _bootargs,
        "elf_file": _elf,
        "gvtargs": _matching(_THREE_INTEGERS, "GVT param"),
        "intr_monitor": _matching(_FOUR_INTEGERS, "intr-monitor params"),
        "kernel": _start_image(10),
        "logger_setting": _logger,
        "mmiodev_pt": _mmio_device,
        "ovmf": _image("ovmf param", _ovmf_paths),
        "part_info": _image("guest partition info param", _path),
        "pincpu": _matching(_PINNED, "vcpu pinning configuration", "'"),
        "pm_by_vuart": _vuart,
        "pm_notify_channel": _notify_channel,
        "ramdisk": _start_image(11),
        "ssram": _software_ram,
        "virtio_poll": _poll_interval,
        "vsbl": _image("vsbl param", _path),
    }
)
"""The options whose values are looked at; ``-l``, ``-m`` and ``-s`` are read where they belong."""
