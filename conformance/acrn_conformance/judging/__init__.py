"""A case and its outcome make a verdict; a run is all of them, as they come."""

from acrn_conformance.judging import claims
from acrn_conformance.judging.blame import blamed
from acrn_conformance.judging.comparison import Difference, difference
from acrn_conformance.judging.description import CannotStartError, Introduced, describe
from acrn_conformance.judging.excuses import complaints, relisted
from acrn_conformance.judging.grouping import CHANCE, LEAK, RECORDED, Group, grouped
from acrn_conformance.judging.leaks import examined, last_verdict, traced
from acrn_conformance.judging.run_log import (
    Described,
    Ended,
    Faulted,
    Judged,
    Run,
    RunEvent,
    Withdrawn,
    folded,
)
from acrn_conformance.judging.runner import ALL, Demands, run, run_in
from acrn_conformance.judging.verdict import MARKS, Mark, Verdict, judge

__all__ = [
    "ALL",
    "CHANCE",
    "LEAK",
    "MARKS",
    "RECORDED",
    "CannotStartError",
    "Demands",
    "Described",
    "Difference",
    "Ended",
    "Faulted",
    "Group",
    "Introduced",
    "Judged",
    "Mark",
    "Run",
    "RunEvent",
    "Verdict",
    "Withdrawn",
    "blamed",
    "claims",
    "complaints",
    "describe",
    "difference",
    "examined",
    "folded",
    "grouped",
    "judge",
    "last_verdict",
    "relisted",
    "run",
    "run_in",
    "traced",
]
