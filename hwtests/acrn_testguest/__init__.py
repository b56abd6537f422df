"""The test guest: a kernel, an initramfs and a disk image, built from Debian's packages."""

from acrn_testguest.builder import build
from acrn_testguest.guest import GuestFiles
from acrn_testguest.tools import BuildError

__all__ = ["BuildError", "GuestFiles", "build"]
