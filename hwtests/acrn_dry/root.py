"""The root folder of a dry run: what acrn-dm finds on a board, as plain files that are its own.

The host is that of the recordings (``acrn_dm.RECORDING``): what an argv names is there.
"""

import os
import re
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

SHIM: Final = "/acrn-dry/shim.so"
SOCKET: Final = "/acrn-dry/device.sock"
PROGRAM: Final = "/acrn-dry/acrn-dm"
CONTROL: Final = "/acrn-dry/acrnctl"
HUGE_PAGES: Final = "/run/hugepage/acrn"
MONITORS: Final = "/run/acrn/mngr"
PAGES_WANTED: Final = "/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages"

_FOLDERS: Final = (
    *(
        "acrn-dry",
        "dev/pts",
        "dev/net",
        "dev/shm",
        "proc",
        "tmp",
        "root",
        "home",
        "var/log/acrn-dm",
    ),
    *("run/acrn/mngr", "var/lib/acrn", "sys/firmware/acpi/tables"),
    *("sys/kernel/mm/hugepages/hugepages-2048kB", "sys/bus/pci/devices"),
)
_DEVICES: Final = ("dev/acrn_hsm", "dev/acrn_vhm", "dev/kmsg")
_CPUS: Final = 8
_PCI_DEVICES: Final = 6

_NAMED: Final = (r"/[^,]*", r"/[^,:]*", r"/[^,:=]*", r"/[^,:=\s]*")
"""What may be a path in a word, as the devices split theirs."""

SHARED: Final = ("usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32", "etc")
"""The machine's own folders that a run sees."""

_NOT_THERE: Final = (
    *(f"/{name}/" for name in (*SHARED, "proc", "acrn-dry")),
    *("/dev/input/", "/dev/gpiochip", "/dev/i2c-", "/dev/vhost-", "/dev/vbs_"),
)
_LONGEST: Final = 255

_IMAGE: Final = 1 << 20
_VARIABLES: Final = 64 << 10


def furnish(root: Path) -> None:
    """Make the folders and files that are there for every argv."""
    for name in _FOLDERS:
        (root / name).mkdir(parents=True, exist_ok=True)
    for name in _DEVICES:
        (root / name).touch()
    pages = (root / PAGES_WANTED[1:]).parent
    for name in ("nr_hugepages", "free_hugepages"):
        (pages / name).write_text("0\n", "ascii")
    (root / "sys/firmware/acpi/tables/APIC").write_bytes(_processors())
    for number in range(_PCI_DEVICES):
        _pci_device(root / f"sys/bus/pci/devices/0000:00:{number:02x}.0", number)


def place(root: Path, argv: Sequence[str]) -> None:
    """Put a file at every absolute path that an argv names, where a file can be."""
    for path in sorted(set(_paths(argv)), key=len):
        size = _VARIABLES if any(f"vars={path}" in word for word in argv) else _IMAGE
        _image(root / path.lstrip("/"), size)


def _paths(argv: Sequence[str]) -> Iterator[str]:
    for word in argv:
        for pattern in _NAMED:
            for found in re.finditer(rf"(?:^-[a-zA-Z]|^|(?<=[,:=@]))({pattern})", word):
                path = os.path.normpath(f"/{found[1].lstrip('/')}")
                if not found[1].endswith("/") and not path.startswith(_NOT_THERE):
                    yield path


def _image(path: Path, size: int) -> None:
    """Make a sparse file that begins as a kernel image does, unless something is there."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not os.path.lexists(path):
            with path.open("wb") as file:
                file.write(_boot_sector())
                file.truncate(size)
    except (OSError, ValueError):  # a name that cannot be: too long, or below a file
        return


def _boot_sector() -> bytes:
    """Return the first KiB of a bzImage (Documentation/arch/x86/boot.rst of Linux)."""
    sector = bytearray(1024)
    sector[0x1F1] = 1  # setup sectors
    struct.pack_into("<H", sector, 0x1FE, 0xAA55)
    struct.pack_into("<4sH", sector, 0x202, b"HdrS", 0x020C)
    sector[0x211] = 1  # loaded high
    return bytes(sector)


def _processors() -> bytes:
    """Return an MADT with eight CPUs, local APIC ids 0 to 7 (ACPI specification, 5.2.12)."""
    entries = b"".join(struct.pack("<BBBBI", 0, 8, cpu, cpu, 1) for cpu in range(_CPUS))
    body = struct.pack("<II", 0xFEE00000, 1) + entries
    head = struct.pack(
        "<4sIBB6s8sI4sI", b"APIC", 36 + len(body), 3, 0, b"DRY", b"DRY", 1, b"DRY", 1
    )
    return head + body


def _pci_device(folder: Path, number: int) -> None:
    """Make what sysfs shows of a PCI device without BARs: a host bridge first, others after."""
    folder.mkdir()
    config = bytearray(256)
    struct.pack_into("<HH", config, 0, 0x8086, 0x1000 + number)
    config[0x0B] = 0xFF if number else 0x06  # the class: unassigned, or a bridge
    config[0x06] = 0x10  # it has capabilities: MSI alone, so it shares no interrupt line
    config[0x34] = 0x40
    config[0x40] = 0x05
    (folder / "config").write_bytes(config)
    (folder / "resource").write_text("0x0 0x0 0x0\n" * 13, "ascii")
