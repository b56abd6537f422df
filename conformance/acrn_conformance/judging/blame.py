"""The rule that a failing answer breaks: not always the one that its case was written for."""

from collections.abc import Iterable, Mapping

import msgspec

from acrn_conformance.judging.diagnosis import candidates
from acrn_conformance.judging.grouping import failing_shares
from acrn_conformance.judging.verdict import Verdict


def blamed(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """Return the verdicts of a run, each failing one with the rule that it breaks.

    Of the rules that a difference may break it is the likeliest that has a failing case of its own:
    a rule whose cases all pass is not broken.
    """
    held = tuple(verdicts)
    shares = failing_shares(verdict for verdict in held if not verdict.unclaimed)
    return tuple(
        msgspec.structs.replace(verdict, blamed=_rule(verdict, shares))
        if verdict.failing and not verdict.unclaimed
        else verdict
        for verdict in held
    )


def _rule(verdict: Verdict, shares: Mapping[str, float]) -> str:
    likely = (rule for rule in candidates(verdict) if shares.get(rule, 0.0) > 0)
    found = next(likely, "")
    return "" if found == verdict.case.rule else found
