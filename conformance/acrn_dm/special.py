"""Emulations that hand something of the host to the guest: memory, devices, vsock, a display."""

import re
from typing import Final, NamedTuple

from acrn_dm.host import Bdf, Feature, NeedKind
from acrn_dm.machine import Machine
from acrn_dm.places import place_numbers
from acrn_dm.problem import SEGFAULT, FaultKind, Problem, crash
from acrn_dm.tables import (
    GPU_OPTION,
    GPU_PASSTHROUGH,
    PASSTHROUGH_OPTIONS,
    REAL_TIME,
    SHARED_MEMORY_IN_BYTES,
    VSOCK_CRASHES,
    XHCI_TALKS,
)
from acrn_dm.text import decimal, integer, size

_MIB: Final = 1 << 20
_SIZES_IN_BYTES: Final = (4096, 128 * _MIB)
_SIZES_IN_MIB: Final = (2 * _MIB, 512 * _MIB)
_SIZE_WORD: Final = 1 << 32
_CIDS: Final = range(3, (1 << 32) - 1)
_GPU: Final = Bdf(0, 2, 0)
_LONGEST_PATH: Final = 255
_USB_WORDS: Final = ("tablet", "log", "cap")


class Passthrough(NamedTuple):
    """``-s SLOT,passthru,BUS/DEVICE/FUNCTION[,OPTION...]``; the three are hexadecimal."""

    bdf: Bdf
    options: tuple[str, ...] = ()

    def unread(self, release: str) -> tuple[str, ...]:
        """Return the options that a release does not know, and only warns of."""
        options = iter(self.options)
        found = []
        for option in options:
            known = (
                key
                for key, there in PASSTHROUGH_OPTIONS.items()
                if option.startswith(key) and release in there
            )
            if not any(known):
                found.append(option)
            elif option.startswith("vmsix_on_msi"):
                next(options, None)
        return tuple(found)

    @property
    def graphics(self) -> bool:
        """Whether it is what acrn-dm takes for the GPU: 00:02.0."""
        return self.bdf == _GPU

    def start(self, machine: Machine) -> Problem | None:
        """Take the device; a GPU brings an LPC bridge of its own, and does not go to an RT VM."""
        release = machine.release
        if problem := self._option_problem(release):
            return problem
        if self.graphics and release in GPU_PASSTHROUGH and machine.options & REAL_TIME[release]:
            return Problem(FaultKind.GRAPHICS, "passthru_init RTVM doesn't support GVT-D.")
        if not machine.has_pci(self.bdf):
            at = f"{self.bdf.bus:x}:{self.bdf.device:x}.{self.bdf.function:x}"
            return Problem(FaultKind.HOST, f"No physical PCI device {at}!")
        if self._has("gpu") and release in GPU_OPTION and not machine.offers(Feature.IGD):
            return Problem(FaultKind.HOST, "lpcbridge:open host pci config failed")
        host = machine.host
        if self.bdf not in host.passthrough or release in host.passthrough_fails:
            at = "/".join(f"{number:x}" for number in self.bdf)
            return Problem(FaultKind.HOST, f"failed to initialize BARs for PCI {at}")
        return None

    def _has(self, option: str) -> bool:
        return any(each.startswith(option) for each in self.options)

    def _option_problem(self, release: str) -> Problem | None:
        """Return what is wrong with the options that are looked at; others are only warned of."""

        def knows(option: str) -> bool:
            return release in PASSTHROUGH_OPTIONS[option]

        options = iter(self.options)
        for option in options:
            if option.startswith("vmsix_on_msi") and knows("vmsix_on_msi"):
                if integer(next(options, None)) is None:
                    text = "faild to parse msix emulation bar id"
                    return Problem(FaultKind.ARGUMENTS, text)
            elif option.startswith(("romfile=", "dsdt=")) and knows(option.partition("=")[0] + "="):
                key, _, path = option.partition("=")
                if size(path) > _LONGEST_PATH:
                    what = "dsdt file" if key == "dsdt" else key
                    text = f"{what} path too long, max supported path length is {_LONGEST_PATH}"
                    return Problem(FaultKind.ARGUMENTS, text)
            elif option.startswith("irq=") and knows("irq="):
                if integer(option.removeprefix("irq=")) is not None:
                    continue
                text = "Input IRQ number cannnot be recognized."
                return Problem(FaultKind.ARGUMENTS, text)
        return None


