"""The machine that acrn-dm runs on, as far as a verdict depends on it: an explicit value."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final, NamedTuple

from acrn_dm.text import octets

_LONGEST_NAME: Final = 255
_LONGEST_PATH: Final = 4095
_DISK: Final = 1 << 20


class Kind(Enum):
    """What stands at a path."""

    MISSING = auto()
    FILE = auto()
    TTY = auto()
    DEVICE = auto()
    OTHER = auto()


class Entry(NamedTuple):
    """What stands at a path; the size counts for regular files, in bytes."""

    kind: Kind
    size: int = 0


MISSING: Final = Entry(Kind.MISSING)


class Feature(Enum):
    """Drivers and services that some emulations need on the host."""

    AUDIO = "/dev/vbs_k_audio"
    COREU = "the server of virtio-coreu"
    DISPLAY = "a display for virtio-gpu"
    GPIO = "GPIO chips"
    GVT = "GVT-g"
    HDCP = "the server of virtio-hdcp"
    I2C = "I2C adapters"
    IGD = "an Intel GPU with its LPC bridge"
    IPU = "the mediator of virtio-ipu"
    LOG = "a log folder that can be written"
    MEI = "the MEI driver"
    NPK = "the NPK driver"
    RPMB = "an RPMB key"
    VSOCK = "/dev/vhost-vsock"


class Bdf(NamedTuple):
    """The place of a PCI device on the host."""

    bus: int
    device: int
    function: int


@dataclass(frozen=True, slots=True)
class Host:
    """What a verdict needs to know of the machine.

    ``entry`` tells what stands at a path, ``folder`` whether a folder is there to make a file or
    socket in. ``pci`` are the devices on the bus, ``passthrough`` those of them that can be given
    to a guest; ``usb`` the ports (bus, port) for xhci; ``acpi`` the device ids for --acpidev_pt.
    """

    entry: Callable[[str], Entry]
    folder: Callable[[str], bool]
    features: frozenset[Feature] = frozenset()
    pci: frozenset[Bdf] = frozenset()
    passthrough: frozenset[Bdf] = frozenset()
    usb: frozenset[tuple[int, int]] = frozenset()
    acpi: frozenset[str] = frozenset()

    def image(self, path: str) -> bool:
        """Tell whether a path can be loaded as an image: there, and not empty."""
        kind, size = self.entry(path)
        return kind is Kind.DEVICE or (kind is Kind.FILE and size > 0)


def nameable(path: str) -> bool:
    """Tell whether Linux takes the path at all: lengths, and no NUL."""
    if len(path) > _LONGEST_PATH or "\0" in path:
        return False
    names = octets(path).split(b"/")
    return sum(map(len, names)) + len(names) - 1 <= _LONGEST_PATH and all(
        len(name) <= _LONGEST_NAME for name in names
    )


_ABSENT: Final = ("/dev/input/", "/dev/gpiochip", "/dev/i2c-")
_TTY: Final = "/dev/pts/3"


def _recorded_entry(path: str) -> Entry:
    if not path.startswith("/") or not nameable(path) or path.startswith(_ABSENT):
        return MISSING
    if path == _TTY:
        return Entry(Kind.TTY)
    return Entry(Kind.OTHER) if path.endswith("/") else Entry(Kind.FILE, _DISK)


def _recorded_folder(path: str) -> bool:
    return path.startswith("/") and nameable(path)


RECORDING: Final = Host(
    entry=_recorded_entry,
    folder=_recorded_folder,
    pci=frozenset({Bdf(0, 2, 0)}),
    usb=frozenset({(1, 5)}),
)
"""The host on which the verdicts were recorded (facts: "The host on which ...").

Every absolute path is there, as a disk image or a place for a socket; ``/dev/pts/3`` is a tty; no
relative paths; none of the features. A PCI device 0:2.0 was there (passthru of it went further
than of any other), and one launch line shows USB port 1-5 accepted where 1-1 was refused.
"""
