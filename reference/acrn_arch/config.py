"""A guest's configuration, and the command line that it gives."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from acrn_arch.devices import Block, Device
from acrn_arch.dialect import KATA_1, Dialect
from acrn_arch.table import BlockTable, record

RESERVED_SLOT = 2
"""GVT-g sits on this slot, so no device is put there (seed: acrnGVTgReservedSlot)."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Guest memory as acrn-dm takes it, e.g. ``2048M``."""

    size: str = ""


@dataclass(frozen=True, slots=True)
class Kernel:
    """Guest kernel; ``image_path`` does not reach the argv from here."""

    path: str = ""
    image_path: str = ""
    params: str = ""


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that a launch needs (seed: Config); an empty field leaves its option out.

    ``apic_id``: the guest's CPUs as local APIC ids. Which options there are, a dialect says.
    """

    path: str = ""
    ctl_path: str = ""
    name: str = ""
    uuid: str = ""
    apic_id: str = ""
    acpi_virt: bool = False
    memory: Memory = field(default_factory=Memory)
    kernel: Kernel = field(default_factory=Kernel)
    devices: tuple[Device, ...] = ()


class Piece(NamedTuple):
    """Tokens that belong together: an option with its value, a device, or the name."""

    tokens: tuple[str, ...]
    source: str | Device
    slot: int | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """A command line without the program's name, and the block table that goes with it.

    Options stand before the devices and behind them, the name last. Devices are told of as they
    are placed; their pieces are made when somebody asks for them, which a launch does not.
    """

    before: tuple[Piece, ...]
    on_slots: tuple[tuple[int, Device], ...]
    behind: tuple[Piece, ...]
    block_table: BlockTable

    @property
    def argv(self) -> tuple[str, ...]:
        """All tokens in order."""
        tokens: list[str] = []
        for piece in self.before:
            tokens += piece.tokens
        for slot, device in self.on_slots:
            tokens += device.params(slot)
        for piece in self.behind:
            tokens += piece.tokens
        return tuple(tokens)

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The same tokens with what each of them comes from."""
        devices = [Piece(device.params(slot), device, slot) for slot, device in self.on_slots]
        return (*self.before, *devices, *self.behind)


def command(config: Config, dialect: Dialect = KATA_1) -> Command:
    """Build the command line: options, devices, options, name (seed: LaunchAcrn).

    Raises NegativeIndexError for a valid block device with an index below 0.
    """
    on_slots = tuple(placed(config.devices))
    before = _options(dialect.before, config)
    behind = (
        *_options(dialect.behind, config),
        *([Piece((config.name,), "name")] if config.name else []),
    )
    return Command(before, on_slots, behind, block_table(on_slots))


def block_table(on_slots: Iterable[tuple[int, Device]]) -> BlockTable:
    """Return the table that devices on their slots give; raises NegativeIndexError."""
    slots = list(BlockTable().slots)
    for slot, device in on_slots:
        if isinstance(device, Block):
            record(slots, device.index, slot)
    return BlockTable(tuple(slots))


def placed(devices: Iterable[Device]) -> Iterator[tuple[int, Device]]:
    """Put valid devices on slots from 0 up but for the reserved one; there is no upper bound."""
    slot = 0
    for device in devices:
        if not device.valid():
            continue
        if slot == RESERVED_SLOT:
            slot += 1
        yield slot, device
        slot += 1


def _options(flags: Iterable[str], config: Config) -> tuple[Piece, ...]:
    return tuple([piece for flag in flags for piece in _OPTIONS[flag](config)])


def _option(source: str, flag: str, value: str) -> list[Piece]:
    return [Piece((flag, value), source)] if value else []


def _kernel(kernel: Kernel) -> list[Piece]:
    """``-B`` goes only with ``-k``: parameters without a kernel are dropped."""
    if not kernel.path:
        return []
    return [
        *_option("kernel.path", "-k", kernel.path),
        *_option("kernel.params", "-B", kernel.params),
    ]


_OPTIONS: Mapping[str, Callable[[Config], list[Piece]]] = {
    "-U": lambda config: _option("uuid", "-U", config.uuid),
    "-A": lambda config: [Piece(("-A",), "acpi_virt")] if config.acpi_virt else [],
    "-m": lambda config: _option("memory.size", "-m", config.memory.size),
    "--cpu_affinity": lambda config: _option("apic_id", "--cpu_affinity", config.apic_id),
    "-k": lambda config: _kernel(config.kernel),
}
"""The pieces of each option that a dialect may have; ``-B`` comes with ``-k``."""
