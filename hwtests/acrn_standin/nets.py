"""virtio-net's configuration: ``name[,mac=..][,..]``, as the releases take it."""

import hashlib
import os
import re
from dataclasses import dataclass

from acrn_standin.command import Address
from acrn_standin.errors import RefusedError
from acrn_standin.release import Tap

_LONGEST_INTERFACE = 15
_OCTETS = 6
_DIGITS = 16
_OCTET = re.compile(r":[ \t-\r]*([+-]?)(?:0[xX](?=[0-9a-fA-F]))?([0-9a-fA-F]+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Net:
    """A network device: its MAC, and the name of the tap that acrn-dm opens for it, if any."""

    first_field: str
    mac: str
    vhost: bool

    form: Tap

    @property
    def tap(self) -> str:
        """The interface, cut as the kernel would; empty where the release opens none.

        v2.5 and v2.7 open a name that contains ``tap``, or begins with ``vmnet``: with
        ``tap=tap0`` an interface of that whole name. v3.3 opens what stands behind ``tap=``.
        """
        name = self.first_field
        if self.form is Tap.KEY:
            name = name.removeprefix("tap=") if name.startswith("tap=") else ""
        elif "tap" not in name and not name.startswith("vmnet"):
            name = ""
        return os.fsdecode(os.fsencode(name)[:_LONGEST_INTERFACE])


def net(config: str | None, address: Address, form: Tap) -> Net:
    """Return the network device of a configuration. Raises RefusedError."""
    if config is None:
        missing = "invalid optional argument" if form is Tap.KEY else "devname NULL"
        raise RefusedError(1, f"virtio_net: {missing}")
    first_field, *options = config.split(",")
    mac = _default_mac(address)
    for option in options:
        key, equals, value = option.partition("=")
        if key == "mac" and equals:
            mac = _mac(value)
    return Net(first_field, mac, "vhost" in options, form)


def _mac(text: str) -> str:
    """Read six hexadecimal numbers, of each of which the last byte counts, and nothing behind."""
    octets, rest = [], f":{text}"
    for _ in range(_OCTETS):
        found = _OCTET.match(rest)
        if found is None:
            raise RefusedError(1, f"Invalid MAC {text}")
        value = int(found[2], 16) if len(found[2].lstrip("0")) <= _DIGITS else 0
        octets.append((-value if found[1] == "-" else value) & 0xFF)
        rest = rest[found.end() :]
    if not any(octets) or octets[0] & 1:
        raise RefusedError(1, f"Invalid MAC {text}")
    return _written(octets)


def _default_mac(address: Address) -> str:
    """Return acrn-dm's own choice: a fixed prefix, and a digest of the place.

    The seed is what C prints for the option ``--mac_seed`` that was not given.
    """
    text = f"{address.slot}-{address.function}-(null)"
    digest = hashlib.md5(text.encode(), usedforsecurity=False).digest()
    return _written([0x00, 0x16, 0x3E, *digest[:3]])


def _written(octets: list[int]) -> str:
    return ":".join(f"{octet:02x}" for octet in octets)
