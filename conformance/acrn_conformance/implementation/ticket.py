"""A request on its way: the key under which its outcome is awaited, and the care that it needs."""

from enum import IntEnum
from typing import Generic, TypeVar

import msgspec

from acrn_conformance.implementation.incident import Incident
from acrn_conformance.implementation.wire import Prepared

K = TypeVar("K")


class Care(IntEnum):
    """How much stands apart a request that is asked: what happens then can be due to it alone."""

    TOGETHER = 0
    """Others may be in flight in the same process."""

    ALONE = 1
    """Nothing else is in flight, but the process has been asked before."""

    ISOLATED = 2
    """The process has been asked nothing else."""


class Ticket(msgspec.Struct, Generic[K], frozen=True):
    """A request, its key and its care: a struct, as it is made in a quarter of a tuple's time.

    ``incidents``: those that it was met by so far. ``doubled``: it has been answered twice before.
    """

    key: K
    request: Prepared
    care: Care = Care.TOGETHER
    incidents: tuple[Incident, ...] = ()
    doubled: bool = False
