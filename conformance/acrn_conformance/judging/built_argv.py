"""A built argv, right or wrong, taken apart as far as it can be: options, devices, the name.

Never refuses, unlike ``invariants.layout``, which says what is wrong with one: what cannot be read
is a token of its own.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

_WITH_VALUE = frozenset(("-U", "-m", "-k", "-B", "--cpu_affinity"))
_DEVICE = re.compile(r"(-?\d{1,9})(:[^,]*)?,([^,]*)(.*)", re.DOTALL)


class BuiltDevice(NamedTuple):
    """A device as written: its slot, ``:FUNCTION`` if there is one, its emulation, and the rest.

    ``slot`` is empty where the token cannot be read; it is all in ``rest`` then.
    """

    slot: str
    function: str
    emulation: str
    rest: str

    @property
    def unplaced(self) -> tuple[str, str, str]:
        """Return the device without its slot."""
        return self[1:]

    @property
    def text(self) -> str:
        """Return the token that it was read from, where it could be read."""
        return f"{self.slot}{self.function},{self.emulation}{self.rest}" if self.slot else self.rest


class BuiltArgv(NamedTuple):
    """An argv: the options in order (``-s`` once for devices side by side), values, devices.

    ``others``: tokens that belong to no option, the name among them.
    """

    order: tuple[str, ...]
    values: dict[str, str]
    devices: tuple[BuiltDevice, ...]
    others: tuple[str, ...]


def take_apart(argv: Sequence[str]) -> BuiltArgv:
    """Read an argv from left to right; the last token, if it is no option's, is the name."""
    order: list[str] = []
    values: dict[str, str] = {}
    devices: list[BuiltDevice] = []
    others: list[str] = []
    rest = iter(argv)
    for token in rest:
        if token == "-s":
            devices.append(device(next(rest, "")))
        elif token in _WITH_VALUE:
            values[token] = next(rest, "")
        elif token == "-A":
            values[token] = ""
        else:
            others.append(token)
        name = token if token == "-s" or token in values else ""
        if order[-1:] != [name]:
            order.append(name)
    return BuiltArgv(tuple(order), values, tuple(devices), tuple(others))


def device(text: str) -> BuiltDevice:
    """Read the value of one ``-s``."""
    if found := _DEVICE.fullmatch(text):
        return BuiltDevice(found[1], found[2] or "", found[3], found[4])
    return BuiltDevice("", "", "", text)
