"""The host that a start depends on besides the argv: files, terminals and taps of this machine."""

import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from acrn_standin.errors import RefusedError

_SECTOR: Final = 512


@dataclass(frozen=True, slots=True)
class Image:
    """A file or block device that can be opened: its size in bytes."""

    size: int
    writable: bool = True
    block_device: bool = False


class Host(Protocol):
    """The questions to a machine; `ThisHost` answers for the one it runs on."""

    def image(self, path: str) -> Image | None:
        """Return the file at a path, None where it cannot be opened."""

    def is_terminal(self, path: str) -> bool | None:
        """Return whether a terminal is at a path, None where nothing can be opened."""

    def has_place_for(self, path: str) -> bool:
        """Return whether a socket or a file can be made at a path."""

    def may_open_taps(self) -> bool:
        """Return whether tap devices can be opened at all."""


def disk_image(path: str, host: Host) -> Image:
    """Return the file of a disk. Raises RefusedError where acrn-dm cannot use it."""
    image = host.image(path)
    if image is None:
        raise RefusedError(1, f"Could not open backing file: {path}")
    if image.size < _SECTOR or image.size % _SECTOR:
        raise RefusedError(1, f"{path} size not correct, should be multiple of {_SECTOR}")
    return image


class ThisHost:
    """The machine that this runs on."""

    def image(self, path: str) -> Image | None:
        """As `Host.image`; a pipe or a terminal is none."""
        try:
            handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
        except OSError:
            return None
        try:
            mode = os.fstat(handle).st_mode
            if not stat.S_ISREG(mode) and not stat.S_ISBLK(mode):
                return None
            # A block device's size is where it ends; its stat says 0.
            size = os.lseek(handle, 0, os.SEEK_END)
        finally:
            os.close(handle)
        return Image(size, os.access(path, os.W_OK), stat.S_ISBLK(mode))

    def is_terminal(self, path: str) -> bool | None:
        """As `Host.is_terminal`."""
        try:
            handle = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
        except OSError:
            return None
        try:
            return os.isatty(handle)
        finally:
            os.close(handle)

    def has_place_for(self, path: str) -> bool:
        """As `Host.has_place_for`."""
        folder, name = os.path.split(path)
        with suppress(OSError):
            return bool(name) and Path(folder or ".").is_dir() and not Path(path).is_dir()
        return False

    def may_open_taps(self) -> bool:
        """As `Host.may_open_taps`: by root, and where the tun device opens."""
        try:
            os.close(os.open("/dev/net/tun", os.O_RDWR | os.O_CLOEXEC))
        except OSError:
            return False
        return os.geteuid() == 0
