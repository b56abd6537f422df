"""Faults of the protocol: what breaks the contract of the wire, counted by kind."""

from typing import Annotated

import msgspec

ENDED, HUNG, OUTPUT_CLOSED = "ended", "hung", "output-closed"
"""The kinds of a reply that never came, though the request alone is answered."""

TWICE = "answered-twice"
"""The kind of a second answer to a request."""


class ProtocolFault(msgspec.Struct, frozen=True):
    """A kind of reply, or of its absence, that breaks the contract, whichever requests it met.

    ``kind``: a stable word, such as ``id-unknown``. ``message``: what is wrong, in words.
    ``example``: the first such line, in short, or where in the stream it was. ``times``: how many
    there were.
    """

    kind: str
    message: str
    example: str
    times: Annotated[int, msgspec.Meta(ge=1, le=1 << 53)] = 1


def added(
    faults: tuple[ProtocolFault, ...], more: tuple[ProtocolFault, ...]
) -> tuple[ProtocolFault, ...]:
    """Return all faults, one of each kind: message and example are those of the first."""
    by_kind = {fault.kind: fault for fault in faults}
    for fault in more:
        if first := by_kind.get(fault.kind):
            times = first.times + fault.times
            by_kind[fault.kind] = msgspec.structs.replace(first, times=times)
        else:
            by_kind[fault.kind] = fault
    return tuple(by_kind.values())
