"""virtio-blk's configuration: ``[option,]...path[,option]...``, or a placeholder."""

import re
from dataclasses import dataclass, replace

from acrn_standin.errors import InexpressibleError, RefusedError
from acrn_standin.numerals import decimal
from acrn_standin.release import Block

PLACEHOLDER_MARK = "nodisk"
"""Anywhere in a configuration it makes a placeholder, as acrn-dm looks for it in all of it."""

_SECTOR_SIZE = re.compile(r"sectorsize[^=]*=([^/]*)(?:/(.*))?", re.DOTALL)
_NUMBERS = re.compile(r"discard[^=]*=\s*[+-]?\d+:\s*[+-]?\d+:\s*[+-]?\d", re.ASCII)
_CACHE = re.compile(r"nocache$|no_bst_block$|aio[^=]*(=(threads|io_uring)|$)")
_PINS = re.compile(r"\s*\+?\d+@([*\d]+(:[*\d]+)*)?(/([*\d]+(:[*\d]+)*)?)*")
_LEAST_SECTOR = 512
_CANNOT_OPEN = "Could not open backing file"


@dataclass(frozen=True, slots=True)
class Disk:
    """A disk image; sector sizes in bytes, 0 where none are asked for.

    ``not_honoured`` are the options that only the real acrn-dm carries out.
    """

    path: str
    read_only: bool = False
    writeback: bool = False
    discard: bool = False
    sector: int = 0
    physical_sector: int = 0
    not_honoured: tuple[str, ...] = ()


def disk(config: str | None, form: Block) -> Disk | None:
    """Return the disk of a configuration, None for a placeholder.

    Raises RefusedError, and InexpressibleError for a part of an image.
    """
    if config is None:
        raise RefusedError(1, "virtio_blk: backing device required")
    if PLACEHOLDER_MARK in config:
        return None
    words = config.split(",")
    leading = _leading(words) if form is Block.QUEUES else []
    if len(leading) == len(words):
        raise InexpressibleError("a virtio-blk without a path: acrn-dm crashes")
    found = Disk(words[len(leading)], not_honoured=tuple(leading))
    for option in words[len(leading) + 1 :]:
        found = _with_option(found, option, form)
    threads = any(word.startswith("iothread") for word in leading)
    if any(word.startswith("aio=io_uring") for word in found.not_honoured) and not threads:
        raise RefusedError(1, _CANNOT_OPEN)
    return found


def _leading(words: list[str]) -> list[str]:
    """Return the options in front of the path, of which v3.3 alone has any."""
    count = 0
    while count < len(words) and words[count].startswith(("iothread", "mq")):
        key, equals, value = words[count].partition("=")
        number = decimal(value.partition("@")[0])
        if equals and (number is None or number <= 0):
            raise RefusedError(1, _CANNOT_OPEN)
        if key.startswith("iothread") and "@" in value and not _PINS.fullmatch(value):
            raise RefusedError(1, _CANNOT_OPEN)
        count += 1
    return words[:count]


def _with_option(disk: Disk, option: str, form: Block) -> Disk:
    match option:
        case "writeback" | "writethru":
            return replace(disk, writeback=option == "writeback")
        case "ro":
            return replace(disk, read_only=True)
    if option.startswith("discard"):
        if "=" in option and not _NUMBERS.match(option):
            raise RefusedError(1, _CANNOT_OPEN)
        limits = ("the limits of discard",) if "=" in option else ()
        return replace(disk, discard=True, not_honoured=disk.not_honoured + limits)
    if option.startswith("sectorsize"):
        return _with_sectors(disk, option)
    if option.startswith("range"):
        raise InexpressibleError(f"a part of an image ({option})")
    if form is Block.QUEUES and _CACHE.match(option):
        return replace(disk, not_honoured=(*disk.not_honoured, option))
    raise _invalid(option)


def _with_sectors(disk: Disk, option: str) -> Disk:
    found = _SECTOR_SIZE.match(option)
    sector = decimal(found[1]) if found else None
    physical = decimal(found[2]) if found and found[2] is not None else sector
    if sector is None or physical is None:
        raise RefusedError(1, _CANNOT_OPEN)
    if sector and not (_LEAST_SECTOR <= sector <= physical and _both_powers(sector, physical)):
        raise RefusedError(1, f"Invalid sector size {sector}/{physical}")
    return replace(disk, sector=sector, physical_sector=physical if sector else 0)


def _both_powers(first: int, second: int) -> bool:
    return first & (first - 1) == 0 and second & (second - 1) == 0


def _invalid(option: str) -> RefusedError:
    return RefusedError(1, f'Invalid device option "{option}"')
