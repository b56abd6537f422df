"""The form of an invariant, and reading what an implementation may have answered."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from acrn_conformance.cases import Device, Request, integer, text
from acrn_conformance.invariants import layout
from acrn_conformance.invariants.layout import PciFunction

Result = Mapping[str, object]

Ask = Callable[[Request], Result | None]
"""Asks the same implementation something else; None where it gives no result."""

Check = Callable[[Request, Result, Ask], Iterator[str]]

BUILT = frozenset({"argv", "sandbox_argv"})
"""The methods whose result is an argv with its block table."""

RESERVED_SLOT = 2
POOL_SIZE = 8


class Invariant(NamedTuple):
    """A named invariant, the rule that it states, and the methods that it speaks of.

    ``shared``: it needs nothing but the argv, and every dialect of the arch layer keeps it.
    """

    name: str
    rule: str
    methods: frozenset[str]
    check: Check
    shared: bool = False


def tokens(result: Result, field: str = "argv") -> list[str]:
    """Return a result's token list; whatever is no token is left out."""
    value = result.get(field)
    return [token for token in value if isinstance(token, str)] if isinstance(value, list) else []


def table(result: Result) -> list[int]:
    """Return a result's block table; whatever is no integer is left out."""
    value = result.get("block_slots")
    return [slot for slot in value if type(slot) is int] if isinstance(value, list) else []


def placed(result: Result) -> Sequence[PciFunction]:
    """Return the devices of a result's argv. Raises LayoutError."""
    return layout.read(tokens(result)).devices


def is_valid(device: Device) -> bool:
    """Tell from its fields whether a device is valid, as the specification has it."""
    match device.get("kind"):
        case "console":
            return (
                text(device, "backend") in {"tty", "pty", "console", "socket", "file"}
                and (text(device, "port_type") or "serial") in {"console", "serial"}
                and text(device, "path") != ""
            )
        case "net":
            named = text(device, "if_name") != "" and text(device, "mac_address") != ""
            return named and text(device, "net_type") in {"tap", "macvtap"}
        case "block":
            return text(device, "file_path") != ""
        case "bridge":
            return integer(device, "function") == 0 and text(device, "emul") == "hostbridge"
        case _:
            return text(device, "emul") == "lpc"
