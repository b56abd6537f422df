"""A case and its outcome make a verdict; a run is all of them."""

from acrn_conformance.judging.comparison import description, difference, judge
from acrn_conformance.judging.excuses import complaints
from acrn_conformance.judging.runner import CannotStartError, Demands, Run, claims, describe, run
from acrn_conformance.judging.verdict import Mark, Verdict

__all__ = [
    "CannotStartError",
    "Demands",
    "Mark",
    "Run",
    "Verdict",
    "claims",
    "complaints",
    "describe",
    "description",
    "difference",
    "judge",
    "run",
]
