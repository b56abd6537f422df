"""The arguments of virtio-blk: ``PATH[,OPTION...]``, or a placeholder for a later rescan."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from acrn_dm.host import Kind, NeedKind
from acrn_dm.machine import Lock, Machine
from acrn_dm.problem import SEGFAULT, FaultKind, Problem, crash
from acrn_dm.tables import (
    BLOCK_CACHE_OPTIONS,
    BLOCK_QUEUES,
    BLOCK_THREADS,
    PLACEHOLDER,
)
from acrn_dm.text import Number, decimal, integer

_SECTOR: Final = 512
_LAST: Final = (1 << 63) - 1
"""The largest offset of a file."""
_FLAGS: Final = frozenset({"writeback", "writethru", "ro"})
_CACHE_FLAGS: Final = frozenset({"nocache", "no_bst_block"})
_LEADING: Final = ("iothread", "mq")
_DISCARD_FIELDS: Final = 3
_RANGE_FIELDS: Final = 2


class Block(NamedTuple):
    """``-s SLOT,virtio-blk,[iothread[=N]|mq=N,]...PATH[,OPTION...]``; also a port of AHCI.

    A ``placeholder`` (``nodisk`` anywhere in the text, from v1.1) opens no file: ``acrnctl
    blkrescan`` gives it one. Options are kept as written (``ro``, ``sectorsize=512``). ``fault``
    is what is wrong when the file is open already.
    """

    path: str
    options: tuple[str, ...] = ()
    placeholder: bool = False
    fault: Problem | None = None

    def start(self, machine: Machine) -> Problem | None:
        """Open the file: a regular one must be a non-zero multiple of 512 bytes long."""
        if self.placeholder:
            return None
        if machine.has(NeedKind.DISK, self.path):
            return self.fault or self._lock(machine)
        wanted = "nodisk" in self.path  # by who wrote it for a release that knows placeholders
        missing = self.path and machine.host.entry(self.path).kind is Kind.MISSING
        text = f"{_CANNOT_OPEN}: {self.path}" if missing else _CANNOT_OPEN
        return Problem(FaultKind.PLACEHOLDER if wanted else FaultKind.DISK, text)

    def _lock(self, machine: Machine) -> Problem | None:
        """Lock the part of the file that ``range=`` names, against other devices as well."""
        part = _part(self.options)
        if part is None:
            return None
        wanted = Lock(self.path, *part, "ro" in self.options)
        if 0 <= wanted.start < wanted.end and not any(map(wanted.bars, machine.locks)):
            machine.locks.append(wanted)
            return None
        return Problem(FaultKind.DISK_OPTION, "subfile range specified not valid!", exit=1)


_CANNOT_OPEN: Final = "Could not open backing file"


def block(config: str | None, release: str) -> Block | Problem:
    """Read the arguments of virtio-blk."""
    if config is None:
        return Problem(FaultKind.DISK, "virtio_blk: backing device required")
    if "nodisk" in config and release in PLACEHOLDER:
        path, *options = config.split(",")
        return Block(path, tuple(options), placeholder=True)
    read = _leading(config.split(","), release)
    if isinstance(read, Problem):
        return read
    threads, fields = read
    if not fields:  # nothing is left that could be a path
        return crash(FaultKind.DISK, SEGFAULT)
    return backing(fields, release, threads=threads)


def _leading(fields: Sequence[str], release: str) -> tuple[bool, Sequence[str]] | Problem:
    """Take off the options in front of the path; tell whether there are threads for it."""
    if not fields[0].startswith(_LEADING):  # nearly always
        return False, fields
    if release not in BLOCK_QUEUES:
        plain = fields[0] == "iothread" and release in BLOCK_THREADS
        return plain, fields[1:] if plain else fields
    threads = False
    for index, field in enumerate(fields):
        _, equals, value = field.partition("=")
        if field.startswith("iothread"):
            threads = True
            if equals and not _threads(value):
                return Problem(FaultKind.DISK_OPTION)
        elif field.startswith("mq"):
            number = integer(value)
            if equals and (number is None or number.value <= 0):
                return Problem(FaultKind.DISK_OPTION)
        else:
            return threads, fields[index:]
    return threads, ()


def _threads(text: str) -> bool:
    """Read ``NUMBER[@CPU[:CPU]...[/CPU...]...]``; ``*`` leaves a thread's CPUs open."""
    written, _, cpus = text.partition("@")
    number = integer(written)
    if number is None or number.value <= 0:
        return False
    for one in cpus.split("/")[: number.value] if cpus else ():
        for cpu in filter(None, [one] if not one else one.split(":")):
            if cpu.startswith("*"):
                break
            found = integer(cpu)
            if found is None or found.value < 0:
                return False
    return True


