"""When asking is given up: an implementation that answers nothing must not take hours."""

from collections import Counter

from acrn_conformance.implementation.outcome import Broken, Overdue

_TIMEOUTS = 10
_FAULTS = 50
_TIMEOUTS_AT_START = 3
_FAULTS_AT_START = 20

_PROBE = 25
"""Of a method that has been given up, every so manieth request is asked all the same."""


class GivingUp:
    """Counts what goes unanswered, in a row, method by method; an answer makes up for all.

    Ten timeouts in a row, or fifty faults, and the method is given up; while nothing at all has
    been answered, three or twenty in all. Never, if ``endless``.
    """

    def __init__(self, timeout: float, *, endless: bool) -> None:
        """Begin; ``timeout`` is told where it was the reason."""
        self._endless = endless
        self._limit = f"within {timeout:g} s (--timeout)"
        self._timeouts: Counter[str] = Counter()
        self._faults: Counter[str] = Counter()
        self._skipped: Counter[str] = Counter()
        self._answered = False

    def answered(self, method: str) -> None:
        """Note an answer."""
        self._answered = True
        for counter in (self._timeouts, self._faults, self._skipped):
            counter.pop(method, None)

    def unanswered(self, method: str, fault: Broken | Overdue) -> None:
        """Note a request that an implementation is to blame for not answering."""
        (self._timeouts if isinstance(fault, Overdue) else self._faults)[method] += 1

    def lost(self, method: str) -> Broken | Overdue | None:
        """Return the outcome of a request that is not worth asking, None if it is."""
        if self._endless or not (self._timeouts or self._faults):
            return None
        outcome = self._verdict(method)
        if outcome is None or (self._answered and self._probe(method)):
            return None
        return outcome

    def _verdict(self, method: str) -> Broken | Overdue | None:
        if not self._answered and self._timeouts.total() >= _TIMEOUTS_AT_START:
            return Overdue(
                f"not asked: nothing has been answered so far {self._limit}", not_asked=True
            )
        if not self._answered and self._faults.total() >= _FAULTS_AT_START:
            return Broken("not asked: nothing has been answered as it must so far", not_asked=True)
        if self._timeouts[method] >= _TIMEOUTS:
            many = f"{_TIMEOUTS} {method} requests in a row"
            return Overdue(f"not asked: {many} unanswered {self._limit}", not_asked=True)
        if self._faults[method] >= _FAULTS:
            many = f"{_FAULTS} {method} requests in a row"
            return Broken(f"not asked: {many} ended in a fault", not_asked=True)
        return None

    def _probe(self, method: str) -> bool:
        self._skipped[method] += 1
        return self._skipped[method] % _PROBE == 0
