"""The arguments of virtio-blk: ``PATH[,OPTION...]``, or a placeholder for a later rescan."""

from dataclasses import dataclass
from typing import Final

from acrn_dm.host import Kind
from acrn_dm.machine import Machine
from acrn_dm.problem import FaultKind, Problem
from acrn_dm.tables import BLOCK_CACHE_OPTIONS, PLACEHOLDER
from acrn_dm.text import decimal

_SECTOR: Final = 512
_PLAIN: Final = frozenset({"writeback", "writethru", "ro", "discard"})
_PLAIN_CACHE: Final = frozenset({"nocache", "no_bst_block", "aio=threads", "aio=io_uring"})
_DISCARD_FIELDS: Final = 3
_RANGE_FIELDS: Final = 2


@dataclass(frozen=True, slots=True)
class Block:
    """``-s SLOT,virtio-blk,CONFIG``.

    A ``placeholder`` (``nodisk`` anywhere in the text, from v1.1) opens no file: ``acrnctl
    blkrescan`` gives it one. Options are kept as written (``ro``, ``sectorsize=512``).
    """

    path: str
    options: tuple[str, ...] = ()
    placeholder: bool = False

    def start(self, machine: Machine) -> Problem | None:
        """Open the file: a regular one must be a non-zero multiple of 512 bytes long."""
        if self.placeholder:
            return None
        kind, size = machine.host.entry(self.path)
        whole = kind is Kind.FILE and size > 0 and size % _SECTOR == 0
        if whole or kind is Kind.DEVICE:
            return None
        shown = self.path if kind is Kind.MISSING else ""
        wanted = "nodisk" in self.path  # by who wrote it for a release that knows placeholders
        text = f"Could not open backing file: {shown}".rstrip(": ")
        return Problem(FaultKind.PLACEHOLDER if wanted else FaultKind.DISK, text)


def block(config: str | None, release: str) -> Block | Problem:
    """Read the arguments of virtio-blk."""
    if config is None:
        return Problem(FaultKind.DISK, "virtio_blk: backing device required")
    path, *options = config.split(",")
    if release in PLACEHOLDER and "nodisk" in config:
        return Block(path, tuple(options), placeholder=True)
    for option in options:
        if not _valid(option, release):
            return Problem(_fault(option), f'Invalid device option "{option}"')
    return Block(path, tuple(options))


def _valid(option: str, release: str) -> bool:
    if option in _PLAIN:
        return True
    key, equals, value = option.partition("=")
    if not equals:
        return option in _PLAIN_CACHE and release in BLOCK_CACHE_OPTIONS
    match key:
        case "sectorsize":
            return _sector_size(value)
        case "discard":
            return _numbers(value, ":") == _DISCARD_FIELDS
        case "range":
            return _numbers(value, "/") == _RANGE_FIELDS
        case _:
            return option in _PLAIN_CACHE and release in BLOCK_CACHE_OPTIONS


def _fault(option: str) -> FaultKind:
    """Tell an option that does not do from what stands behind a comma in the path."""
    return FaultKind.COMMA if "/" in option or "." in option else FaultKind.DISK_OPTION


def _numbers(text: str, separator: str) -> int:
    """Return how many numbers stand between the separators; 0 where one is no number."""
    fields = text.split(separator)
    return len(fields) if all(decimal(field) for field in fields) else 0


def _sector_size(text: str) -> bool:
    """``LOGICAL[/PHYSICAL]``: powers of two, 512 at least, the logical not above the physical."""
    sizes = [decimal(field) for field in text.split("/", 1)]
    values = [size.value for size in sizes if size]
    if len(values) != len(sizes):
        return False
    logical, physical = values[0], values[-1]
    if logical == 0:
        return True
    return _SECTOR <= logical <= physical and logical.bit_count() == 1 and physical.bit_count() == 1
