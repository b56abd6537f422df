"""A rescan: the placeholder on a slot gets a disk, while the guest runs."""

from contextlib import suppress
from dataclasses import dataclass

from qemu.qmp import QMPError

from acrn_standin.disks import PLACEHOLDER_MARK, Disk, disk
from acrn_standin.errors import InexpressibleError, RefusedError, RescanError
from acrn_standin.host import Host, Image, disk_image
from acrn_standin.numerals import decimal
from acrn_standin.process import Qemu
from acrn_standin.qemu_devices import disk_node
from acrn_standin.release import Block


@dataclass(frozen=True, slots=True)
class Request:
    """A slot, and what is to be put into it."""

    slot: int
    path: str
    image: Image


def requested(argument: str, placeholders: frozenset[int], host: Host) -> Request:
    """Return what ``slot,path[,option]`` asks for, if a placeholder is on the slot.

    Raises RescanError, with the words of release v2.5 where it has some.
    """
    place, comma, config = argument.partition(",")
    slot = decimal(place)
    if not comma:
        raise RescanError("Slot info or path not available!")
    if slot is None:
        raise RescanError(f"Incorrect slot: '{place}'")
    if PLACEHOLDER_MARK in config:
        raise RescanError(f"no valid backend file found: '{config}' names a placeholder")
    if slot not in placeholders:
        raise RescanError(
            f"slot {slot} holds no placeholder (virtio-blk,{PLACEHOLDER_MARK}), or no longer: "
            "Replacing valid backend file not supported!"
        )
    try:
        path = _path(config)
        return Request(slot, path, disk_image(path, host))
    except (RefusedError, InexpressibleError) as error:
        raise RescanError(str(error)) from None


def _path(config: str) -> str:
    asked = disk(config, Block.PLAIN)
    if asked is None or asked != Disk(asked.path):
        raise InexpressibleError(f"the options of a rescan ({config})")
    return asked.path


async def rescan(qemu: Qemu, request: Request) -> None:
    """Put the disk in place; the guest is told of the new size. Raises RescanError."""
    node = disk_node(request.slot)
    file = f"{node}-rescanned"
    driver = "host_device" if request.image.block_device else "file"
    options = {"driver": "raw", "node-name": node, "file": file}
    try:
        await qemu.execute("blockdev-add", driver=driver, node_name=file, filename=request.path)
        await qemu.execute("blockdev-reopen", options=[options])
        # To the size that it has: only a change of size makes QEMU tell the guest.
        await qemu.execute("block_resize", node_name=node, size=request.image.size)
    except QMPError as error:
        # A node in use stays; one that did not come into use would be in the next try's way.
        with suppress(QMPError):
            await qemu.execute("blockdev-del", node_name=file)
        raise RescanError(str(error)) from None
