"""The dialects of the arch layer: variants that build otherwise, each one value that is handed in.

Only a command, and what freezes the goldens, chooses one; all else is given it.
"""

from collections.abc import Mapping
from typing import Final, get_args

import msgspec

from acrn_conformance.cases import kata_3_methods
from acrn_conformance.cases.methods import METHODS, Method


class Dialect(msgspec.Struct, frozen=True):
    """A dialect, as far as the judge must know it.

    ``options``: acrn-dm's options in the order of an argv, ``-s`` standing for all devices.
    ``reserved_slot``: left free of devices. ``pool_size``: the highest block index in the table.
    ``sandbox_prefix``: what a sandbox's name begins with, before its id; ``name_limit``: bytes of
    the longest such name, 0 without a limit. ``net_prefix``: what a valid network device's text
    begins with. ``greatest_cid``: the greatest context id of a vsock, 0 where there is none.
    """

    name: str
    methods: tuple[Method, ...]
    options: tuple[str, ...]
    sandbox_prefix: str
    name_limit: int = 0
    net_prefix: str = ""
    greatest_cid: int = 0
    reserved_slot: int = 2
    pool_size: int = 8

    @property
    def method_names(self) -> tuple[str, ...]:
        """Return the names of all methods, in the wire's order."""
        return tuple(method.name for method in self.methods)

    def method(self, name: str) -> Method | None:
        """Return the method with a name, None where the dialect has none."""
        for method in self.methods:
            if method.name == name:
                return method
        return None

    def params(self, name: str) -> type[msgspec.Struct]:
        """Return the type of a method's params. Raises KeyError."""
        method = self.method(name)
        if method is None:
            raise KeyError(name)
        return method.params

    @property
    def devices(self) -> tuple[type[msgspec.Struct], ...]:
        """Return the types of its devices."""
        return get_args(self.field("device_valid", "device"))

    @property
    def sandbox_steps(self) -> tuple[type[msgspec.Struct], ...]:
        """Return the types of a sandbox's steps."""
        return get_args(get_args(self.field("sandbox_argv", "steps"))[0])

    def field(self, method: str, name: str) -> object:
        """Return the type of a field of a method's params."""
        fields = msgspec.structs.fields(self.params(method))
        return next(field.type for field in fields if field.name == name)


KATA_1: Final = Dialect(
    name="kata-1",
    methods=METHODS,
    options=("-U", "-A", "-m", "-s", "-k", "-B"),
    sandbox_prefix="sandbox-",
)
"""The arch layer of Kata 1.x, which the specification describes."""

KATA_3: Final = Dialect(
    name="kata-3",
    methods=kata_3_methods.METHODS,
    options=("-A", "-m", "-s", "--cpu_affinity", "-k", "-B"),
    sandbox_prefix="sbx-",
    name_limit=15,
    greatest_cid=(1 << 32) - 1,
)
"""The arch layer of Kata 3.1 to 3.9."""

ACRN_3: Final = msgspec.structs.replace(
    KATA_3,
    name="acrn-3",
    options=("-m", "-s", "--cpu_affinity", "-k", "-B"),
    net_prefix="tap=",
    greatest_cid=(1 << 32) - 2,
)
"""Kata 3.9's arch layer with what acrn-dm v3.0 to v3.3 needs to boot with a network."""

DIALECTS: Final[Mapping[str, Dialect]] = {each.name: each for each in (KATA_1, KATA_3, ACRN_3)}
"""All dialects by name; the first is meant where none is named."""
