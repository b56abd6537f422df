"""Interfaces: the tap that is opened, and the seed that its MAC is made of."""

import os
from collections.abc import Iterator
from typing import Final

from acrn_cmdline.upgrade.line import Edit, Line
from acrn_cmdline.upgrade.parts import Part
from acrn_dm import Net, reads_seed_of_interface

_SEEDED: Final = 49
"""Bytes of ``--mac_seed`` that count, before v3.0 (``mac_seed_str`` in core/main.c)."""

_TAP: Final = (
    "virtio-net opens a name that starts with tap or vmnet in v1.0-v2.0, one that contains tap in "
    "v2.1-v2.7, and from v3.0 on only tap=NAME; any other form is taken, and no interface opened."
)
_SEED: Final = (
    "From v3.0 on --mac_seed is not read; virtio-net reads mac_seed=SEED directly behind tap=NAME, "
    "with all that follows, and makes the same MAC of slot, function and seed."
)


def name_tap(line: Line) -> Iterator[Edit]:
    """Name a tap by its key, where the source opened it by its bare name."""
    if not _keys_are_new(line):
        return
    for index, part, net in _nets(line):
        if _opened(line, net):
            place, emulation, rest = (part.value or "").split(",", 2)
            new = part.valued(f"{place},{emulation},tap={rest}")
            reason = f"{line.target} opens a tap by its key alone"
            yield Edit(index, index + 1, (new,), reason, _TAP)


def hand_out_seed(line: Line) -> Iterator[Edit]:
    """Give each interface the seed that was everybody's."""
    given = list(line.options("mac_seed"))
    if not given or not reads_seed_of_interface(line.target):
        return
    for index, _ in given:
        reason = f"{line.target} reads a seed with each interface"
        yield Edit(index, index + 1, (), reason, _SEED)
    if _keys_are_new(line):
        giver = given[-1][1]
        for index, part, net in _nets(line):
            if net.mac is None and _opened(line, net):
                yield _seeded(line, index, part, giver)


def lose_address(line: Line) -> Iterator[str]:
    """Tell of an interface whose MAC is made of its slot alone, and differently."""
    if _keys_are_new(line) and not line.has("mac_seed"):
        for _, part, net in _nets(line):
            if net.mac is None and _opened(line, net):
                slot = (part.value or "").partition(",")[0]
                text = f"the MAC on slot {slot}: {line.target} makes another of the slot alone"
                yield f"{text}; give the interface a mac="


def _seeded(line: Line, index: int, part: Part, giver: Part) -> Edit:
    seed = _cut(line, giver.value or "")
    place, emulation, tap, *keys = (part.value or "").split(",")
    keys = [key for key in keys if not key.startswith("mac_seed=")]
    new = part.valued(",".join([place, emulation, tap, f"mac_seed={seed}", *keys]))
    reason = "the seed of --mac_seed, so that the MAC stays"
    lost = f"the MAC on slot {place}: what follows the seed is part of it" * bool(keys)
    return Edit(index, index + 1, (new,), reason, _SEED, lost, giver.valued(seed))


def _cut(line: Line, seed: str) -> str:
    """Return as much of a seed as counted; of one that is not known, all."""
    return seed if line.holes.unknown(seed) else os.fsdecode(os.fsencode(seed)[:_SEEDED])


def _keys_are_new(line: Line) -> bool:
    """Tell whether the target reads ``tap=NAME,mac_seed=SEED``, and the source did not."""
    return reads_seed_of_interface(line.target) and not reads_seed_of_interface(line.source)


def _opened(line: Line, net: Net) -> bool:
    """Tell whether the source opens an interface, or may, where its name is not known."""
    return net.interface is not None or line.holes.unknown(net.field)


def _nets(line: Line) -> Iterator[tuple[int, Part, Net]]:
    for index, part in line.options("pci_slot"):
        device = line.device(part, line.source)
        if isinstance(device, Net):
            yield index, part, device
