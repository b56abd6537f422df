"""All emulations: how the arguments of each are read, and what the simple ones need."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from acrn_dm.alike import Releases
from acrn_dm.block import Block, backing, block
from acrn_dm.console import Console, console
from acrn_dm.dated import ALL
from acrn_dm.host import Feature
from acrn_dm.machine import Machine
from acrn_dm.net import Net, net
from acrn_dm.problem import ABORT, SEGFAULT, FaultKind, Problem, crash
from acrn_dm.special import (
    Input,
    Passthrough,
    SharedMemory,
    Usb,
    Vsock,
    event_device,
    passthrough,
    shared_memory,
    usb,
    vsock,
)
from acrn_dm.tables import (
    ACPI_ALWAYS,
    FREES_TWICE,
    GPIO_TALKS,
    GPU_NEEDS_DISPLAY,
    GVT_CRASHES,
    ONE_DISPLAY,
    RPMB_TALKS,
)
from acrn_dm.text import fold, integer
from acrn_dm.uart import Uart, uart


class Plain(NamedTuple):
    """An emulation that takes any arguments, and mostly ignores them (hostbridge, virtio-rnd)."""

    config: str | None = None

    def start(self, _machine: Machine) -> Problem | None:
        """Start: nothing can go wrong."""


class Served(NamedTuple):
    """An emulation that starts only where the host has ``feature``."""

    feature: Feature
    config: str | None
    message: str

    def start(self, machine: Machine) -> Problem | None:
        """Look for the feature."""
        if machine.offers(self.feature):
            return None
        return Problem(FaultKind.HOST, self.message)


class Lpc(NamedTuple):
    """The LPC bus: one, and on bus 0; its UARTs are what ``-l`` says."""

    config: str | None = None

    def start(self, machine: Machine) -> Problem | None:
        """Take the one place there is."""
        if machine.take("lpc"):
            return None
        return Problem(FaultKind.LPC_PLACE, "Only one LPC bridge is allowed.")


class Watchdog(NamedTuple):
    """``-s SLOT,wdt-i6300esb``, of which there is one."""

    config: str | None

    def start(self, machine: Machine) -> Problem | None:
        """Take the one place there is."""
        if machine.take("wdt-i6300esb"):
            return None
        return Problem(FaultKind.TWICE, "wdt can't be initialized twice, please check!")


class Display(NamedTuple):
    """``-s SLOT,virtio-gpu,geometry=...``; v3.0 has one."""

    config: str | None

    def start(self, machine: Machine) -> Problem | None:
        """Take the one place there is in v3.0."""
        if machine.take("virtio-gpu") or machine.release not in ONE_DISPLAY:
            return None
        return Problem(FaultKind.TWICE)


class Sata(NamedTuple):
    """``-s SLOT,ahci,hd:PATH[,OPTION...][,cd:PATH...]``, and ahci-hd, ahci-cd for one disk."""

    disks: tuple[Block, ...]
    fault: Problem | None = None

    def start(self, machine: Machine) -> Problem | None:
        """Open the disks; with one that does not open, acrn-dm goes on, and crashes over ACPI.

        A part of a disk that is taken ends it at once.
        """
        for disk in self.disks:
            if problem := disk.start(machine):
                return problem if problem.exit else self._broken(problem, machine)
        return self._broken(self.fault, machine) if self.fault else None

    def _broken(self, problem: Problem, machine: Machine) -> Problem | None:
        if "acpi" not in machine.options and machine.release not in ACPI_ALWAYS:
            return None
        status = ABORT if machine.release in FREES_TWICE else SEGFAULT
        return crash(problem.kind, status, problem.message)


class Graphics(NamedTuple):
    """``-s SLOT,pci-gvt``: a GPU shared by GVT-g, which v3.0 gave up."""

    config: str | None

    def start(self, machine: Machine) -> Problem | None:
        """Look for the host's GVT-g."""
        if machine.offers(Feature.GVT):
            return None
        if machine.release in GVT_CRASHES:
            return crash(FaultKind.HOST, SEGFAULT)
        return Problem(FaultKind.HOST, "GVT: init failed")


class Malformed(NamedTuple):
    """Arguments that acrn-dm refuses when the device starts."""

    config: str | None
    problem: Problem

    def start(self, _machine: Machine) -> Problem | None:
        """Return what is wrong with the arguments."""
        return self.problem


Device = (
    Plain
    | Served
    | Lpc
    | Malformed
    | Sata
    | Display
    | Graphics
    | Watchdog
    | Uart
    | Console
    | Block
    | Net
    | Passthrough
    | SharedMemory
    | Vsock
    | Input
    | Usb
)
"""The arguments of a PCI function, typed by what they say."""

Reader = Callable[[str | None, str], Device | Problem]


