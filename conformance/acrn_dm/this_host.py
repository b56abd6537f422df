"""The real machine as a host: read when it is asked, never written to."""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from acrn_dm.host import MISSING, Bdf, Entry, Feature, Host, Kind, nameable

_UNIX98_PTY_MAJORS: Final = range(136, 144)
_PCI: Final = Path("/sys/bus/pci/devices")
_USB: Final = Path("/sys/bus/usb/devices")
_ACPI: Final = Path("/sys/bus/acpi/devices")

_SIGNS: Final = {
    Feature.AUDIO: "dev/vbs_k_audio",
    Feature.GPIO: "dev/gpiochip*",
    Feature.GVT: "sys/kernel/gvt",
    Feature.I2C: "dev/i2c-*",
    Feature.IGD: "sys/bus/pci/devices/0000:00:1f.0",
    Feature.IPU: "dev/vbs_ipu",
    Feature.MEI: "sys/class/mei/*",
    Feature.NPK: "sys/bus/intel_th/devices/*",
    Feature.RPMB: "dev/rpmb*",
    Feature.SSRAM: "sys/firmware/acpi/tables/RTCT",
    Feature.VSOCK: "dev/vhost-vsock",
}
"""Files that show that a feature is there."""


def here() -> Host:
    """Return this machine; paths are looked up when asked, all else is read now.

    A device can be passed through that is bound to the driver ``pci-stub``, ``vfio-pci`` or none.
    """
    devices = dict(_pci_devices())
    return Host(
        entry=_entry,
        folder=_folder,
        features=frozenset(_features()),
        pci=frozenset(devices),
        passthrough=frozenset(bdf for bdf, free in devices.items() if free),
        usb=frozenset(_usb_ports()),
        acpi=frozenset(path.name.partition(":")[0] for path in _children(_ACPI)),
        compilers=_Executables(),
    )


class _Executables:
    """The programs of this machine, by path or by name; which of them is an iasl, nobody asks."""

    def __contains__(self, path: object) -> bool:
        return isinstance(path, str) and nameable(path) and shutil.which(path) is not None


def _entry(path: str) -> Entry:
    """Look at a path without opening it."""
    if not nameable(path):
        return MISSING
    try:
        found = os.stat(path)  # noqa: PTH116 - bytes that are no UTF-8 make no Path
    except (OSError, ValueError):
        return MISSING
    if stat.S_ISREG(found.st_mode):
        return Entry(Kind.FILE, found.st_size)
    if stat.S_ISCHR(found.st_mode):
        return Entry(Kind.TTY if _is_tty(found.st_rdev) else Kind.DEVICE)
    return Entry(Kind.BLOCK if stat.S_ISBLK(found.st_mode) else Kind.OTHER)


def _is_tty(device: int) -> bool:
    """Tell a tty by its number, since opening a serial line may act upon it."""
    major, minor = os.major(device), os.minor(device)
    if major in _UNIX98_PTY_MAJORS:
        return True
    return Path(f"/sys/dev/char/{major}:{minor}/subsystem").resolve().name == "tty"


def _folder(path: str) -> bool:
    try:
        return nameable(path) and os.path.isdir(path)  # noqa: PTH112 - as above
    except ValueError:
        return False


def _features() -> Iterator[Feature]:
    for feature, pattern in _SIGNS.items():
        if next(Path("/").glob(pattern), None):
            yield feature
    if os.environ.get("XDG_RUNTIME_DIR") or os.environ.get("DISPLAY"):
        yield Feature.DISPLAY
    log = Path("/var/log/acrn-dm")
    if os.access(log if log.is_dir() else log.parent, os.W_OK):
        yield Feature.LOG


def _pci_devices() -> Iterator[tuple[Bdf, bool]]:
    """Yield the PCI devices of domain 0, and whether each is free to be given away."""
    for path in _children(_PCI):
        domain, _, place = path.name.partition(":")
        bus, _, rest = place.partition(":")
        device, _, function = rest.partition(".")
        if domain == "0000":
            driver = path / "driver"
            bound = driver.resolve().name if driver.exists() else None
            bdf = Bdf(int(bus, 16), int(device, 16), int(function, 16))
            yield bdf, bound in {None, "pci-stub", "vfio-pci"}


def _usb_ports() -> Iterator[tuple[int, int]]:
    """Yield the ports of the root hubs; they are numbered from 1."""
    for path in _children(_USB):
        if path.name.startswith("usb"):
            try:
                ports = int((path / "maxchild").read_text())
            except (OSError, ValueError):
                continue
            bus = int(path.name.removeprefix("usb"))
            yield from ((bus, port) for port in range(1, ports + 1))


def _children(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []
