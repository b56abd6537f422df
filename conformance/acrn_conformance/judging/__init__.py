"""A case and its outcome make a verdict; a run is all of them, as they come."""

from acrn_conformance.judging.comparison import Difference, difference
from acrn_conformance.judging.description import CannotStartError, Introduced, describe
from acrn_conformance.judging.excuses import complaints
from acrn_conformance.judging.grouping import Group, grouped
from acrn_conformance.judging.run_log import Described, Judged, Run, RunEvent, folded
from acrn_conformance.judging.runner import ALL, Demands, run
from acrn_conformance.judging.verdict import Mark, Verdict, judge

__all__ = [
    "ALL",
    "CannotStartError",
    "Demands",
    "Described",
    "Difference",
    "Group",
    "Introduced",
    "Judged",
    "Mark",
    "Run",
    "RunEvent",
    "Verdict",
    "complaints",
    "describe",
    "difference",
    "folded",
    "grouped",
    "judge",
    "run",
]
