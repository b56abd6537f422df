"""Known failures held against the verdicts."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from acrn_conformance.cases import known
from acrn_conformance.judging.verdict import Mark, Verdict


def complaints(
    excuses: Mapping[str, str], verdicts: Iterable[Verdict], ids: Collection[str]
) -> Iterator[str]:
    """Yield what is wrong with the list: unknown ids, unexpected passes, entries gone stale.

    ``ids`` are all cases that exist; those that were not selected are let be.
    """
    for name in excuses:
        if known.bare(name) not in ids:
            yield f"{name}: no such case; remove it from the known failures"
    for verdict in verdicts:
        if verdict.known and verdict.excused:
            yield f"{verdict.case.id}: its method is not claimed; remove it from the known failures"
        elif verdict.known and verdict.mark is Mark.PASS:
            yield f"{verdict.case.id}: passes now; remove it from the known failures"
