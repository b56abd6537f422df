"""Parts of one run, judged apart, put together again."""

from collections.abc import Iterable, Sequence
from itertools import chain

import msgspec

from acrn_conformance.judging import Mark
from acrn_conformance.reports.recorded import CaseResult, Ended, GroupResult, Results


def merged(results: Iterable[Results]) -> tuple[Results, ...]:
    """Return the runs, those of which all shards are there as one; others stay as they are.

    Shards belong together that judged the same implementation, in the same version, by the same
    goldens in the same dialect, and have the same number of parts. Of a shard given twice the last
    one counts.
    """
    found: dict[tuple[object, ...], dict[str, Results]] = {}
    for number, run in enumerate(results):
        found.setdefault(_kind(run, number), {})[run.shard or ""] = run
    return tuple(chain.from_iterable(_joined(list(parts.values())) for parts in found.values()))


def _kind(run: Results, number: int) -> tuple[object, ...]:
    """Return what all shards of a run have in common; a run that is no shard has it alone."""
    if run.shard is None:
        return (number,)
    parts = run.shard.partition("/")[2]
    about = run.implementation.describe
    named = (about.name, about.version) if about else run.implementation.command
    return (*named, run.golden, run.suite, parts)


def _joined(parts: Sequence[Results]) -> Iterable[Results]:
    first = parts[0]
    if first.shard is None or len(parts) < int(first.shard.partition("/")[2]):
        return parts
    groups, number = _groups(parts)
    cases = [
        msgspec.structs.replace(case, group=number.get(case.id))
        for part in parts
        for case in part.cases
    ]
    whole = msgspec.structs.replace(
        first,
        started=min(part.started for part in parts),
        shard=None,
        selected=sum(part.selected for part in parts),
        cases=tuple(cases),
        groups=groups,
        ended=_ended(parts, cases),
    )
    return (whole,)


def _groups(parts: Sequence[Results]) -> tuple[tuple[GroupResult, ...], dict[str, int]]:
    """Return the groups of all parts, alike ones as one, and each case's place among them."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for part in parts:
        for group in part.groups:
            found.setdefault((group.rule, group.where, group.text), []).extend(group.cases)
    groups = tuple(GroupResult(*key, tuple(ids)) for key, ids in found.items())
    return groups, {name: n for n, group in enumerate(groups) for name in group.cases}


def _ended(parts: Sequence[Results], cases: Sequence[CaseResult]) -> Ended | None:
    ends = [part.ended for part in parts if part.ended]
    if len(ends) < len(parts):
        return None
    endings: dict[str, int] = {}
    for end in ends:
        for how, times in end.endings.items():
            endings[how] = endings.get(how, 0) + times
    return Ended(
        seconds=sum(end.seconds for end in ends),
        passed=all(end.passed for end in ends),
        summary={mark: sum(end.summary.get(mark, 0) for end in ends) for mark in Mark},
        excused=sum(case.excused for case in cases),
        not_judged=sum(end.not_judged for end in ends),
        complaints=tuple(dict.fromkeys(chain.from_iterable(end.complaints for end in ends))),
        faults=tuple(chain.from_iterable(end.faults for end in ends)),
        remarks=tuple(dict.fromkeys(chain.from_iterable(end.remarks for end in ends))),
        endings=endings,
    )
