"""The functions that an argv puts on the bus, as it names them, and the tokens that name none."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from acrn_dm import Address, FaultKind, Reading, SlotText, slot_text

_PLACEHOLDERS: Final = 8
_PLACED: Final = frozenset({"pci_slot", "lpc"})


class Function(NamedTuple):
    """A value of ``-s``, in parts and whole; None where ``-s`` has none."""

    written: SlotText | None
    text: str

    @property
    def place(self) -> Address | None:
        """Where it is to sit, None where that cannot be read."""
        return self.written.place if self.written else None

    @property
    def emulation(self) -> str:
        """The emulation, as written."""
        return self.written.emulation if self.written else ""


def functions(reading: Reading) -> Iterator[Function]:
    """Yield what each ``-s`` names."""
    for given in reading.given:
        if given.name == "pci_slot":
            yield Function(slot_text(given.value), given.value)
    for _ in _lacks_value(reading, "pci_slot"):
        yield Function(None, "-s without a value")


def _lacks_value(reading: Reading, option: str) -> Iterator[int]:
    """Yield the token of an option that stands last and lacks its value."""
    for fault in reading.faults:
        lacking = fault.kind is FaultKind.OPTION_ARGUMENT and fault.option == option
        if lacking and fault.token is not None:
            yield fault.token


def rest(reading: Reading) -> Iterator[str]:
    """Yield the tokens that put nothing on the bus; of a cluster, what stands before its ``-s``."""
    placed: set[int] = set()
    before: dict[int, str] = {}
    for at, token, joined in _placing(reading):
        placed |= {at, token}
        text = reading.argv[at]
        if not text.startswith("--"):
            before[at] = text[: len(text) - joined - 1]
    for index, text in enumerate(reading.argv):
        if index not in placed:
            yield text
        elif before.get(index, "-") != "-":
            yield before[index]


def _placing(reading: Reading) -> Iterator[tuple[int, int, int]]:
    """Yield the token of each ``-s`` and ``-l``, that of its value, and how much is joined."""
    for given in reading.given:
        if given.name in _PLACED:
            yield given.at, given.token, len(given.value) if given.at == given.token else 0
    for name in _PLACED:
        for token in _lacks_value(reading, name):
            yield token, token, 0


def derived(functions: Sequence[Function]) -> tuple[int, ...]:
    """Return the table of a sandbox: its image first, then the eight placeholders."""
    disks = [f for f in functions if f.emulation == "virtio-blk"][: _PLACEHOLDERS + 1]
    empty = [disk.written is not None and disk.written.arguments == "nodisk" for disk in disks]
    if empty != [False] + [True] * _PLACEHOLDERS:
        return ()
    return tuple(disk.place.slot if disk.place else 0 for disk in disks)
