"""Parts of one run, judged apart, put together again."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from itertools import chain, islice

import msgspec

from acrn_base.text import counted, excerpt, visible
from acrn_conformance.implementation import added
from acrn_conformance.judging import Mark
from acrn_conformance.reports import recorded_text
from acrn_conformance.reports.recorded import CaseResult, Ended, GroupResult, Results, Search

_NAMED = 8
"""Missing shards that are named."""


class ShardsError(ValueError):
    """Shards that cannot be of one run; the text says why, and the remedy."""


def merged(results: Iterable[Results]) -> tuple[Results, ...]:
    """Return the runs, those of which all shards are there as one; others stay as they are.

    Shards belong together that judged the same command, which says the same of itself, alike, by
    the same goldens in the same dialect, and have the same number of parts; those of a search that
    are parts of the same one. Of a shard given twice the last one counts. Raises ShardsError.
    """
    found: dict[tuple[object, ...], dict[str, Results]] = {}
    for number, run in enumerate(results):
        kind = _kind(run) if run.shard else (number,)
        found.setdefault(kind, {})[run.shard or ""] = run
    return tuple(chain.from_iterable(_joined(list(parts.values())) for parts in found.values()))


def missing_shards(runs: Sequence[Results]) -> Iterator[str]:
    """Yield a sentence on each shard that is not among the runs of which others are."""
    there: dict[tuple[object, ...], list[Results]] = {}
    for run in runs:
        if run.shard:
            there.setdefault(_kind(run), []).append(run)
    for parts in there.values():
        numbers = {_part(part) for part in parts}
        of = _parts(parts[0])
        left = (number for number in range(1, of + 1) if number not in numbers)
        who = f"{recorded_text.name(parts[0])}, {visible(parts[0].golden.dialect)}"
        for number in islice(left, _NAMED):
            yield f"{who}: shard {number}/{of} is missing"
        if (more := of - len(numbers) - _NAMED) > 0:
            yield f"{who}: {counted(more, 'further shard')} of {of} are missing"


def _part(run: Results) -> int:
    return int((run.shard or "1/1").partition("/")[0])


def _parts(run: Results) -> int:
    return int((run.shard or "1/1").partition("/")[2])


def _kind(run: Results) -> tuple[object, ...]:
    """Return what all shards of a run have in common."""
    tested, search = run.implementation, run.search
    source = (search.seed, search.longest) if search else ()
    who = (tested.command, tested.describe, tested.mode, tested.tolerates_protocol_faults)
    return (*who, run.golden, run.suite, source, _parts(run))


def _joined(parts: Sequence[Results]) -> Iterable[Results]:
    first = parts[0]
    if first.shard is None or len(parts) < _parts(first):
        return parts
    _check_apart(parts)
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
        search=_search(parts),
        faults=reduce(added, (part.faults for part in parts)),
        cases=tuple(cases),
        groups=groups,
        ended=_ended(parts, cases),
    )
    if whole.ended:
        ended = msgspec.structs.replace(whole.ended, passed=recorded_text.passes(whole))
        whole = msgspec.structs.replace(whole, ended=ended)
    return (whole,)


def _check_apart(parts: Sequence[Results]) -> None:
    """Raise ShardsError where two shards of a run have judged the same case."""
    found: dict[str, Results] = {}
    for part in parts:
        # What a search finds is a request, which may be drawn twice.
        for case in part.cases if not part.search else ():
            if (other := found.setdefault(case.id, part)) is not part:
                raise ShardsError(
                    f"the shards {other.shard} and {part.shard} of {recorded_text.name(part)} both "
                    f"have {excerpt(case.id)}: they were selected otherwise (--select and its "
                    "like); give those of one run"
                )


def _groups(parts: Sequence[Results]) -> tuple[tuple[GroupResult, ...], dict[str, int]]:
    """Return the groups of all parts, alike ones as one, and each case's place among them."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for part in parts:
        for group in part.groups:
            found.setdefault((group.rule, group.where, group.text), []).extend(group.cases)
    groups = tuple(GroupResult(*key, tuple(ids)) for key, ids in found.items())
    return groups, {name: n for n, group in enumerate(groups) for name in group.cases}


def _search(parts: Sequence[Results]) -> Search | None:
    searches = [part.search for part in parts if part.search]
    if not searches:
        return None
    asked: Counter[str] = Counter()
    for each in searches:
        asked.update(each.asked)
    failing = sum(each.failing for each in searches)
    # What the parts met is told of each by itself: it does not add up.
    return msgspec.structs.replace(searches[0], asked=dict(asked), failing=failing, coverage=())


def _ended(parts: Sequence[Results], cases: Sequence[CaseResult]) -> Ended | None:
    ends = [part.ended for part in parts if part.ended]
    if len(ends) < len(parts):
        return None
    endings: Counter[str] = Counter()
    for end in ends:
        endings.update(end.endings)
    return Ended(
        seconds=sum(end.seconds for end in ends),
        passed=False,  # until all of it is counted
        summary={mark: sum(end.summary.get(mark, 0) for end in ends) for mark in Mark},
        excused=sum(case.excused for case in cases),
        not_judged=sum(end.not_judged for end in ends),
        complaints=tuple(dict.fromkeys(chain.from_iterable(end.complaints for end in ends))),
        remarks=tuple(dict.fromkeys(chain.from_iterable(end.remarks for end in ends))),
        endings=dict(endings),
    )
