"""The initramfs: busybox, the virtio drivers, and an init that finds the root disk."""

import gzip
from collections.abc import Mapping

from acrn_testguest import cpio
from acrn_testguest.sources import source

MODULES = ("virtio_pci", "virtio_blk", "virtio_net", "virtio_console")
"""The drivers that a guest of acrn-dm lives on; a cloud kernel has none of them built in."""

_FOLDERS = ("bin", "dev", "disk", "modules", "proc", "sys")


def initramfs(busybox: bytes, modules: Mapping[str, bytes]) -> bytes:
    """Return the compressed archive; ``modules`` stand in the order to load them."""
    entries = [
        *map(cpio.folder, _FOLDERS),
        cpio.file("bin/busybox", busybox, 0o755),
        cpio.link("bin/sh", "busybox"),
        cpio.file("init", source("initramfs-init"), 0o755),
    ]
    for number, (name, content) in enumerate(modules.items()):
        entries.append(cpio.file(f"modules/{number:02}-{name}.ko", content))
    return gzip.compress(cpio.archive(entries), mtime=0)
