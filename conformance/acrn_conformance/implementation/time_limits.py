"""How long a reply is waited for: the first one of a process longer, by what starting takes."""

from typing import Generic, TypeVar

from acrn_conformance.implementation.outcome import Overdue
from acrn_conformance.implementation.worker import Worker

_START = 5
"""Times the time limit that the very first reply may take."""

_STARTS = 3
"""Times what the first start took that another may take, beside the time limit."""

K = TypeVar("K")


class TimeLimits(Generic[K]):
    """The limits of a run; they change with what starting an implementation takes.

    ``seconds``: for a reply to a process that has replied. ``patient``: a process that is late with
    its first reply is waited for once more.
    """

    def __init__(self, seconds: float, *, patient: bool) -> None:
        """Begin; nothing has replied yet."""
        self.seconds = seconds
        self._patient = patient
        self._first: float | None = None

    @property
    def longest(self) -> float:
        """The seconds for the very first reply."""
        return _START * self.seconds

    @property
    def nothing_yet(self) -> bool:
        """Whether no process has ever replied."""
        return self._first is None

    def of(self, worker: Worker[K]) -> float:
        """Return the seconds for the next reply; a new process gets what starting took before.

        That may be too little where the machine has more to do by now: one that is late is waited
        for as long as the first, and whether it answers then decides if the next one is, too.
        """
        if worker.last is not None:
            return self.seconds
        if self._first is None or worker.extended:
            return self.longest
        return self.seconds + _STARTS * self._first

    def overdue(self, worker: Worker[K]) -> Overdue:
        """Return the outcome of a request that has waited too long, with the limit's own name."""
        waited = f"{self.of(worker):.3g} s"
        if worker.last is not None:
            return Overdue(f"no answer within {waited} (--timeout)")
        if self._first is None or worker.extended:
            return Overdue(f"start: no answer within {waited} ({_START} x --timeout)")
        took = f"{_STARTS} x {self._first:.2g} s, the first start"
        return Overdue(f"start: no answer within {waited} (--timeout and {took})")

    def forgives(self, worker: Worker[K]) -> bool:
        """Tell whether a process that is late is to be waited for as long as the very first."""
        return self._patient and worker.last is None and not worker.extended

    def kept(self, worker: Worker[K]) -> None:
        """Note that a process has replied."""
        self._patient |= worker.extended
        if self._first is None:
            self._first = worker.age

    def missed(self, worker: Worker[K]) -> None:
        """Note that a process has not replied in time."""
        self._patient &= not worker.extended
