"""The arguments of virtio-net: a field that names the backend, then keys such as ``mac=``."""

from collections.abc import Sequence
from typing import Final, NamedTuple, assert_never

from acrn_dm.host import NeedKind
from acrn_dm.machine import Machine
from acrn_dm.problem import FaultKind, Problem
from acrn_dm.tables import NET_NEEDS_FIELD, NET_SEED, TAP_FORM, TapForm
from acrn_dm.text import natural

_OCTETS: Final = 6
_MULTICAST: Final = 1


class Net(NamedTuple):
    """``-s SLOT,virtio-net,FIELD[,KEY=VALUE...]``.

    ``interface`` is what acrn-dm opens; None: the form does not fit the release, the device has
    no backend, and nobody says so. ``seed`` is what the MAC is made of where ``mac`` is None, None
    where the device has no seed of its own. ``others`` are keys that are ignored.
    """

    field: str
    interface: str | None
    mac: str | None = None
    seed: str | None = None
    others: tuple[str, ...] = ()

    def start(self, machine: Machine) -> Problem | None:
        """Start: an interface that cannot be opened is needed, and yet stops nothing."""
        if self.interface is not None:
            machine.has(NeedKind.TAP, self.interface)
        return None


def net(config: str | None, release: str) -> Net | Problem:
    """Read the arguments of virtio-net."""
    if config is None:
        return Problem(FaultKind.NET, NET_NEEDS_FIELD[release])
    field, *keys = config.split(",")
    opened = interface(field, release)
    seed = _seed(opened, keys, release)
    macs = [key.removeprefix("mac=") for key in keys if key.startswith("mac=")]
    for mac in macs:
        if not _unicast(mac):
            return Problem(FaultKind.NET, f"Invalid MAC {mac}")
    known = keys if seed is not None else [key for key in keys if key == "vhost"]
    others = [key for key in keys if key not in known and not key.startswith("mac=")]
    return Net(field, opened, macs[-1] if macs else None, seed, tuple(others))


def _seed(opened: str | None, keys: Sequence[str], release: str) -> str | None:
    """Return the seed behind the interface, to which all keys behind it belong; None: no seed."""
    if release not in NET_SEED or opened is None or not keys[:1]:
        return None
    _, equals, seed = ",".join(keys).partition("=")
    return seed if keys[0].startswith("mac_seed") and equals else None


def interface(field: str, release: str) -> str | None:
    """Return the interface that a release opens for a first field, or None."""
    form = TAP_FORM[release]
    match form:
        case TapForm.PREFIX:
            return field if field.startswith(("tap", "vmnet")) else None
        case TapForm.SUBSTRING:
            return field if "tap" in field or field.startswith("vmnet") else None
        case TapForm.KEY:
            return field.removeprefix("tap=") if field.startswith("tap=") else None
        case _:
            assert_never(form)


def _unicast(mac: str) -> bool:
    """Tell whether an address is one that acrn-dm takes: not multicast, and not all zero.

    Six hexadecimal numbers of any length and sign, of which the last byte counts; what follows
    the sixth is never looked at.
    """
    octets = []
    rest = f":{mac}"
    for _ in range(_OCTETS):
        number = natural(rest[1:], 16)
        if number is None or not rest.startswith(":"):
            return False
        octets.append(number.value & 0xFF)
        rest = rest[number.end + 1 :]
    return not octets[0] & _MULTICAST and any(octets)
