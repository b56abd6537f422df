"""Where devices sit: on bus 0, where the target knows no other."""

from collections.abc import Iterator, Sequence
from typing import Final

from acrn_cmdline.upgrade.line import Edit, Line
from acrn_dm import SLOTS, Address, FaultKind

_RESERVED: Final = frozenset({0, 1, 2, 31})
"""Slots of bus 0 on which a guest may look for the host bridge, LPC, and the GPU and its LPC."""

_FACT: Final = (
    "The MP table knows bus 0 alone; -Y does without it up to v2.7, and from v3.0 on nothing does."
)


def move_to_bus_0(line: Line) -> Iterator[Edit]:
    """Move the devices of other buses, those that share a slot together."""
    if not line.refused_for(FaultKind.BUSES):
        return
    places = [text.place for _, _, text in line.slots() if text.place]
    moved = _moved(places)
    for index, part, text in line.slots():
        slot = moved.get(text.place[:2]) if text.place else None
        if text.place and slot is not None:
            where = f"{slot}:{text.place.function}" if text.place.function else f"{slot}"
            value = f"{where}{(part.value or '').removeprefix(text.where)}"
            lost = f"the place {text.where} of {text.emulation}: in the guest it is on slot {where}"
            kept = slot == text.place.slot
            names = "" if kept else ", and what is named or made after its slot changes"
            reason = f"{line.target} wants all devices on bus 0"
            yield Edit.of_value(index, part, value, reason, _FACT, lost + names)


def _moved(places: Sequence[Address]) -> dict[tuple[int, int], int]:
    """Return a slot of bus 0 for each bus and slot beyond, its own number where that is free.

    Those that find none stay where they are.
    """
    beyond = list(dict.fromkeys((bus, slot) for bus, slot, _ in places if bus))
    free = set(range(SLOTS)) - _RESERVED - {slot for bus, slot, _ in places if not bus}
    moved: dict[tuple[int, int], int] = {}
    for place in sorted(beyond, key=lambda each: each[1] not in free):
        if free:
            moved[place] = place[1] if place[1] in free else min(free)
            free.remove(moved[place])
    return moved
