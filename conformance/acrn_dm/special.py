"""Emulations that hand something of the host to the guest: memory, devices, vsock, a display."""

import re
from dataclasses import dataclass
from typing import Final

from acrn_dm.host import Bdf, Feature, Kind
from acrn_dm.machine import Machine
from acrn_dm.problem import SEGFAULT, FaultKind, Problem, crash
from acrn_dm.tables import (
    GPU_PASSTHROUGH,
    GPU_WITHOUT_LPC,
    SHARED_MEMORY_IN_BYTES,
    VSOCK_CRASHES,
    XHCI_TALKS,
)
from acrn_dm.text import decimal, unsigned

_BDF: Final = re.compile(r"([0-9a-fA-F]{1,2})/([0-9a-fA-F]{1,2})/([0-7])(?![0-9a-fA-F])")
_MIB: Final = 1 << 20
_SIZES_IN_BYTES: Final = (4096, 128 * _MIB)
_SIZES_IN_MIB: Final = (2 * _MIB, 512 * _MIB)
_SIZE_WORD: Final = 1 << 32
_CIDS: Final = range(3, 1 << 32)
_USB_PORT: Final = re.compile(r"([0-9]{1,3})-([0-9]{1,3})\Z")


@dataclass(frozen=True, slots=True)
class Passthrough:
    """``-s SLOT,passthru,BUS/DEVICE/FUNCTION[,OPTION...]``; the three are hexadecimal."""

    bdf: Bdf
    options: tuple[str, ...] = ()

    def start(self, machine: Machine) -> Problem | None:
        """Take the device; ``gpu`` brings an LPC bridge of its own (v1.6 and later)."""
        host, bdf = machine.host, self.bdf
        if bdf not in host.pci:
            at = f"{bdf.bus:x}:{bdf.device:x}.{bdf.function:x}"
            return Problem(FaultKind.HOST, f"No physical PCI device {at}!")
        if "gpu" in self.options and machine.release in GPU_PASSTHROUGH:
            if machine.release in GPU_WITHOUT_LPC or Feature.IGD in host.features:
                return None
            return Problem(FaultKind.HOST, "lpcbridge:open host pci config failed")
        if bdf not in host.passthrough:
            at = "/".join(f"{number:x}" for number in bdf)
            return Problem(FaultKind.HOST, f"failed to initialize BARs for PCI {at}")
        return None


def passthrough(config: str | None, _release: str) -> Passthrough | Problem:
    """Read the arguments of passthru."""
    if config is None:
        return Problem(FaultKind.ARGUMENTS, "Empty passthru options")
    place, *options = config.split(",")
    found = _BDF.match(place)
    if found is None:
        return Problem(FaultKind.ARGUMENTS, f"Invalid passthru BDF options:{place}")
    return Passthrough(Bdf(*(int(number, 16) for number in found.groups())), tuple(options))


@dataclass(frozen=True, slots=True)
class SharedMemory:
    """``-s SLOT,ivshmem,REGION:/NAME,SIZE``; region ``dm``, ``hv`` or (v2.0) "", size in bytes."""

    region: str
    name: str
    size: int

    def start(self, _machine: Machine) -> Problem | None:
        """Open the region; a name of POSIX shared memory holds no slash but in front."""
        name = self.name.lstrip("/")
        if self.region == "hv" or (name and "/" not in name):
            return None
        return Problem(
            FaultKind.SHARED_MEMORY, f"failed to get {self.name} status, error Invalid argument"
        )


