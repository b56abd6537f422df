"""What work takes, beside a limit: both by turns, the best of several times each.

Machines differ and are shared: what disturbs one disturbs the other, and the best is what was
disturbed least.
"""

import resource
import time
from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

Timed = Callable[[], float]
"""Does its work, and returns the seconds that it took."""


class Clock(StrEnum):
    """Which seconds are counted."""

    ELAPSED = "elapsed"
    """Those that somebody waits: for work that several processes share."""

    PROCESSOR = "processor"
    """Those that this process and all that it has started have used, whoever else is busy."""

    def timed(self, work: Callable[[], object], times: int = 1) -> Timed:
        """Return the work as something that says how long it took, one of so many times."""
        now = time.perf_counter if self is Clock.ELAPSED else _used

        def timed() -> float:
            start = now()
            for _ in range(times):
                work()
            return (now() - start) / times

        return timed


class Effort(NamedTuple):
    """How much is done: what sizes are multiplied by, and how many rounds there are."""

    scale: float = 1.0
    rounds: int = 3

    def sized(self, size: int) -> int:
        """Return a size as scaled, one at least."""
        return max(1, round(size * self.scale))

    def best(self, *works: Timed) -> list[float]:
        """Return the least seconds of each."""
        turns = [[work() for work in works] for _ in range(self.rounds)]
        return [min(times) for times in zip(*turns, strict=True)]


def _used() -> float:
    ours, theirs = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return ours.ru_utime + ours.ru_stime + theirs.ru_utime + theirs.ru_stime
