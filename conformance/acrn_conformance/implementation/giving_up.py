"""When asking is given up: an implementation that answers nothing must not take hours."""

from collections import Counter
from collections.abc import Iterable

import msgspec

from acrn_conformance.implementation.outcome import Broken, Overdue

_TIMEOUTS = 5
_FAULTS = 50
_TIMEOUTS_IN_A_ROW = 10
_TIMEOUTS_IN_ALL = 20
_TIMEOUTS_AT_START = 3
_FAULTS_AT_START = 20

_PROBE = 25
"""Of what has been given up a request is asked all the same after so many, then after twice as
many, and so on: each may cost the whole time limit."""

UNFLUSHED = Overdue(
    "its replies come only when its input ends: not flushed, or it reads all input before it "
    "answers. Flush after each reply: Python print(..., flush=True) or python -u; Go Flush of the "
    "bufio.Writer; C fflush(stdout) or setvbuf; Rust stdout().flush(); Node process.stdout.write; "
    "Java System.out.flush(); sh, awk, sed: stdbuf -oL; jq --unbuffered"
)
"""The outcome of every request to an implementation that keeps its replies back."""


class GivingUp:
    """Counts what goes unanswered, in a row, method by method; an answer makes up for all.

    Five timeouts of a method in a row, or fifty faults, and the method is given up; ten timeouts in
    a row, and all are; after twenty timeouts in all the first one of a method is enough. While
    nothing at all has been answered, three or twenty will do. Never, if ``endless``.
    """

    def __init__(self, timeout: float, *, endless: bool) -> None:
        """Begin; ``timeout`` is told where it was the reason."""
        self._endless = endless
        self._limit = f"within {timeout:g} s (--timeout)"
        self._at_start = f"within {5 * timeout:g} s of a start (5 x --timeout)"
        self._timeouts: Counter[str] = Counter()
        self._faults: Counter[str] = Counter()
        self._first_fault = Broken("")
        self._skipped: Counter[str] = Counter()
        self._in_a_row = 0
        self._in_all = 0
        self._waits = 0
        self._answered = False
        self._unflushed = False

    def answered(self, methods: Iterable[str]) -> None:
        """Note answers to requests of methods, one at least."""
        self._answered = True
        self._in_a_row = self._waits = 0
        if self._timeouts or self._faults:
            for method in methods:
                for counter in (self._timeouts, self._faults, self._skipped):
                    counter.pop(method, None)

    def waited(self) -> None:
        """Note a process that was late, whoever is to blame: at the start all are waited for."""
        if not self._answered:
            self._waits += 1

    def unflushed(self) -> None:
        """Note that replies came when the input ended, and not before: nothing is worth asking."""
        self._unflushed = True

    def unanswered(self, method: str, fault: Broken | Overdue) -> None:
        """Note a request that an implementation is to blame for not answering."""
        if isinstance(fault, Overdue):
            self._timeouts[method] += 1
            self._in_a_row += 1
            self._in_all += 1
        else:
            if not self._faults:
                self._first_fault = fault
            self._faults[method] += 1

    @property
    def calm(self) -> bool:
        """Whether every request is worth asking."""
        return self._endless or not (
            self._unflushed or self._waits or self._timeouts or self._faults
        )

    def lost(self, method: str) -> Broken | Overdue | None:
        """Return the outcome of a request that is not worth asking, None if it is."""
        if self.calm:
            return None
        if self._unflushed:
            return msgspec.structs.replace(UNFLUSHED, not_asked=True)
        outcome = self._verdict(method)
        if outcome is None or (self._answered and self._probe(method)):
            return None
        return outcome

    def _verdict(self, method: str) -> Broken | Overdue | None:
        if self._waits >= _TIMEOUTS_AT_START:
            return Overdue(
                f"not asked: nothing has been answered so far {self._at_start}", not_asked=True
            )
        if not self._answered and self._faults.total() >= _FAULTS_AT_START:
            first = self._first_fault
            told = f"not asked: nothing has been answered as it must so far, first: {first.message}"
            return msgspec.structs.replace(first, message=told, not_asked=True)
        if self._in_a_row >= _TIMEOUTS_IN_A_ROW:
            many = f"{_TIMEOUTS_IN_A_ROW} requests in a row"
            return Overdue(f"not asked: {many} unanswered {self._limit}", not_asked=True)
        most = _TIMEOUTS if self._in_all < _TIMEOUTS_IN_ALL else 1
        if self._timeouts[method] >= most:
            many = f"{most} {method} requests in a row" if most > 1 else f"a {method} request"
            return Overdue(f"not asked: {many} unanswered {self._limit}", not_asked=True)
        if self._faults[method] >= _FAULTS:
            many = f"{_FAULTS} {method} requests in a row"
            return Broken(f"not asked: {many} ended in a fault", not_asked=True)
        return None

    def _probe(self, method: str) -> bool:
        """Tell whether it is the turn of a probe: the 25th, 75th, 175th ... that is skipped.

        Faults cost no time, so that of those every 25th is asked.
        """
        timeouts = self._timeouts[method] or self._in_a_row >= _TIMEOUTS_IN_A_ROW
        counted = "" if self._in_a_row >= _TIMEOUTS_IN_A_ROW else method
        self._skipped[counted] += 1
        rounds, rest = divmod(self._skipped[counted], _PROBE)
        if rest:
            return False
        return not timeouts or (rounds + 1) & rounds == 0
