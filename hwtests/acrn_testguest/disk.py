"""The disk image: an MBR and an ext4 root file system, written without mounting anything."""

import struct
from collections.abc import Iterator, Mapping
from pathlib import Path

from acrn_testguest.sources import FILES, source
from acrn_testguest.tools import BuildError, run

_MIB = 1 << 20
_SIZE = 25 * _MIB
_START = 1 * _MIB
_SECTOR = 512

_TIME = "1700000000"
"""Seconds since 1970, for every time in the file system."""

_UUID = "acc0ffee-0000-4000-8000-000000000001"
_HASH_SEED = "acc0ffee-0000-4000-8000-000000000002"

_FOLDERS = ("bin", "dev", "etc", "proc", "root", "run", "sbin", "sys", "tmp")
_LINKS = {"/bin/sh": "busybox", "/sbin/init": "../bin/busybox"}
_SCRIPTS = ("boot", "console", "shutdown")
_SETTINGS = ("inittab", "profile")


def write_disk(folder: Path, busybox: bytes) -> Path:
    """Write a raw image of 25 MiB, the same bytes every time; return its path in the folder.

    Files go in by debugfs: `mke2fs -d` takes them in the order, and with the times, that a
    folder of this machine happens to have. Raises BuildError, OSError.
    """
    image = folder / "disk.img"
    with image.open("wb") as raw:
        raw.write(_boot_record())
        raw.truncate(_SIZE)
    environment = {"E2FSPROGS_FAKE_TIME": _TIME, "MKE2FS_CONFIG": str(FILES / "mke2fs.conf")}
    run(
        "mke2fs",
        *("-q", "-F", "-t", "ext4", "-L", "acrn-guest", "-U", _UUID),
        *("-E", f"offset={_START},hash_seed={_HASH_SEED},root_owner=0:0"),
        *(image.name, f"{(_SIZE - _START) // 1024}k"),
        folder=folder,
        environment=environment,
    )
    _fill(folder, image.name, busybox, environment)
    return image


def e2fsprogs_version() -> str:
    """Return the version of what makes the file system. Raises BuildError."""
    return run("mke2fs", "-V").stderr.split(maxsplit=2)[1]


def _boot_record() -> bytes:
    """Return a master boot record with one Linux partition, from its start to the disk's end.

    Its cylinders, heads and sectors hold the values that say "see the sector numbers".
    """
    elsewhere = b"\xfe\xff\xff"
    sectors = (_START // _SECTOR, (_SIZE - _START) // _SECTOR)
    partition = struct.pack("<B3sB3sII", 0, elsewhere, 0x83, elsewhere, *sectors)
    return struct.pack("<440xI2x16s48xH", 0xACC0FFEE, partition, 0xAA55)


def _fill(folder: Path, image: str, busybox: bytes, environment: Mapping[str, str]) -> None:
    """Put the files in, staged beside the image under names that debugfs can read."""
    (folder / "busybox").write_bytes(busybox)
    for name in (*_SCRIPTS, *_SETTINGS):
        (folder / name).write_bytes(source(name))
    (folder / "commands").write_text("".join(f"{line}\n" for line in _commands()))
    done = run(
        "debugfs",
        *("-w", "-f", "commands", f"{image}?offset={_START}"),
        folder=folder,
        environment=environment,
    )
    # Its exit status says nothing about its commands; its stderr is one line when all is well.
    _version, *complaints = filter(None, map(str.strip, done.stderr.splitlines()))
    if complaints:
        raise BuildError(
            f"debugfs cannot fill the disk image: {complaints[0]}; reinstall e2fsprogs"
        )


def _commands() -> Iterator[str]:
    yield from (f"mkdir /{name}" for name in _FOLDERS)
    yield from _file("busybox", "/bin/busybox", 0o755)
    for name in _SCRIPTS:
        yield from _file(name, f"/etc/{name}", 0o755)
    for name in _SETTINGS:
        yield from _file(name, f"/etc/{name}", 0o644)
    yield from (f"symlink {name} {target}" for name, target in _LINKS.items())


def _file(staged: str, name: str, mode: int) -> Iterator[str]:
    yield f"write {staged} {name}"
    yield f"set_inode_field {name} mode 0100{mode:o}"