def passthrough(config: str | None, _release: str) -> Passthrough | Problem:
    """Read the arguments of passthru."""
    if config is None:
        return Problem(FaultKind.ARGUMENTS, "Empty passthru options")
    place, *options = config.split(",")
    numbers = place_numbers(place, 16)
    if numbers is None:
        return Problem(FaultKind.ARGUMENTS, f"Invalid passthru BDF options:{place}")
    return Passthrough(Bdf(*numbers), tuple(options))


class SharedMemory(NamedTuple):
    """``-s SLOT,ivshmem,REGION:/NAME,SIZE``; region ``dm``, ``hv`` or (v2.0) "", size in bytes."""

    region: str
    name: str
    size: int

    def start(self, machine: Machine) -> Problem | None:
        """Open the region; a name of POSIX shared memory holds no slash but in front."""
        name = self.name.lstrip("/")
        if self.region == "hv":
            machine.wants(f"a shared memory region {self.name}")
            return None
        if name and "/" not in name:
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


class Vsock(NamedTuple):
    """``-s SLOT,vhost-vsock,cid=N``."""

    cid: int

    def start(self, machine: Machine) -> Problem | None:
        """Open the host's vsock; v3.0 and v3.1 crash where there is none."""
        if machine.offers(Feature.VSOCK):
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
    number = decimal(value)
    if key != "cid" or number is None or number.value not in _CIDS:
        return Problem(FaultKind.ARGUMENTS, "vsock: guest_cid has to be 0x2~0xffffffff.")
    return Vsock(number.value)


class Input(NamedTuple):
    """``-s SLOT,virtio-input,PATH[,SERIAL]``."""

    path: str
    serial: str | None = None

    def start(self, machine: Machine) -> Problem | None:
        """Open the event device."""
        if machine.has(NeedKind.EVENTS, self.path):
            return None
        return Problem(FaultKind.HOST, f"open {self.path} failed")


def event_device(config: str | None, _release: str) -> Input | Problem:
    """Read the arguments of virtio-input."""
    if config is None:
        return Problem(FaultKind.ARGUMENTS, "virtio_input_init: evdev path is NULL")
    path, comma, serial = config.partition(",")
    return Input(path, serial if comma else None)


class Usb(NamedTuple):
    """``-s SLOT,xhci,FIELD[:FIELD...]``: ports ``BUS-PORT``, ``tablet``, ``log=``, ``cap=``.

    ``fault`` is what is wrong with the field behind these.
    """

    fields: tuple[str, ...]
    fault: Problem | None = None
    text: str = ""

    def start(self, machine: Machine) -> Problem | None:
        """Look for the ports, which are numbered from 1; there is one controller."""
        if not machine.take("xhci"):
            return Problem(FaultKind.TWICE, "controller already defined" * self._talks(machine))
        for text in self.fields:
            port = _usb_port(text)
            if port and not machine.has_usb(*port):
                return Problem(FaultKind.HOST, self._usage(machine))
        return self.fault

    def _talks(self, machine: Machine) -> bool:
        return machine.release in XHCI_TALKS

    def _usage(self, machine: Machine) -> str:
        return f'xHCI: error: invalid options: "{self.text}"' if self._talks(machine) else ""


def _usb_port(text: str) -> tuple[int, int] | None:
    """Read ``BUS-PORT``; what follows is ignored."""
    bus = integer(text)
    if bus is None or text[bus.end : bus.end + 1] != "-":
        return None
    port = integer(text[bus.end + 1 :])
    return (bus.value, port.value) if port else None


def usb(config: str | None, release: str) -> Usb | Problem:
    """Read the arguments of xhci; fields stand between ``:`` or ``,``, empty ones count nothing."""
    if config is None:
        text = "xHCI: pci_xhci_init fail, error=-1" if release in XHCI_TALKS else ""
        return Problem(FaultKind.ARGUMENTS, text)
    fields = tuple(filter(None, re.split("[:,]", config)))
    for place, text in enumerate(fields):
        port = text[0].isascii() and text[0].isdigit()
        if (_usb_port(text) is None) if port else not text.startswith(_USB_WORDS):
            usage = f'xHCI: error: invalid options: "{config}"' * (release in XHCI_TALKS)
            return Usb(fields[:place], Problem(FaultKind.ARGUMENTS, usage), config)
    return Usb(fields, text=config)
