"""What the end of a process says against the implementation, where no request brings it about."""

from typing import TypeVar

from acrn_conformance.implementation.outcome import Broken, Overdue
from acrn_conformance.implementation.protocol_fault import (
    ENDED,
    HUNG,
    OUTPUT_CLOSED,
    ProtocolFault,
)
from acrn_conformance.implementation.time_limits import TimeLimits
from acrn_conformance.implementation.worker import State, Worker

_CLEAN = "exit status 0"
"""How a process ends that is done, or is recycled behind a reply."""

_KILLED = "killed by SIGKILL"
"""How one ends that is dropped."""

_WORDS = 120
"""Characters of the last words of a process in an example."""

K = TypeVar("K")


def breach(
    worker: Worker[K], fault: Broken | Overdue | None, how: str, message: str, limits: TimeLimits[K]
) -> ProtocolFault | None:
    """Return what a process that was dropped for a fault (None: it ended) has broken, if anything.

    ``how`` it ended; ``message`` tells of it.
    """
    kind = _kind(worker, fault, how, limits)
    if kind == ENDED and fault:
        message = f"it ended ({how}) behind a reply that breaks the contract"
    example = worker.place + worker.process.last_words(_WORDS)
    return ProtocolFault(kind, message, example) if kind else None


def _kind(
    worker: Worker[K], fault: Broken | Overdue | None, how: str, limits: TimeLimits[K]
) -> str:
    """Return the kind of fault of the protocol that it is.

    None is a process that ends with status 0 behind a reply, as recycled workers do, or when
    its input has ended; nor a start that is late, but had not all the time that one may have.
    A reply that breaks the contract is counted as that; a process that then ended before it was
    killed has died as well.
    """
    match fault:
        case Broken(breach=""):
            return OUTPUT_CLOSED
        case Overdue() if worker.last or worker.extended or limits.nothing_yet:
            return HUNG
        case None if worker.state in {State.OPEN, State.MUTE}:
            return "" if worker.last and how == _CLEAN else ENDED
        case Broken() if how not in {_CLEAN, _KILLED}:
            return ENDED
        case _:
            return ""
