"""The form of an invariant, and reading what an implementation may have answered."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from acrn_conformance.cases import Dialect, Fields, Method, Request, given_devices, integer, text
from acrn_conformance.invariants.layout import PciFunction, read_argv

_LEAST_CID = 3

Ask = Callable[[Request], Fields | None]
"""Asks the same implementation something else; None where it gives no result."""


class Exchange(NamedTuple):
    """A request with the result that an implementation of a dialect gave, and a way to ask more."""

    dialect: Dialect
    request: Request
    result: Fields
    ask: Ask

    @property
    def argv(self) -> list[str]:
        """Return the argv that was built."""
        return tokens(self.result)

    @property
    def table(self) -> list[int]:
        """Return the block table that came with it."""
        return block_slots(self.result)

    @property
    def placed(self) -> Sequence[PciFunction]:
        """Return the devices of the argv. Raises LayoutError."""
        return read_argv(self.argv, self.dialect.options).devices

    @property
    def valid(self) -> list[Fields]:
        """Return the valid devices of the request."""
        return [d for d in given_devices(self.request) if is_valid(self.dialect, d)]


Check = Callable[[Exchange], Iterator[str]]


class Invariant(NamedTuple):
    """A named invariant, the rule that it states, and the methods that it speaks of.

    ``shared``: it needs nothing but the argv, and every dialect of the arch layer keeps it.
    """

    name: str
    rule: str
    speaks_of: Callable[[Method], bool]
    check: Check
    shared: bool = False


def commands(method: Method) -> bool:
    """Tell whether a method builds a whole command line."""
    return method.builds_command


def only(name: str) -> Callable[[Method], bool]:
    """Return a test for the one method of a name."""
    return lambda method: method.name == name


def tokens(result: Fields, field: str = "argv") -> list[str]:
    """Return a result's token list; whatever is no token is left out."""
    value = result.get(field)
    return [token for token in value if isinstance(token, str)] if isinstance(value, list) else []


def block_slots(result: Fields) -> list[int]:
    """Return a result's block table; whatever is no integer is left out."""
    value = result.get("block_slots")
    return [slot for slot in value if type(slot) is int] if isinstance(value, list) else []


def is_valid(dialect: Dialect, device: Fields) -> bool:
    """Tell from its fields whether a device is valid in a dialect, as its specification has it.

    Raises ValueError for a kind that no dialect has.
    """
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
        case "lpc":
            return text(device, "emul") == "lpc"
        case "vsock":
            return _LEAST_CID <= integer(device, "context_id") <= dialect.greatest_cid
        case kind:
            raise ValueError(f"{kind!a} is no kind of device whose validity is known")
