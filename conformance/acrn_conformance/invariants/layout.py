"""A built argv read structurally: which token is an option, a device, the name.

Not a search for ``-s``: a path or a name may be any text. The order is the dialect's.
"""

from collections.abc import Sequence

import msgspec


class LayoutError(ValueError):
    """An argv that no arch layer builds; the text names the token."""


class PciFunction(msgspec.Struct, frozen=True):
    """The value of one ``-s``: slot, function where it is written, emulation, and the rest."""

    slot: int
    function: int | None
    emulation: str
    rest: str
    text: str


class Layout(msgspec.Struct, frozen=True):
    """The devices of an argv, and its last token where that is none of an option's."""

    devices: tuple[PciFunction, ...]
    name: str | None = None


def read_argv(argv: Sequence[str], options: Sequence[str]) -> Layout:
    """Read an argv (without the program's name) whose options have an order.

    Raises LayoutError.
    """
    devices: list[PciFunction] = []
    name = None
    rank = position = 0
    port_due = False
    while position < len(argv):
        token = argv[position]
        last = position + 1 == len(argv)
        if port_due and token.startswith("-l"):
            port_due = False
        elif last and (token != "-A" or "-A" not in options[rank:]):
            name = token
        elif token not in options or options.index(token) < rank:
            raise LayoutError(f"token {position}, {token!a}, is out of place")
        else:
            rank = options.index(token)
            if token == "-s":
                devices.append(pci_function(argv[position + 1]))
                port_due = devices[-1].emulation == "lpc"
            rank += token != "-s"
            position += token != "-A"
        position += 1
    return Layout(tuple(devices), name)


def pci_function(text: str) -> PciFunction:
    """Read ``SLOT[:FUNCTION],EMULATION[,REST]``. Raises LayoutError."""
    place, comma, device = text.partition(",")
    slot, colon, function = place.partition(":")
    emulation, _, rest = device.partition(",")
    numbers = [slot, *([function] if colon else [])]
    if not comma or not all(n.removeprefix("-").isdecimal() and n.isascii() for n in numbers):
        raise LayoutError(f"{text[:60]!a} is no slot with a device")
    return PciFunction(int(slot), int(function) if colon else None, emulation, rest, text)
