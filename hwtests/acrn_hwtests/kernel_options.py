"""The options that a Linux kernel was built with, out of its image (CONFIG_IKCONFIG) or a text."""

import bz2
import lzma
import re
import shutil
import subprocess
import zlib
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

NEEDED: Final = (
    *("ACRN_GUEST", "PCI", "ACPI", "VIRTIO_PCI", "VIRTIO_BLK", "VIRTIO_CONSOLE", "VIRTIO_NET"),
    *("EXT4_FS", "DEVTMPFS", "SERIAL_8250", "SERIAL_8250_CONSOLE", "MAGIC_SYSRQ"),
)
"""The options that must be built in: the argv has no initramfs, ACRN_GUEST tells the guest what it
runs on, MAGIC_SYSRQ is what a check panics by."""

_START, _END = b"IKCFG_ST", b"IKCFG_ED"
_SECTOR: Final = 512
_SETUP_SECTS: Final = 0x1F1
_MAGIC: Final = slice(0x202, 0x206)
_PAYLOAD: Final = slice(0x248, 0x250)
LARGEST: Final = 1 << 28
"""Bytes of an image, packed or not: more is no kernel."""

_UNPACK_SECONDS: Final = 60


def written(text: bytes) -> Mapping[str, str]:
    """Return the options of a ``.config``, without their prefix."""
    pairs = re.findall(rb"(?m)^CONFIG_(\w+)=(.*)$", text)
    return {name.decode(): value.decode("utf-8", "backslashreplace") for name, value in pairs}


def embedded(image: bytes) -> Mapping[str, str] | None:
    """Return the options that an image carries, None where it carries none that can be read.

    A vmlinux, or a bzImage, whose payload is unpacked, by ``zstd`` or ``lz4`` where it needs them.
    """
    for data in (image, _payload(image)):
        start, end = data.find(_START), data.find(_END)
        if 0 <= start < end:
            return written(_tried(_inflate, data[start + len(_START) : end])) or None
    return None


def _payload(image: bytes) -> bytes:
    """Unpack what the boot protocol (2.08 and later) says is the kernel; empty where it cannot."""
    if image[_MAGIC] != b"HdrS":
        return b""
    first = (max(image[_SETUP_SECTS], 1) + 1) * _SECTOR
    offset, size = image[_PAYLOAD][:4], image[_PAYLOAD][4:]
    begin = first + int.from_bytes(offset, "little")
    packed = image[begin : begin + int.from_bytes(size, "little")]
    for magic, unpack in _UNPACKERS.items():
        if packed.startswith(magic):
            return _tried(unpack, packed)
    return b""


def _tried(unpack: Callable[[bytes], bytes], packed: bytes) -> bytes:
    """Unpack; empty where it cannot be, or not in time."""
    try:
        return unpack(packed)
    except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, subprocess.SubprocessError):
        return b""


def _inflate(data: bytes) -> bytes:
    return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(data, LARGEST)


def _xz(data: bytes) -> bytes:
    return lzma.LZMADecompressor().decompress(data, LARGEST)


def _bzip2(data: bytes) -> bytes:
    return bz2.BZ2Decompressor().decompress(data, LARGEST)


def _by_program(name: str) -> Callable[[bytes], bytes]:
    """Return what unpacks by a program that may not be there; four bytes of a size follow."""

    def unpack(data: bytes) -> bytes:
        if not (program := shutil.which(name)):
            return b""
        words = [program, "-d", "-c"]
        done = subprocess.run(
            words, input=data, capture_output=True, check=False, timeout=_UNPACK_SECONDS
        )
        return done.stdout

    return unpack


_UNPACKERS: Final = MappingProxyType(
    {
        b"\x1f\x8b": _inflate,
        b"\xfd7zXZ": _xz,
        b"\x5d\x00\x00": _xz,
        b"BZh": _bzip2,
        b"\x28\xb5\x2f\xfd": _by_program("zstd"),
        b"\x02\x21\x4c\x18": _by_program("lz4"),
    }
)
