"""Rescans: whether ``acrnctl blkrescan VM SLOT,PATH`` can give a VM that was started a disk.

acrnctl ends with status 0 also where the rescan fails, so that nobody learns of it otherwise.
"""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple

from acrn_dm import Block, Command, Host, Stage, read

_COMMAND: Final = "blkrescan"
_WORDS: Final = 3
_LONGEST_ARGUMENT: Final = 255
_LONGEST_NAME: Final = 72
_WITHOUT: Final = frozenset({"v1.0"})
_PLACEHOLDER: Final = "nodisk"
_NUMBER: Final = re.compile(r"\s*[+-]?[0-9]{1,20}", re.ASCII)


class RescanFault(StrEnum):
    """Why a rescan fails; the value names it."""

    FORM = "rescan-form"
    RELEASE = "rescan-release"
    NAME = "rescan-name"
    NO_VM = "rescan-vm"
    SLOT = "rescan-slot"
    CUT = "rescan-cut"
    PATH = "rescan-path"


FACTS: Final[Mapping[RescanFault, tuple[str, str]]] = {
    RescanFault.FORM: (
        "acrnctl takes a VM's name, then a slot and a path with a comma between.",
        "call acrnctl blkrescan VM SLOT,PATH",
    ),
    RescanFault.RELEASE: (
        "v1.0 knows neither blkrescan nor placeholders.",
        "use v1.1 or later, or give the VM its disks at the start",
    ),
    RescanFault.NAME: (
        "acrnctl blkrescan reaches names of at most 72 bytes, without a dot.",
        "give the VM a shorter name without a dot",
    ),
    RescanFault.NO_VM: (
        "A rescan goes to a VM that runs; acrnctl exits 0 where there is none.",
        "start the VM first, and give its name as acrn-dm got it",
    ),
    RescanFault.SLOT: (
        "Only a virtio-blk placeholder (nodisk) on bus 0, function 0 takes a disk, and only once.",
        "name a slot that holds -s SLOT,virtio-blk,nodisk and has not got its disk yet",
    ),
    RescanFault.CUT: (
        "acrnctl cuts SLOT,PATH off after 255 bytes.",
        "give a shorter path, through a link",
    ),
    RescanFault.PATH: (
        "Arguments with nodisk in them make a placeholder, and name no file.",
        "give the path of a disk whose name does not hold nodisk",
    ),
}
"""The fact behind each fault, and the remedy."""


class RescanFinding(NamedTuple):
    """A fault of a rescan; the message may hold any text that the argv holds."""

    fault: RescanFault
    message: str


class Vms(NamedTuple):
    """The VMs that one release has started for the calls so far, and the slots filled since."""

    release: str
    host: Host
    commands: Mapping[str, Command] = MappingProxyType({})
    filled: frozenset[tuple[str, int]] = frozenset()

    def after_start(self, argv: Sequence[str]) -> "Vms":
        """Return what there is after a call of acrn-dm; one that it cannot read starts nothing."""
        reading = read(argv, self.release, self.host)
        if any(fault.stage is Stage.ARGV for fault in reading.faults):
            return self
        name = reading.command.name
        filled = frozenset(each for each in self.filled if each[0] != name)
        return Vms(self.release, self.host, {**self.commands, name: reading.command}, filled)

    def after_rescan(self, argv: Sequence[str]) -> "Vms":
        """Return what there is after a call of acrnctl, which fills a placeholder if it can."""
        if not is_rescan(argv) or any(True for _ in self.findings(argv)):
            return self
        slot = _slot(argv[2].partition(",")[0])
        assert slot is not None  # noqa: S101 - there were no findings
        filled = self.filled | {(argv[1], slot)}
        return Vms(self.release, self.host, self.commands, filled)

    def findings(self, argv: Sequence[str]) -> Iterator[RescanFinding]:
        """Yield what makes a rescan fail; nothing where it gives the VM a disk."""
        if len(argv) != _WORDS or "," not in argv[2]:
            yield RescanFinding(RescanFault.FORM, f"not VM SLOT,PATH: {' '.join(argv[1:])}")
            return
        _, name, argument = argv
        where, _, path = argument.partition(",")
        if self.release in _WITHOUT:
            yield RescanFinding(RescanFault.RELEASE, "this release cannot rescan")
            return
        if len(os.fsencode(argument)) > _LONGEST_ARGUMENT:
            size = len(os.fsencode(argument))
            yield RescanFinding(RescanFault.CUT, f"the slot and the path have {size} bytes")
        if not path or _PLACEHOLDER in path:
            yield RescanFinding(
                RescanFault.PATH, f"{path} is no file to give" if path else "no path"
            )
        if len(os.fsencode(name)) > _LONGEST_NAME or "." in name:
            yield RescanFinding(RescanFault.NAME, f"acrnctl does not find a VM named {name}")
        if name not in self.commands:
            yield RescanFinding(RescanFault.NO_VM, f"no VM named {name} was started before")
        elif complaint := self._complaint(name, where):
            yield RescanFinding(RescanFault.SLOT, complaint)

    def _complaint(self, name: str, where: str) -> str:
        """Return what is wrong with a slot of a VM, or nothing."""
        slot = _slot(where)
        if slot is None:
            return f"{where} is no number of a slot"
        at = [
            f for f in self.commands[name].functions if (f.bus, f.slot, f.function) == (0, slot, 0)
        ]
        if not at:
            return f"slot {slot} of {name} holds nothing"
        device = at[0].device
        if not isinstance(device, Block):
            return f"slot {slot} of {name} holds {at[0].emulation}"
        if not device.placeholder:
            return f"slot {slot} of {name} holds a disk, {device.path}"
        return f"slot {slot} of {name} has got its disk before" * ((name, slot) in self.filled)


def is_rescan(argv: Sequence[str]) -> bool:
    """Tell whether a call of acrnctl is one that wants a rescan."""
    return list(argv[:1]) == [_COMMAND]


def _slot(text: str) -> int | None:
    """Read a slot as acrn-dm reads a number: what follows it is ignored."""
    found = _NUMBER.match(text)
    return int(found[0]) if found else None
