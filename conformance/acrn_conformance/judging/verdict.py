"""A case and what came of it make a verdict: pure, and never asks the reference."""

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from acrn_conformance.cases import Case, Description
from acrn_conformance.implementation import (
    Broken,
    Outcome,
    Overdue,
    Refused,
    Result,
    Unclaimed,
    Unsupported,
)
from acrn_conformance.judging.comparison import Difference, difference


class Mark(StrEnum):
    """The five verdicts, best first."""

    PASS = "pass"
    FAIL = "fail"
    ERROR = "error"
    TIMEOUT = "timeout"
    UNSUPPORTED = "unsupported"


MARKS: Mapping[type[Outcome], Mark] = {
    Result: Mark.FAIL,
    Refused: Mark.FAIL,
    Broken: Mark.ERROR,
    Overdue: Mark.TIMEOUT,
    Unsupported: Mark.UNSUPPORTED,
    Unclaimed: Mark.UNSUPPORTED,
}
"""The verdicts on what comes and is none of the answers that a case accepts."""


class Verdict(msgspec.Struct, frozen=True):
    """The worth of a case's outcome, and the ground for it.

    ``difference``: from the answer that is expected first. ``fault``: what is wrong with an answer
    beyond that, in words. ``seconds``: what the answer took. ``excused``: its
    method is neither claimed nor required, so it was not asked. ``known``: the reason on record why
    it may fail. ``blamed``: the rule that the answer breaks, where that is not the case's own.
    ``likely``: the rules that the answer may break, where it is too large to be kept.
    ``leak``: the ids of the cases of the shortest sequence in one process after which it fails, the
    case itself last; empty where it fails alone as well.
    """

    case: Case
    mark: Mark
    outcome: Outcome
    difference: Difference | None = None
    fault: str = ""
    seconds: float = 0.0
    excused: bool = False
    known: str = ""
    blamed: str = ""
    likely: tuple[str, ...] = ()
    leak: tuple[str, ...] = ()
    by_chance: bool = False

    @property
    def rule(self) -> str:
        """Return the rule that is broken: the one blamed, or the case's own."""
        return self.blamed or self.case.rule

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


def judge(case: Case, outcome: Outcome, seconds: float = 0.0) -> Verdict:
    """Return the verdict on an outcome that took so many seconds."""
    if isinstance(outcome, Result):
        return _of_result(case, outcome, outcome.value, seconds)
    right = isinstance(outcome, Refused) and any(answer.refused for answer in case.accepted)
    mark = Mark.PASS if right else MARKS[type(outcome)]
    return Verdict(case, mark, outcome, seconds=seconds, excused=isinstance(outcome, Unclaimed))


def _of_result(case: Case, outcome: Result, value: object, seconds: float) -> Verdict:
    if value is case.expect.result and not _fault(case.request.method, value):
        return Verdict(case, Mark.PASS, outcome, seconds=seconds)
    results = [answer.result for answer in case.accepted if isinstance(answer.result, dict)]
    differences = [difference(result, value) for result in results]
    fault = _fault(case.request.method, value)
    if None in differences and not fault:
        return Verdict(case, Mark.PASS, outcome, seconds=seconds)
    first = differences[0] if differences and not fault else None
    return Verdict(case, Mark.FAIL, outcome, first, fault, seconds)


def _fault(method: str, value: object) -> str:
    """Return what is wrong with the form of an answer to ``describe``, or nothing."""
    if method == "describe":
        try:
            msgspec.convert(value, Description)
        except msgspec.ValidationError as error:
            return f"describe: {error}"
    return ""