def shared_memory(config: str | None, release: str) -> SharedMemory | Problem:
    """Read the arguments of ivshmem; without any, acrn-dm crashes."""
    if config is None:
        return crash(FaultKind.SHARED_MEMORY, SEGFAULT)
    name, comma, text = config.partition(",")
    if release in SHARED_MEMORY_IN_BYTES:
        region, unit, limits, word = "", 1, _SIZES_IN_BYTES, "invalid"
    else:
        region, colon, rest = name.partition(":/")
        if not colon or region not in ("dm", "hv"):
            return Problem(FaultKind.SHARED_MEMORY, "the ivshmem memory prefix name is incorrect")
        name, unit, limits, word = rest, _MIB, _SIZES_IN_MIB, "Invalid"
    if not comma:
        return Problem(FaultKind.SHARED_MEMORY, "the shared memory size is incorrect, (null)")
    number = decimal(text)
    if number is None:
        return Problem(FaultKind.SHARED_MEMORY, "the shared memory size is incorrect, ")
    size = number.value * unit % _SIZE_WORD
    if not (limits[0] <= size <= limits[1] and size.bit_count() == 1):
        return Problem(FaultKind.SHARED_MEMORY, f"{word} shared memory size {size // unit}")
    return SharedMemory(region, name, size)


@dataclass(frozen=True, slots=True)
class Vsock:
    """``-s SLOT,vhost-vsock,cid=N``."""

    cid: int

    def start(self, machine: Machine) -> Problem | None:
        """Open the host's vsock; v3.0 and v3.1 crash where there is none."""
        if Feature.VSOCK in machine.host.features:
            return None
        text = "Open vhost-vsock fail, pls open vsock kernel config."
        return (
            crash(FaultKind.HOST, SEGFAULT, text)
            if machine.release in VSOCK_CRASHES
            else Problem(FaultKind.HOST, text)
        )


def vsock(config: str | None, _release: str) -> Vsock | Problem:
    """Read the arguments of vhost-vsock: a context id above 2, of 32 bits."""
    if config is None:
        return Problem(FaultKind.ARGUMENTS, "vsock: must have a valid guest_cid.")
    key, _, value = config.partition("=")
    number = unsigned(value)
    if key != "cid" or number is None or number.value not in _CIDS:
        return Problem(FaultKind.ARGUMENTS, "vsock: guest_cid has to be 0x2~0xffffffff.")
    return Vsock(number.value)


@dataclass(frozen=True, slots=True)
class Input:
    """``-s SLOT,virtio-input,PATH[,SERIAL]``."""

    path: str
    serial: str | None = None

    def start(self, machine: Machine) -> Problem | None:
        """Open the event device."""
        if machine.host.entry(self.path).kind is Kind.DEVICE:
            return None
        return Problem(FaultKind.HOST, f"open {self.path} failed")


def event_device(config: str | None, _release: str) -> Input | Problem:
    """Read the arguments of virtio-input."""
    if config is None:
        return Problem(FaultKind.ARGUMENTS, "virtio_input_init: evdev path is NULL")
    path, comma, serial = config.partition(",")
    return Input(path, serial if comma else None)


@dataclass(frozen=True, slots=True)
class Usb:
    """``-s SLOT,xhci,FIELD[:FIELD...]``: ports ``BUS-PORT``, ``tablet``, ``log=``, ``cap=``."""

    fields: tuple[str, ...]

    def start(self, machine: Machine) -> Problem | None:
        """Look for the ports."""
        for text in self.fields:
            port = _USB_PORT.match(text)
            if port and (int(port[1]), int(port[2])) not in machine.host.usb:
                whole = ":".join(self.fields)
                talks = machine.release in XHCI_TALKS
                message = f'xHCI: error: invalid options: "{whole}"' if talks else ""
                return Problem(FaultKind.HOST, message)
        return None


def usb(config: str | None, release: str) -> Usb | Problem:
    """Read the arguments of xhci; fields stand between ``:`` or ``,``."""
    if config is None:
        text = "xHCI: pci_xhci_init fail, error=-1" if release in XHCI_TALKS else ""
        return Problem(FaultKind.ARGUMENTS, text)
    fields = tuple(re.split("[:,]", config))
    for text in fields:
        if not (_USB_PORT.match(text) or text == "tablet" or text.startswith(("log=", "cap="))):
            talks = release in XHCI_TALKS
            message = f'xHCI: error: invalid options: "{config}"' if talks else ""
            return Problem(FaultKind.ARGUMENTS, message)
    return Usb(fields)
