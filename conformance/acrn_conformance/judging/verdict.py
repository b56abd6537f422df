"""What the outcome of a case is worth."""

from enum import StrEnum

import msgspec

from acrn_conformance.cases import Case
from acrn_conformance.implementation import Broken, Outcome, Overdue, Unclaimed


class Mark(StrEnum):
    """The five verdicts, best first."""

    PASS = "pass"
    FAIL = "fail"
    ERROR = "error"
    TIMEOUT = "timeout"
    UNSUPPORTED = "unsupported"


class Verdict(msgspec.Struct, frozen=True):
    """What a case's outcome is worth, and why.

    ``excused``: its method is neither claimed nor required, so it was not asked. ``known``: the
    reason on record why it may fail.
    """

    case: Case
    mark: Mark
    outcome: Outcome
    message: str = ""
    excused: bool = False
    known: str = ""

    @property
    def not_asked(self) -> bool:
        """Whether it was given up before it was asked."""
        return isinstance(self.outcome, Broken | Overdue) and self.outcome.not_asked

    @property
    def unclaimed(self) -> bool:
        """Whether its method is not claimed, and so was not asked for."""
        return isinstance(self.outcome, Unclaimed)

    @property
    def failing(self) -> bool:
        """Whether it speaks against the implementation."""
        return self.mark is not Mark.PASS and not self.excused and not self.known
