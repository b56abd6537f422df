"""Lint: what each release of acrn-dm makes of an argv, and the traps that no release tells of.

The one package here that imports the model of acrn-dm. Pure but for `source`, which reads argvs.
"""

from acrn_conformance.lint.document import document
from acrn_conformance.lint.finding import Finding, Severity, ranges
from acrn_conformance.lint.judgement import Judgement, Profile, judge
from acrn_conformance.lint.lines import lines
from acrn_conformance.lint.rules import RULES
from acrn_conformance.lint.source import Source, SourceError
from acrn_conformance.lint.verdicts import Outcome
from acrn_dm import RECORDING, RELEASES, here

__all__ = [
    "RECORDING",
    "RELEASES",
    "RULES",
    "Finding",
    "Judgement",
    "Outcome",
    "Profile",
    "Severity",
    "Source",
    "SourceError",
    "document",
    "here",
    "judge",
    "lines",
    "ranges",
]
