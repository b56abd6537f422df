"""The build: from Debian's packages to a guest in the cache, whole or not at all."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from acrn_testguest.busybox import busybox_version, static_busybox
from acrn_testguest.disk import e2fsprogs_version, write_disk
from acrn_testguest.guest import GuestFiles, check, sha256, write_manifest
from acrn_testguest.initramfs import MODULES, initramfs
from acrn_testguest.kernel import KernelPackage, current_kernel, download, unpack
from acrn_testguest.modules import found_in, in_load_order
from acrn_testguest.sources import fingerprint
from acrn_testguest.tools import BuildError


def default_cache() -> Path:
    """Return where guests are kept: ``acrn-conformance`` in the user's cache folder."""
    configured = Path(os.environ.get("XDG_CACHE_HOME", ""))
    base = configured if configured.is_absolute() else Path("~/.cache").expanduser()
    return base / "acrn-conformance"


def build(cache: Path | None = None) -> GuestFiles:
    """Return the guest made of this machine's packages; build it if the cache has none.

    Waits for another build in the same cache. Raises BuildError.
    """
    busybox = static_busybox()
    package = current_kernel()
    folder = (cache or default_cache()).absolute()
    guest = GuestFiles(folder / f"guest-{_key(package, busybox)}")
    try:
        if not guest.folder.exists():
            folder.mkdir(parents=True, exist_ok=True)
            with _alone(folder):
                if not guest.folder.exists():
                    _build(guest, package, busybox)
        check(guest)
    except OSError as error:
        raise BuildError(
            f"{error.filename or folder}: {error.strerror}; make room, or name another folder"
        ) from None
    return guest


def _key(package: KernelPackage, busybox: bytes) -> str:
    parts = (package.name, package.version, sha256(busybox), fingerprint())
    return sha256("\0".join(parts).encode())[:16]


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other builders out; the kernel lets them in when this one ends, however it does."""
    with (folder / "lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _build(guest: GuestFiles, package: KernelPackage, busybox: bytes) -> None:
    """Build beside the final folder, and rename. What lies there is left of killed builds."""
    for left in guest.folder.parent.glob("guest-*.partial"):
        shutil.rmtree(left)
    partial = GuestFiles(guest.folder.with_suffix(".partial"))
    try:
        _fill(partial, package, busybox)
        partial.folder.rename(guest.folder)
    finally:
        shutil.rmtree(partial.folder, ignore_errors=True)


def _fill(guest: GuestFiles, package: KernelPackage, busybox: bytes) -> None:
    work = guest.folder / "work"
    work.mkdir(parents=True)
    archive = download(package, work)
    unpacked = work / "kernel"
    unpack(archive, unpacked).rename(guest.kernel)
    modules = in_load_order(MODULES, found_in(unpacked / "lib" / "modules"))
    guest.initramfs.write_bytes(initramfs(busybox, modules))
    write_disk(work, busybox).rename(guest.disk)
    made_of: dict[str, object] = {
        "kernel": {**asdict(package), "sha256": sha256(archive.read_bytes())},
        "modules": list(modules),
        "busybox": {"version": busybox_version(), "sha256": sha256(busybox)},
        "e2fsprogs": {"version": e2fsprogs_version()},
        "builder": {"sha256": fingerprint()},
    }
    write_manifest(guest, made_of)
    shutil.rmtree(work)
