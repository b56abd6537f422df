"""The machine that acrn-dm runs on, as far as a verdict depends on it: an explicit value."""

from collections.abc import Callable, Container
from enum import Enum, StrEnum, auto
from typing import Final, NamedTuple, assert_never

from acrn_dm.alike import Releases
from acrn_dm.dated import NEVER
from acrn_dm.text import octets

_LONGEST_NAME: Final = 255
_LONGEST_PATH: Final = 4095
_SECTOR: Final = 512
_TUN: Final = "/dev/net/tun"


class Kind(Enum):
    """A kind of thing at a path; ``NAMED`` is whatever it is asked for as."""

    MISSING = auto()
    FILE = auto()
    TTY = auto()
    BLOCK = auto()
    DEVICE = auto()
    OTHER = auto()
    NAMED = auto()


class Entry(NamedTuple):
    """A thing at a path; the size counts for regular files, in bytes."""

    kind: Kind
    size: int = 0


MISSING: Final = Entry(Kind.MISSING)


class Feature(Enum):
    """Drivers and services that some emulations and options need on the host."""

    AUDIO = "/dev/vbs_k_audio"
    COREU = "the server of virtio-coreu"
    DISPLAY = "a display for virtio-gpu"
    GPIO = "GPIO chips"
    GVT = "GVT-g"
    HDCP = "the server of virtio-hdcp"
    I2C = "I2C adapters"
    IGD = "an Intel GPU with its LPC bridge"
    IPU = "the mediator of virtio-ipu"
    LIFE_CYCLE = "the life-cycle manager's socket"
    LOG = "a log folder that can be written"
    MEI = "the MEI driver"
    NPK = "the NPK driver"
    RPMB = "an RPMB key"
    SSRAM = "software SRAM"
    VSOCK = "/dev/vhost-vsock"


class Bdf(NamedTuple):
    """The place of a PCI device on the host."""

    bus: int
    device: int
    function: int

    def __str__(self) -> str:
        """Return it as lspci writes it."""
        return f"{self.bus:02x}:{self.device:02x}.{self.function:x}"


class NeedKind(StrEnum):
    """As what something is needed on the host."""

    IMAGE = "an image"
    FIRMWARE = "a firmware image of at most 2 MiB"
    VARIABLES = "firmware variables of at most 128 KiB"
    DISK = "a disk or disk image"
    TTY = "a terminal"
    EVENTS = "an event device"
    PLACE = "a place for a file or socket"
    TAP = "a tap that is there, or /dev/net/tun to make it"
    COMPILER = "an iasl"
    PCI = "a PCI device that can be given away"
    USB = "a USB port"
    ACPI = "an ACPI device"
    SCENARIO = "the hypervisor's scenario with"
    FEATURE = "what the host offers"


class Need(NamedTuple):
    """A thing that a command line needs on the board, and as what.

    ``name`` is a path, a device's place as ``00:02.0`` or ``1-5``, an ACPI id, or the value of a
    ``Feature``.
    """

    kind: NeedKind
    name: str


class Host(NamedTuple):
    """The machine, as far as a verdict needs to know of it.

    ``entry`` tells what stands at a path, ``folder`` whether a folder is there to make a file or
    socket in. ``pci`` are the devices on the bus, ``passthrough`` those of them that can be given
    to a guest, at which the releases of ``passthrough_fails`` fail all the same; ``usb`` the ports
    (bus, port) for xhci; ``acpi`` the device ids for --acpidev_pt; ``compilers`` the paths at which
    --iasl finds one. ``assumed``: nobody has looked, and what is answered is worth telling.
    """

    entry: Callable[[str], Entry]
    folder: Callable[[str], bool]
    features: Container[Feature] = frozenset()
    pci: Container[Bdf] = frozenset()
    passthrough: Container[Bdf] = frozenset()
    usb: Container[tuple[int, int]] = frozenset()
    acpi: Container[str] = frozenset()
    compilers: Container[str] = frozenset()
    passthrough_fails: Releases = NEVER
    assumed: bool = False

    def has(self, need: Need) -> bool:
        """Tell whether something is there that a path or an id names."""
        kind, name = need
        match kind:
            case NeedKind.IMAGE | NeedKind.FIRMWARE | NeedKind.VARIABLES:
                return self._image(name, _LIMITS.get(kind))
            case NeedKind.DISK:
                return self._disk(name)
            case NeedKind.TTY | NeedKind.EVENTS:
                return self.entry(name).kind in {_STANDS[kind], Kind.NAMED}
            case NeedKind.PLACE:
                return self.folder(parent(name))
            case NeedKind.TAP:
                return self.entry(_TUN).kind in {Kind.DEVICE, Kind.NAMED}
            case NeedKind.COMPILER:
                return name in self.compilers
            case NeedKind.ACPI:
                return name in self.acpi
            case NeedKind.FEATURE:
                return Feature(name) in self.features
            case NeedKind.PCI | NeedKind.USB | NeedKind.SCENARIO:
                raise NotImplementedError  # asked for by number, or of the hypervisor
            case _:
                assert_never(kind)

    def _image(self, path: str, limit: int | None) -> bool:
        kind, size = self.entry(path)
        if kind is Kind.FILE:
            return size > 0 and (limit is None or size <= limit)
        return kind in {Kind.DEVICE, Kind.BLOCK, Kind.NAMED}

    def _disk(self, path: str) -> bool:
        kind, size = self.entry(path)
        if kind is Kind.FILE:
            return size > 0 and size % _SECTOR == 0
        return kind in {Kind.BLOCK, Kind.NAMED}


_STANDS: Final = {NeedKind.TTY: Kind.TTY, NeedKind.EVENTS: Kind.DEVICE}
_LIMITS: Final = {NeedKind.FIRMWARE: 2 << 20, NeedKind.VARIABLES: 128 << 10}


def parent(path: str) -> str:
    """Return the folder that a path is in, "." for a bare name."""
    folder, slash, _ = path.rpartition("/")
    return folder or ("/" if slash else ".")


def nameable(path: str) -> bool:
    """Tell whether Linux takes the path at all: lengths, and no NUL."""
    if len(path) > _LONGEST_PATH or "\0" in path:
        return False
    names = octets(path).split(b"/")
    return sum(map(len, names)) + len(names) - 1 <= _LONGEST_PATH and all(
        len(name) <= _LONGEST_NAME for name in names
    )
