"""The rule that a failing answer breaks: not always the one that its case was written for."""

from collections.abc import Iterable, Mapping

import msgspec

from acrn_conformance.judging.grouping import RECORDED, failing_shares
from acrn_conformance.judging.verdict import Verdict

FIELDS = frozenset(("absent-field", "unknown-field", "field-name-case"))
"""The rules of how the fields of a request are read: what their cases ask for, others ask for as
well. That of long lines is none: what is wrong in an answer is not due to its length."""


def blamed(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """Return the verdicts of a run, each failing one with the rule that it breaks.

    Of the rules that a difference may break it is the likeliest that has a failing case of its own.
    Where none has, it is the likeliest; but where only cases of one rule of how fields are read
    fail, that rule.
    """
    held = tuple(verdicts)
    if not any(verdict.failing for verdict in held):
        return held
    shares = failing_shares(verdict for verdict in held if not verdict.unclaimed)
    failing = {v.case.rule for v in held if v.failing and not v.case.rule.startswith(RECORDED)}
    form = next(iter(failing & FIELDS), "") if len(failing) == 1 else ""
    return tuple(
        msgspec.structs.replace(verdict, blamed=_rule(verdict, shares, form))
        if verdict.failing and not verdict.unclaimed
        else verdict
        for verdict in held
    )


def _rule(verdict: Verdict, shares: Mapping[str, float], form: str) -> str:
    from acrn_conformance.judging.diagnosis import candidates  # noqa: PLC0415 - it takes a failure

    likely = verdict.likely or candidates(verdict)
    broken = [rule for rule in likely if shares.get(rule, 0.0) > 0]
    found = next(iter((*broken, *filter(None, [form]), *likely)), "")
    return "" if found == verdict.case.rule else found
