"""The options of a kernel: out of its image, or beside it; what a board's guest needs is told."""

import bz2
import gzip
import lzma
from collections.abc import Callable
from pathlib import Path

import pytest

from acrn_hwtests.boardfile import BoardFile
from acrn_hwtests.hosts.local import LocalHost
from acrn_hwtests.kernel_options import NEEDED, embedded, written
from acrn_hwtests.preflight.guest_image import option_line

_ALL = "".join(f"CONFIG_{name}=y\n" for name in NEEDED).encode()
_TEXT = _ALL + b'# CONFIG_KVM is not set\nCONFIG_LOCALVERSION="-acrn"\n'


def _vmlinux(text: bytes) -> bytes:
    return b"\x7fELF code IKCFG_ST" + gzip.compress(text) + b"IKCFG_ED more code"


def _bzimage(payload: bytes) -> bytes:
    """Return an image as the boot protocol has it: a payload of the protected-mode code."""
    image = bytearray(512 * 4 + 64)
    image[0x1F1] = 3
    image[0x202:0x206] = b"HdrS"
    image[0x248:0x24C] = (64).to_bytes(4, "little")
    image[0x24C:0x250] = len(payload).to_bytes(4, "little")
    return bytes(image) + payload + b"trailer"


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress, bz2.compress])
def test_the_options_are_read_out_of_a_bzimage(pack: Callable[[bytes], bytes]) -> None:
    """Whichever compressor of the standard library it has, with the size that follows it."""
    options = embedded(_bzimage(pack(_vmlinux(_TEXT)) + b"\0\1\2\3"))
    assert options == written(_TEXT)
    assert options["ACRN_GUEST"] == "y"
    assert options["LOCALVERSION"] == '"-acrn"'
    assert "KVM" not in options


def test_the_options_are_read_out_of_a_vmlinux() -> None:
    """Which is not packed."""
    assert embedded(_vmlinux(_TEXT)) == written(_TEXT)


@pytest.mark.parametrize(
    "image",
    [
        b"",
        b"\x7fELF nothing",
        _bzimage(gzip.compress(b"\x7fELF nothing")),
        _bzimage(gzip.compress(_vmlinux(_TEXT))[:40]),
        _bzimage(b"\x1f\x8bjunk"),
        _bzimage(b"????"),
        b"IKCFG_ST and IKCFG_ED, as extract-ikconfig has them",
        _vmlinux(_TEXT).replace(b"\x1f\x8b\x08", b"\x1f\x8b\x09"),
    ],
)
def test_an_image_that_tells_nothing_is_none(image: bytes) -> None:
    """No traceback, whatever it is."""
    assert embedded(image) is None


def _line(kernel: Path) -> tuple[str, str]:
    file = BoardFile(kind="local", release="v3.3", kernel=str(kernel), image="/i")
    (item,) = option_line(file, LocalHost())
    return item.found, item.remedy


def test_what_a_kernel_lacks_is_told(tmp_path: Path) -> None:
    """A module is as good as nothing: the argv has no initramfs."""
    kernel = tmp_path / "vmlinuz"
    kernel.write_bytes(_vmlinux(_TEXT))
    assert _line(kernel) == ("in the image", "")
    lacking = _TEXT.replace(b"CONFIG_ACRN_GUEST=y\n", b"").replace(b"EXT4_FS=y", b"EXT4_FS=m")
    kernel.write_bytes(_vmlinux(lacking))
    assert _line(kernel)[1] == "build it with CONFIG_ACRN_GUEST=y, CONFIG_EXT4_FS=y"


@pytest.mark.parametrize(
    ("kernel", "config"),
    [("vmlinuz-6.1", "config-6.1"), ("bzImage-x", "config-x"), ("kernel", "kernel.config")],
)
def test_options_may_stand_beside_the_image(tmp_path: Path, kernel: str, config: str) -> None:
    """Where distributions put them; if they stand nowhere, that is said, and stops nothing."""
    image = tmp_path / kernel
    image.write_bytes(b"no options")
    assert _line(image) == (f"not known: none in the image, no {tmp_path / config}", "")
    (tmp_path / config).write_bytes(_TEXT)
    assert _line(image) == (str(tmp_path / config), "")