def _served(feature: Feature, message: str = "", where: Releases = ALL) -> Reader:
    """Return the reader of an emulation that needs a feature, and in ``where`` says so."""
    return lambda config, release: Served(feature, config, message if release in where else "")


def _graphics(config: str | None, _release: str) -> Device:
    return Graphics(config)


def _gpio(config: str | None, release: str) -> Device | Problem:
    talks = release in GPIO_TALKS
    if config is None:
        text = "virtio gpio: needs gpio information" if talks else ""
        return Problem(FaultKind.ARGUMENTS, text)
    return Served(Feature.GPIO, config, "virtio gpio: failed to initialize gpio" if talks else "")


def _i2c(config: str | None, _release: str) -> Device | Problem:
    if config is None:
        return Plain()
    text = f"virtio_i2c: failed to parse parameters {config}"
    if not all(map(_i2c_adapter, config.split(","))):
        return Problem(FaultKind.ARGUMENTS, text)
    return Served(Feature.I2C, config, text)


def _i2c_adapter(text: str) -> bool:
    """Tell whether a text is ``BUS:ADDRESS[@NODE][:...]``, the addresses in hexadecimal."""
    bus, *addresses = text.split(":")
    numbers = [integer(bus), *(integer(address, 16) for address in addresses)]
    return all(number is not None and number.value >= 0 for number in numbers)


def _display(config: str | None, _release: str) -> Device:
    return Display(config)


def _watchdog(config: str | None, _release: str) -> Device:
    return Watchdog(config)


_NEXT_DISK: Final = ",(?=[hc]d:)"


def _sata(config: str | None, release: str) -> Device:
    disks: list[Block] = []
    for text in re.split(_NEXT_DISK, config) if config else ():
        path = text[3:] if text.startswith(("hd:", "cd:")) else text
        if path:
            disk = backing(path.split(","), release)
            if isinstance(disk, Problem):
                return Sata(tuple(disks), disk)
            disks.append(disk)
    return Sata(tuple(disks))


def _plain(config: str | None, _release: str) -> Device:
    return Plain(config)


def _lpc(config: str | None, _release: str) -> Device:
    return Lpc(config)


_READERS: Final[Mapping[str, Reader]] = MappingProxyType(
    {
        **dict.fromkeys(("ahci", "ahci-cd", "ahci-hd"), _sata),
        "igd-lpc": _served(Feature.IGD, "lpcbridge:open host pci config failed"),
        "ivshmem": shared_memory,
        "lpc": _lpc,
        "npk": _served(Feature.NPK, "NPK driver not loaded"),
        "passthru": passthrough,
        "pci-gvt": _graphics,
        "uart": uart,
        "vhost-vsock": vsock,
        "virtio-audio": _served(Feature.AUDIO, "virtio_audio: Failed to open /dev/vbs_k_audio!"),
        "virtio-blk": block,
        "virtio-console": console,
        "virtio-coreu": _served(Feature.COREU, "connection to server failed"),
        "virtio-gpio": _gpio,
        "virtio-gpu": _display,
        "virtio-hdcp": _served(Feature.HDCP, "connection to server failed"),
        "virtio-heci": _served(Feature.MEI, "vmei: vmei_init: init: fail to get mei path!"),
        "virtio-i2c": _i2c,
        "virtio-input": event_device,
        "virtio-ipu": _served(Feature.IPU),
        "virtio-net": net,
        "virtio-rpmb": _served(Feature.RPMB, "rpmb_sim_key_init failed!", RPMB_TALKS),
        "wdt-i6300esb": _watchdog,
        "xhci": usb,
    }
)
"""The emulations that look at their arguments, or need something; all others take anything."""


def device(emulation: str, config: str | None, release: str) -> Device:
    """Read the arguments of an emulation that the release knows."""
    read = _READERS.get(emulation, _plain)(config, release)
    return Malformed(config, read) if isinstance(read, Problem) else read


def early_problem(emulation: str, config: str | None, machine: Machine) -> Problem | None:
    """Return what goes wrong with a device while the argv is still being read, or None.

    Only virtio-gpu does anything then: from v3.1 on it crashes without arguments, wants a
    ``geometry=``, and looks for a display.
    """
    if emulation != "virtio-gpu" or machine.release not in GPU_NEEDS_DISPLAY:
        return None
    if config is None:
        return crash(FaultKind.ARGUMENTS, SEGFAULT)
    if "geometry=" not in fold(config):
        return Problem(FaultKind.ARGUMENTS, "gfx ui initialize failed")
    if machine.offers(Feature.DISPLAY):
        return None
    text = "error: XDG_RUNTIME_DIR is invalid or not set in the environment."
    return Problem(FaultKind.HOST, text)
