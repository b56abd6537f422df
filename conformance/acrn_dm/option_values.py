"""Checks of options' values while the argv is read; facts: "Options"."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from acrn_dm.firmware import ovmf, vsbl
from acrn_dm.handed_over import acpi_device, mmio_device
from acrn_dm.host import Feature, NeedKind
from acrn_dm.machine import Machine
from acrn_dm.problem import ABORT, SEGFAULT, FaultKind, Problem, bad_value, crash
from acrn_dm.processors import affinity, software_ram
from acrn_dm.tables import (
    BOOTARGS_LIMIT,
    IMAGE_ABORTS,
    LOG_FOLDER_LOOPS,
    LOGGER_ON_DISK,
    NOTIFY_CHECKED,
)
from acrn_dm.text import integer, natural, size, unsigned

PATH_LIMIT: Final = 1024
"""A path of an image is shorter than this, in every release."""

_VCPUS: Final = range(16)
_HOST_CPUS: Final = range(1024)
_POLL_INTERVALS: Final = range(1, 10_000_001)
_INTERRUPT_FIELDS: Final = 4
_NOTIFY_CHANNELS: Final = frozenset({"ioc", "power_button", "uart", "uart,allow_trigger_s5"})
_GRAPHICS_FIELDS: Final = 3
_NODES: Final = frozenset({"pty", "tty"})

Check = Callable[[str, Machine], Problem | None]
"""Judges a value on a machine."""


def _start_image(status: int) -> Check:
    """Return the check of ``-k`` or ``-r``, which has an exit status of its own."""

    def check(value: str, machine: Machine) -> Problem | None:
        if size(value) >= PATH_LIMIT:
            return Problem(FaultKind.PATH_LENGTH)
        if not machine.has(NeedKind.IMAGE, value):
            text = f"SW_LOAD: check_image failed for '{value}'"
            return Problem(FaultKind.IMAGE, text, exit=status)
        return None

    return check


def _part_info(value: str, machine: Machine) -> Problem | None:
    what = "guest partition info param"
    if size(value) >= PATH_LIMIT:
        return bad_value(what, value, FaultKind.PATH_LENGTH)
    if machine.has(NeedKind.IMAGE, value):
        return None
    if machine.release in IMAGE_ABORTS:
        return crash(FaultKind.IMAGE, ABORT, "SW_LOAD ERR: image file failed to open")
    return bad_value(what, value, FaultKind.IMAGE)


def _elf(value: str, machine: Machine) -> Problem | None:
    short = size(value) < PATH_LIMIT
    if short and machine.has(NeedKind.IMAGE, value):
        return None
    if not short:
        return Problem(FaultKind.PATH_LENGTH)
    text = "SW_LOAD ERR: image file failed to open"
    if machine.release in IMAGE_ABORTS:
        return crash(FaultKind.IMAGE, ABORT, text)
    return Problem(FaultKind.IMAGE, text)


def _bootargs(value: str, machine: Machine) -> Problem | None:
    length = size(value)
    fits = BOOTARGS_LIMIT.passes(machine.release, lambda limit: length <= limit)
    return None if fits else Problem(FaultKind.BOOTARGS)


def _graphics(value: str, _machine: Machine) -> Problem | None:
    rest = value
    for _ in range(_GRAPHICS_FIELDS):
        number = integer(rest)
        if number is None:
            return bad_value("GVT param", value)
        rest = rest[number.end :]
    return None


def _interrupts(value: str, _machine: Machine) -> Problem | None:
    rest = f",{value}"
    for _ in range(_INTERRUPT_FIELDS):
        number = natural(rest[1:])
        if number is None or not rest.startswith(","):
            return bad_value("intr-monitor params", value)
        rest = rest[number.end + 1 :]
    return None


def _pinned(value: str, _machine: Machine) -> Problem | None:
    vcpu = integer(value)
    if vcpu and value[vcpu.end : vcpu.end + 1] == ":" and vcpu.value in _VCPUS:
        host = integer(value[vcpu.end + 1 :])
        if host and host.value in _HOST_CPUS:
            return None
    return bad_value("vcpu pinning configuration", f"'{value}'")


def _poll_interval(value: str, _machine: Machine) -> Problem | None:
    number = unsigned(value)
    if number and number.value in _POLL_INTERVALS:
        return None
    return bad_value("virtio poll interval", value)


def _logger(value: str, machine: Machine) -> Problem | None:
    """``NAME,level=N[;...]``; a part without a comma crashes, an unknown name does nothing."""
    for part in value.split(";"):
        name, comma, level = part.partition(",")
        if not comma:
            return crash(FaultKind.OPTION_VALUE, SEGFAULT)
        if not level.startswith("level=") or natural(level.removeprefix("level=")) is None:
            return bad_value("logger setting params", value)
        on_disk = name == "disk" and machine.release in LOGGER_ON_DISK
        if on_disk and not machine.offers(Feature.LOG) and machine.release in LOG_FOLDER_LOOPS:
            return crash(FaultKind.HOST, SEGFAULT)
    return None


def _notify_channel(value: str, machine: Machine) -> Problem | None:
    if machine.release in NOTIFY_CHECKED and value not in _NOTIFY_CHANNELS:
        return bad_value("pm_notify_channel:", value)
    return None


def _vuart(value: str, _machine: Machine) -> Problem | None:
    """``pty,PATH`` or ``tty,PATH``; without a comma acrn-dm crashes."""
    kind, comma, _ = value.partition(",")
    if not comma:
        return crash(FaultKind.OPTION_VALUE, SEGFAULT)
    return None if kind.lower() in _NODES else bad_value("pm-by-vuart params", value)


_SUBOPTION: Final = r"sock_path(?:,|\Z)"


def _virtual_tpm(value: str, machine: Machine) -> Problem | None:
    """``sock_path=PATH``: without ``=`` it is refused, and any other word is passed over."""
    if "tpm" in machine.passed_on or size(value) >= PATH_LIMIT or re.match(_SUBOPTION, value):
        return bad_value("vtpm2 param", value)
    machine.virtual_tpm = True
    return None


def _command_monitor(value: str, _machine: Machine) -> Problem | None:
    fits = size(value) < PATH_LIMIT
    return None if fits else bad_value("command monitor params", value, FaultKind.PATH_LENGTH)


CHECKS: Final[Mapping[str, Check]] = MappingProxyType(
    {
        "acpidev_pt": acpi_device,
        "apcidev_pt": acpi_device,
        "bootargs": _bootargs,
        "cmd_monitor": _command_monitor,
        "cpu_affinity": affinity,
        "elf_file": _elf,
        "gvtargs": _graphics,
        "intr_monitor": _interrupts,
        "kernel": _start_image(10),
        "logger_setting": _logger,
        "mmiodev_pt": mmio_device,
        "ovmf": ovmf,
        "part_info": _part_info,
        "pincpu": _pinned,
        "pm_by_vuart": _vuart,
        "pm_notify_channel": _notify_channel,
        "ramdisk": _start_image(11),
        "ssram": software_ram,
        "virtio_poll": _poll_interval,
        "vsbl": vsbl,
        "vtpm2": _virtual_tpm,
    }
)
"""The options whose values are looked at; ``-l``, ``-m`` and ``-s`` are read where they belong."""
