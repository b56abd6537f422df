"""Lint: what each release of acrn-dm makes of an argv, and the traps that no release tells of.

Values only: who shows them stands above.
"""

from acrn_cmdline.lint.finding import Finding, Severity, ranges
from acrn_cmdline.lint.holes import judge_holes
from acrn_cmdline.lint.judgement import BoardNeed, Judgement, judge
from acrn_cmdline.lint.refusals import REFUSALS
from acrn_cmdline.lint.rule_form import Hit, Refusal, Rule, rule
from acrn_cmdline.lint.rules import RULES
from acrn_cmdline.lint.rules.parts import devices, options
from acrn_cmdline.lint.verdicts import Outcome
from acrn_dm import (
    LATEST,
    NAMED,
    RECORDING,
    RELEASES,
    Host,
    Need,
    Reading,
    UnknownReleaseError,
    here,
    names,
    stands_for,
)

__all__ = [
    "LATEST",
    "NAMED",
    "RECORDING",
    "REFUSALS",
    "RELEASES",
    "RULES",
    "BoardNeed",
    "Finding",
    "Hit",
    "Host",
    "Judgement",
    "Need",
    "Outcome",
    "Reading",
    "Refusal",
    "Rule",
    "Severity",
    "UnknownReleaseError",
    "devices",
    "here",
    "judge",
    "judge_holes",
    "names",
    "options",
    "ranges",
    "rule",
    "stands_for",
]
