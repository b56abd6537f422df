"""Known failures held against the verdicts."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from acrn_conformance.cases import known
from acrn_conformance.judging.verdict import Mark, Verdict

_REMEDY = "remove it from the known failures"


def complaints(
    excuses: Mapping[str, str], verdicts: Iterable[Verdict], ids: Collection[str]
) -> Iterator[str]:
    """Yield what is wrong with the list: unknown ids, unexpected passes, entries gone stale.

    ``ids`` are all cases that exist; those that were not selected are let be. A glob is stale only
    where all that it excuses pass.
    """
    excused = [verdict for verdict in verdicts if verdict.known]
    for name, why in excuses.items():
        exact = known.bare(name) in ids
        if not exact and not any(known.matches(name, case) for case in ids):
            yield f"known failures: {name}: no such case; {_REMEDY}"
        these = [v for v in excused if v.known == why and _speaks_of(name, v, exact=exact)]
        if said := _stale(these):
            yield f"known failures: {name}: {said}; {_REMEDY}"


def _speaks_of(name: str, verdict: Verdict, *, exact: bool) -> bool:
    case = verdict.case.id
    return case == known.bare(name) if exact else known.matches(name, case)


def _stale(excused: Sequence[Verdict]) -> str:
    """Return why an entry that excuses these is of no use, "" if it is, or excuses none."""
    if not excused or any(v.mark is not Mark.PASS and not v.excused for v in excused):
        return ""
    if all(verdict.excused for verdict in excused):
        return "its method is not claimed"
    return "passes now" if len(excused) == 1 else "all that it matches pass now"


def relisted(excuses: Mapping[str, str], verdicts: Sequence[Verdict]) -> dict[str, str]:
    """Return the known failures that are true of a run: its failures, with the rule as the reason.

    Entries of before stay, with their reasons, unless what they excuse passes now.
    """
    judged = [verdict for verdict in verdicts if not verdict.excused]
    kept = {
        name: why
        for name, why in excuses.items()
        if not (these := [v for v in judged if known.matches(name, v.case.id)])
        or any(v.mark is not Mark.PASS for v in these)
    }
    failing = [verdict for verdict in judged if verdict.mark is not Mark.PASS]
    new = {
        known.entry(verdict.case.id): f"rule {verdict.rule}"
        for verdict in failing
        if not any(known.matches(name, verdict.case.id) for name in kept)
    }
    return {**new, **kept}
