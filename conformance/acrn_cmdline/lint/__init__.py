"""Lint: what each release of acrn-dm makes of an argv, and the traps that no release tells of.

Values only: who shows them stands above.
"""

from acrn_cmdline.lint.finding import Finding, Severity, ranges
from acrn_cmdline.lint.judgement import Judgement, judge
from acrn_cmdline.lint.refusals import REFUSALS
from acrn_cmdline.lint.rule_form import Hit, Refusal, Rule, rule
from acrn_cmdline.lint.rules import RULES
from acrn_cmdline.lint.rules.parts import devices, options
from acrn_cmdline.lint.verdicts import Outcome
from acrn_dm import RECORDING, RELEASES, Host, Reading, here

__all__ = [
    "RECORDING",
    "REFUSALS",
    "RELEASES",
    "RULES",
    "Finding",
    "Hit",
    "Host",
    "Judgement",
    "Outcome",
    "Reading",
    "Refusal",
    "Rule",
    "Severity",
    "devices",
    "here",
    "judge",
    "options",
    "ranges",
    "rule",
]
