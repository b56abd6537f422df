"""The files of a build: three in a folder, and a manifest that says what they are made of."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from acrn_testguest.tools import BuildError


@dataclass(frozen=True, slots=True)
class GuestFiles:
    """A built guest; its files are to be copied or read, never written to."""

    folder: Path

    @property
    def kernel(self) -> Path:
        """The Linux kernel, for acrn-dm's ``-k``."""
        return self.folder / "vmlinuz"

    @property
    def initramfs(self) -> Path:
        """The initramfs, by which this kernel finds the disk, its virtio drivers being modules."""
        return self.folder / "initramfs.img"

    @property
    def disk(self) -> Path:
        """A raw image with the root file system on its first partition."""
        return self.folder / "disk.img"

    @property
    def manifest(self) -> Path:
        """Their ingredients, as JSON: names, versions and hashes."""
        return self.folder / "manifest.json"


def sha256(data: bytes) -> str:
    """Return a hash in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def write_manifest(guest: GuestFiles, made_of: dict[str, object]) -> None:
    """Write what the guest was made of, and the hashes of its files. Raises OSError."""
    hashes = {path.name: sha256(path.read_bytes()) for path in _files(guest)}
    text = json.dumps({**made_of, "files": hashes}, indent=2)
    guest.manifest.write_text(f"{text}\n")


def check(guest: GuestFiles) -> None:
    """Raise BuildError unless the files are those that were built: a test may have changed one.

    Raises OSError.
    """
    manifest = guest.manifest.read_bytes() if guest.manifest.exists() else b""
    for path in _files(guest):
        if not path.exists() or sha256(path.read_bytes()).encode() not in manifest:
            raise BuildError(
                f"{path} is not what was built; remove {guest.folder}, and build it again"
            )


def _files(guest: GuestFiles) -> tuple[Path, ...]:
    return guest.kernel, guest.initramfs, guest.disk
