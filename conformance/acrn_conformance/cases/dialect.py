"""A dialect of the arch layer: a variant that builds otherwise, as one value that is handed in.

No part of the judge knows which there are: a command chooses one, and passes it down.
"""

import msgspec

from acrn_conformance.cases.methods import METHODS, Method


class Dialect(msgspec.Struct, frozen=True):
    """A dialect, as far as the judge must know it.

    ``options``: acrn-dm's options in the order of an argv, ``-s`` standing for all devices.
    ``reserved_slot``: left free of devices. ``pool_size``: the highest block index in the table.
    ``sandbox_prefix``: what a sandbox's name begins with, before its id.
    """

    name: str
    methods: tuple[Method, ...]
    options: tuple[str, ...]
    reserved_slot: int
    pool_size: int
    sandbox_prefix: str

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


KATA_1 = Dialect(
    name="kata-1",
    methods=METHODS,
    options=("-U", "-A", "-m", "-s", "-k", "-B"),
    reserved_slot=2,
    pool_size=8,
    sandbox_prefix="sandbox-",
)
"""The arch layer of kata 1.x, which the specification describes."""
