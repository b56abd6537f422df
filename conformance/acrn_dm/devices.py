"""All emulations: how the arguments of each are read, and what the simple ones need."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from acrn_dm.block import Block, block
from acrn_dm.console import Console, console
from acrn_dm.host import Feature
from acrn_dm.machine import Machine
from acrn_dm.net import Net, net
from acrn_dm.problem import SEGFAULT, FaultKind, Problem, crash
from acrn_dm.release import ALL, Releases
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
from acrn_dm.tables import GPIO_TALKS, GPU_NEEDS_DISPLAY, GVT_CHECKED, RPMB_TALKS
from acrn_dm.uart import Uart, uart


@dataclass(frozen=True, slots=True)
class Plain:
    """An emulation that takes any arguments, and mostly ignores them (hostbridge, virtio-rnd)."""

    config: str | None = None

    def start(self, _machine: Machine) -> Problem | None:
        """Start: nothing can go wrong."""


@dataclass(frozen=True, slots=True)
class Served:
    """An emulation that starts only where the host has ``feature``."""

    feature: Feature
    config: str | None
    message: str

    def start(self, machine: Machine) -> Problem | None:
        """Look for the feature."""
        if self.feature in machine.host.features:
            return None
        return Problem(FaultKind.HOST, self.message)


@dataclass(frozen=True, slots=True)
class Lpc:
    """The LPC bus: one, and on bus 0; its UARTs are what ``-l`` says."""

    config: str | None = None

    def start(self, machine: Machine) -> Problem | None:
        """Take the one place there is."""
        if machine.lpc_taken:
            return Problem(FaultKind.LPC_PLACE, "Only one LPC bridge is allowed.")
        machine.lpc_taken = True
        return None


@dataclass(frozen=True, slots=True)
class Malformed:
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


def _graphics(config: str | None, release: str) -> Device:
    return (
        Served(Feature.GVT, config, "GVT: init failed") if release in GVT_CHECKED else Plain(config)
    )


def _gpio(config: str | None, release: str) -> Device | Problem:
    talks = release in GPIO_TALKS
    if config is None:
        text = "virtio gpio: needs gpio information" if talks else ""
        return Problem(FaultKind.ARGUMENTS, text)
    return Served(Feature.GPIO, config, "virtio gpio: failed to initialize gpio" if talks else "")


def _i2c(config: str | None, _release: str) -> Device:
    if config is None:
        return Plain()
    return Served(Feature.I2C, config, f"virtio_i2c: failed to parse parameters {config}")


def _plain(config: str | None, _release: str) -> Device:
    return Plain(config)


def _lpc(config: str | None, _release: str) -> Device:
    return Lpc(config)


_READERS: Final[Mapping[str, Reader]] = MappingProxyType(
    {
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
        "virtio-hdcp": _served(Feature.HDCP, "connection to server failed"),
        "virtio-heci": _served(Feature.MEI, "vmei: vmei_init: init: fail to get mei path!"),
        "virtio-i2c": _i2c,
        "virtio-input": event_device,
        "virtio-ipu": _served(Feature.IPU),
        "virtio-net": net,
        "virtio-rpmb": _served(Feature.RPMB, "rpmb_sim_key_init failed!", RPMB_TALKS),
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

    Only virtio-gpu does anything then: from v3.1 it looks for a display, and where there is none
    it refuses its arguments, or crashes where it has none.
    """
    if emulation != "virtio-gpu" or machine.release not in GPU_NEEDS_DISPLAY:
        return None
    if Feature.DISPLAY in machine.host.features:
        return None
    if config is None:
        return crash(FaultKind.HOST, SEGFAULT)
    text = "error: XDG_RUNTIME_DIR is invalid or not set in the environment."
    return Problem(FaultKind.HOST, text)
