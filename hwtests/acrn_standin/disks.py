"""virtio-blk's configuration: ``path[,option]...``, or a placeholder."""

import re
from dataclasses import dataclass, replace

from acrn_standin.errors import InexpressibleError, RefusedError
from acrn_standin.numerals import decimal

PLACEHOLDER_MARK = "nodisk"
"""Anywhere in a configuration it makes a placeholder, as acrn-dm looks for it in all of it."""

_SECTOR_SIZE = re.compile(r"sectorsize[^=]*=([^/]*)(?:/(.*))?", re.DOTALL)
_NUMBERS = re.compile(r"discard[^=]*=\s*[+-]?\d+:\s*[+-]?\d+:\s*[+-]?\d", re.ASCII)
_LEAST_SECTOR = 512


@dataclass(frozen=True, slots=True)
class Disk:
    """A disk image; sector sizes in bytes, 0 where none are asked for.

    ``discard_limits``: numbers for discard are given, too.
    """

    path: str
    read_only: bool = False
    writeback: bool = False
    discard: bool = False
    discard_limits: bool = False
    sector: int = 0
    physical_sector: int = 0


def disk(config: str | None) -> Disk | None:
    """Return the disk of a configuration, None for a placeholder.

    Raises RefusedError, and InexpressibleError for a part of an image.
    """
    if config is None:
        raise RefusedError(1, "virtio_blk: backing device required")
    if PLACEHOLDER_MARK in config:
        return None
    path, *options = config.split(",")
    found = Disk(path)
    for option in options:
        found = _with_option(found, option)
    return found


def _with_option(disk: Disk, option: str) -> Disk:
    match option:
        case "writeback" | "writethru":
            return replace(disk, writeback=option == "writeback")
        case "ro":
            return replace(disk, read_only=True)
    if option.startswith("discard"):
        if "=" in option and not _NUMBERS.match(option):
            raise _invalid(option)
        return replace(disk, discard=True, discard_limits="=" in option)
    if option.startswith("sectorsize"):
        return _with_sectors(disk, option)
    if option.startswith("range"):
        raise InexpressibleError(f"a part of an image ({option})")
    raise _invalid(option)


def _with_sectors(disk: Disk, option: str) -> Disk:
    found = _SECTOR_SIZE.match(option)
    sector = decimal(found[1]) if found else None
    physical = decimal(found[2]) if found and found[2] is not None else sector
    if sector is None or physical is None:
        raise _invalid(option)
    if sector and not (_LEAST_SECTOR <= sector <= physical and _both_powers(sector, physical)):
        raise RefusedError(1, f"Invalid sector size {sector}/{physical}")
    return replace(disk, sector=sector, physical_sector=physical if sector else 0)


def _both_powers(first: int, second: int) -> bool:
    return first & (first - 1) == 0 and second & (second - 1) == 0


def _invalid(option: str) -> RefusedError:
    return RefusedError(1, f'Invalid device option "{option}"')
