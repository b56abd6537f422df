"""The parts that a guest shows: PCI functions, disks, ports, as values."""

import re
from dataclasses import dataclass

from acrn_hwtests.console import Console

_PCI = "for d in /sys/bus/pci/devices/*; do echo ${d##*/} $(cat $d/vendor $d/device); done"
_DISKS = "for d in /sys/block/vd*; do echo ${d##*/} $(cat $d/size) $(readlink -f $d/device); done"
_PORTS = "for p in /sys/class/virtio-ports/*; do echo ${p##*/} $(cat $p/name); done"

_RED_HAT = 0x1AF4
_VIRTIO = {
    0x1000: "virtio-net",
    0x1001: "virtio-blk",
    0x1003: "virtio-console",
    0x1041: "virtio-net",
    0x1042: "virtio-blk",
    0x1043: "virtio-console",
}
"""Virtio's device ids: transitional ones, and modern ones."""


@dataclass(frozen=True, slots=True)
class Disk:
    """A disk as the guest sees it; ``sectors`` of 512 bytes, ``slot`` on bus 0."""

    name: str
    sectors: int
    slot: int


def pci(console: Console) -> dict[tuple[int, int, int], str]:
    """Return what sits at each bus, slot and function: an emulation, or ``VENDOR:DEVICE``.

    Slots 0 and 1 of bus 0 are the machine's own on a stand-in, and are not looked at anywhere.
    """
    found = {}
    for line in console.run(_PCI).checked().split("\n"):
        address, vendor, device = line.split()
        bus, slot, function = (int(part, 16) for part in re.split("[:.]", address)[1:])
        name = _VIRTIO.get(int(device, 16)) if int(vendor, 16) == _RED_HAT else None
        if bus or slot > 1:
            found[bus, slot, function] = name or f"{vendor}:{device}"
    return found


def disks(console: Console) -> dict[int, Disk]:
    """Return the virtio disks by their slots."""
    found = {}
    for line in console.run(_DISKS).checked().split("\n"):
        name, size, path = line.split()
        slot = int(re.findall(r"/[0-9a-f]{4}:00:([0-9a-f]{2})\.", path)[-1], 16)
        found[slot] = Disk(name, int(size), slot)
    return found


def ports(console: Console) -> dict[str, str]:
    """Return the devices of the virtio ports by their names."""
    lines = console.run(_PORTS).checked().split("\n")
    pairs = [line.split() for line in lines]
    return {pair[1]: f"/dev/{pair[0]}" for pair in pairs if len(pair) > 1}
