"""The arguments of virtio-net: a field that names the backend, then keys such as ``mac=``."""

import re
from dataclasses import dataclass
from typing import Final

from acrn_dm.machine import Machine
from acrn_dm.problem import FaultKind, Problem
from acrn_dm.tables import NET_NEEDS_FIELD, TAP_FORM, TapForm

_ETHER_ATON: Final = re.compile(
    r"((?:[0-9a-fA-F]{1,2}:){5})([0-9a-fA-F](?:[0-9a-fA-F]|(?=[ \t\n\v\f\r]|\Z)))"
)
"""What ether_aton reads: it stops after the sixth number and never looks at what follows."""

_MULTICAST: Final = 1


@dataclass(frozen=True, slots=True)
class Net:
    """``-s SLOT,virtio-net,FIELD[,KEY=VALUE...]``.

    ``interface`` is what acrn-dm opens; None: the form does not fit the release, the device has
    no backend, and nobody says so. ``others`` are keys other than ``mac``, which are ignored.
    """

    field: str
    interface: str | None
    mac: str | None = None
    others: tuple[str, ...] = ()

    def start(self, _machine: Machine) -> Problem | None:
        """Start: an interface that cannot be opened stops nothing."""


def net(config: str | None, release: str) -> Net | Problem:
    """Read the arguments of virtio-net."""
    if config is None:
        return Problem(FaultKind.NET, NET_NEEDS_FIELD[release])
    field, *keys = config.split(",")
    mac = None
    others = []
    for key in keys:
        if not key.startswith("mac="):
            others.append(key)
            continue
        mac = key.removeprefix("mac=")
        if not _unicast(mac):
            return Problem(FaultKind.NET, f"Invalid MAC {mac}")
    return Net(field, interface(field, release), mac, tuple(others))


def interface(field: str, release: str) -> str | None:
    """Return the interface that a release opens for a first field, or None."""
    match TAP_FORM[release]:
        case TapForm.PREFIX:
            return field if field.startswith(("tap", "vmnet")) else None
        case TapForm.SUBSTRING:
            return field if "tap" in field else None
        case TapForm.KEY:
            return field.removeprefix("tap=") if field.startswith("tap=") else None


def _unicast(mac: str) -> bool:
    """Tell whether an address is one that acrn-dm takes: not multicast, and not all zero."""
    found = _ETHER_ATON.match(mac)
    if found is None:
        return False
    octets = [int(octet, 16) for octet in found[0].split(":")]
    return not octets[0] & _MULTICAST and any(octets)
