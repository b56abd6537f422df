"""Debian's cloud kernel: which package it is in now, and how to get at what is in that."""

import re
from dataclasses import dataclass
from pathlib import Path

from acrn_testguest.tools import BuildError, run

_META = "linux-image-cloud-amd64"
_REMEDY = "run: apt-get update"
_DEPENDS = re.compile(r"^Depends:.*?\b(linux-image-[\w.+-]+) \(= ([\w.+~:-]+)\)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class KernelPackage:
    """A versioned kernel image package."""

    name: str
    version: str


def current_kernel() -> KernelPackage:
    """Return the package that the cloud kernel's name stands for at present.

    Raises BuildError where apt does not know it.
    """
    found = _DEPENDS.search(_shown())
    if not found:
        raise BuildError(f"apt does not say which kernel {_META} is; the guest needs Debian 12's")
    return KernelPackage(found[1], found[2])


def _shown() -> str:
    return run("apt-cache", "show", "--no-all-versions", _META, remedy=_REMEDY).stdout


def download(package: KernelPackage, folder: Path) -> Path:
    """Download a package into a folder and return its path. Raises BuildError."""
    # As root, apt hands downloads to a user who may not write here, and warns when it cannot.
    run(
        "apt-get",
        *("-q", "-o", "APT::Sandbox::User=root"),
        *("download", f"{package.name}={package.version}"),
        folder=folder,
        remedy=_REMEDY,
    )
    return next(folder.glob("*.deb"))


def unpack(package: Path, folder: Path) -> Path:
    """Unpack a kernel package into a folder; return the kernel's path. Raises BuildError."""
    run("dpkg-deb", "-x", package, folder)
    kernel = next((folder / "boot").glob("vmlinuz-*"), None)
    if kernel is None:
        raise BuildError(f"{package.name} holds no kernel; the guest needs Debian 12's")
    return kernel