def backing(fields: Sequence[str], release: str, *, threads: bool = False) -> Block | Problem:
    """Read ``PATH[,OPTION...]``, whichever device it is for."""
    path, *options = fields
    fault = None
    for option in options:
        if not _valid(option, release):
            return _bad(option, release)
        if option.startswith("sectorsize"):
            fault = _sector_size(option.partition("=")[2])
    modes = [value for key, _, value in map(_parted, options) if key.startswith("aio") and value]
    if modes and modes[-1].startswith("io_uring") and not threads:
        fault = fault or Problem(FaultKind.DISK_OPTION, _CANNOT_OPEN)
    return Block(path, tuple(options), fault=fault)


def _parted(option: str) -> tuple[str, str, str]:
    return option.partition("=")


def _bad(option: str, release: str) -> Problem:
    """Return what is said of an option; of one with a key that is known, little."""
    known = option.startswith(("discard", "sectorsize", "range"))
    known |= option.startswith("aio") and release in BLOCK_CACHE_OPTIONS
    if known:
        return Problem(FaultKind.DISK_OPTION, _CANNOT_OPEN)
    # What looks like part of a path has been cut off it by a comma.
    kind = FaultKind.COMMA if "/" in option or "." in option else FaultKind.DISK_OPTION
    return Problem(kind, f'Invalid device option "{option}"')


def _valid(option: str, release: str) -> bool:
    """Tell whether an option is read: a key by its beginning, numbers by theirs."""
    key, equals, value = option.partition("=")
    if option in _FLAGS:
        return True
    if key.startswith("discard"):
        return not equals or _numbers(value, ":", _DISCARD_FIELDS)
    if key.startswith("sectorsize"):
        return equals == "=" and _sizes(value) is not None
    if key.startswith("range"):
        return equals == "=" and _numbers(value, "/", _RANGE_FIELDS)
    if release not in BLOCK_CACHE_OPTIONS:
        return False
    if key.startswith("aio"):
        return not equals or value.startswith(("threads", "io_uring"))
    return option in _CACHE_FLAGS


def _numbers(text: str, separator: str, count: int) -> bool:
    """Tell whether so many numbers follow one another; what comes behind them is ignored."""
    for place in range(count):
        number = integer(text)
        if number is None:
            return False
        text = text[number.end :]
        if place < count - 1:
            if not text.startswith(separator):
                return False
            text = text[1:]
    return True


def _sizes(text: str) -> tuple[Number, Number] | None:
    """Read ``LOGICAL[/PHYSICAL]``."""
    logical = integer(text)
    if logical is None or text[logical.end : logical.end + 1] != "/":
        return None if logical is None else (logical, logical)
    physical = integer(text[logical.end + 1 :])
    return None if physical is None else (logical, physical)


def _part(options: Sequence[str]) -> tuple[int, int] | None:
    """Return where the part that ``range=`` names starts and ends, in bytes; None: it names none.

    A size of 0 is all that follows, a negative one what lies in front.
    """
    ranges = [value for key, _, value in map(_parted, options) if key.startswith("range")]
    if not ranges:
        return None
    sizes = [_sizes(text) for key, _, text in map(_parted, options) if key.startswith("sectorsize")]
    sector = sizes[-1][0].value if sizes and sizes[-1] else 0
    start, size = (each * (sector or _SECTOR) for each in _region(ranges[-1]))
    return (start + size, start) if size < 0 else (start, start + size if size else _LAST)


def _region(text: str) -> tuple[int, int]:
    """Read the two numbers of a ``range=`` that is known to have them."""
    first = decimal(text)
    second = decimal(text[first.end + 1 :]) if first else None
    return (first.value, second.value) if first and second else (0, 0)


def _sector_size(text: str) -> Problem | None:
    """Powers of two, 512 at least, the logical not above the physical; 0 is the disk's own."""
    sizes = _sizes(text)
    if sizes is None or sizes[0].value == 0:
        return None
    logical, physical = (size.value for size in sizes)
    powers = logical & (logical - 1) == 0 and physical & (physical - 1) == 0
    if powers and _SECTOR <= logical <= physical:
        return None
    return Problem(FaultKind.DISK_OPTION, f"Invalid sector size {logical}/{physical}")
