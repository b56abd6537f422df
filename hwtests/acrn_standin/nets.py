"""virtio-net's configuration: ``name[,mac=..][,..]``, as release v2.5 takes it."""

import hashlib
import os
import re
from dataclasses import dataclass

from acrn_standin.command import Address
from acrn_standin.errors import RefusedError

_LONGEST_INTERFACE = 15

_ETHER_ATON = re.compile(
    r"([0-9a-f]{1,2}):([0-9a-f]{1,2}):([0-9a-f]{1,2}):([0-9a-f]{1,2}):([0-9a-f]{1,2}):"
    r"([0-9a-f]{2}|[0-9a-f](?=\s|$))",
    re.IGNORECASE,
)
"""What glibc's ether_aton takes: anything may follow the second digit of the last byte."""


@dataclass(frozen=True, slots=True)
class Net:
    """A network device: its MAC, and the name of the tap that acrn-dm opens for it, if any."""

    first_field: str
    mac: str
    vhost: bool

    @property
    def tap(self) -> str:
        """The interface, cut as the kernel would; empty where release v2.5 opens none.

        It opens a name that contains ``tap``, or begins with ``vmnet``; with ``tap=tap0`` that is
        an interface of that whole name.
        """
        if "tap" not in self.first_field and not self.first_field.startswith("vmnet"):
            return ""
        return os.fsdecode(os.fsencode(self.first_field)[:_LONGEST_INTERFACE])


def net(config: str | None, address: Address) -> Net:
    """Return the network device of a configuration. Raises RefusedError."""
    if config is None:
        raise RefusedError(1, "virtio_net: devname NULL")
    first_field, *options = config.split(",")
    mac = _default_mac(address)
    for option in options:
        key, equals, value = option.partition("=")
        if key == "mac" and equals:
            mac = _mac(value)
    return Net(first_field, mac, "vhost" in options)


def _mac(text: str) -> str:
    found = _ETHER_ATON.match(text)
    octets = [int(octet, 16) for octet in found.groups()] if found else []
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
