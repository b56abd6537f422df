"""Hosts that nobody looks at: what a line names is there, and that of the recordings."""

from typing import Final

from acrn_dm.dated import before
from acrn_dm.host import MISSING, Bdf, Entry, Feature, Host, Kind, nameable


class _Everything:
    """A container of all there could be."""

    def __contains__(self, _: object) -> bool:
        return True


_ALL: Final = _Everything()


def _named_entry(path: str) -> Entry:
    if not path or not nameable(path):
        return MISSING
    return Entry(Kind.OTHER if path.endswith("/") else Kind.NAMED)


NAMED: Final = Host(
    entry=_named_entry,
    folder=nameable,
    features=_ALL,
    pci=_ALL,
    passthrough=_ALL,
    usb=_ALL,
    acpi=_ALL,
    compilers=_ALL,
    assumed=True,
)
"""The host on which whatever the line names is there, as what it is named for."""

_FILE: Final = 64 << 10
_ABSENT: Final = ("/dev/input/", "/dev/gpiochip", "/dev/i2c-", "/dev/vhost-", "/dev/vbs_")
_TTYS: Final = frozenset(f"/dev/pts/{number}" for number in range(4))
_WORKING: Final = frozenset({"", "."})


def _recorded_entry(path: str) -> Entry:
    if not path.startswith("/") or not nameable(path) or path.startswith(_ABSENT):
        return MISSING
    if path in _TTYS:
        return Entry(Kind.TTY)
    return Entry(Kind.OTHER) if path.endswith("/") else Entry(Kind.FILE, _FILE)


def _recorded_folder(path: str) -> bool:
    return nameable(path) and (path.startswith("/") or path in _WORKING)


RECORDING: Final = Host(
    entry=_recorded_entry,
    folder=_recorded_folder,
    features=frozenset({Feature.DISPLAY, Feature.LOG}),
    pci=frozenset(Bdf(0, device, 0) for device in range(6)),
    passthrough=frozenset(Bdf(0, device, 0) for device in range(6)),
    compilers=frozenset({"/usr/bin/iasl", "iasl"}),
    passthrough_fails=before("v1.6"),
)
"""The host on which the verdicts were recorded (facts: "Host of this recording").

Every absolute path is there, as a disk image or a place for a socket, of a size that also suits
firmware; ``/dev/pts/0`` to ``3`` are ttys; no relative path is there, but the working folder can be
written. PCI devices 0:0.0 to 0:5.0, no USB, no other
feature than a log folder and a display that shows nothing.
"""
