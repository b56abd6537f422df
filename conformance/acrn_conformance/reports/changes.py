"""Two runs held beside each other: what was mended, what broke, what came, what went."""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from acrn_conformance.judging import Mark
from acrn_conformance.reports.recorded import CaseResult, Results


class Change(NamedTuple):
    """Cases that changed alike; ``there``: they are in the newer run, and can be looked at."""

    name: str
    meaning: str
    tone: str
    there: bool
    ids: tuple[str, ...]


class Changes(NamedTuple):
    """A run's changes since the older one."""

    label: str
    changes: tuple[Change, ...]


_FINDINGS: Final = (
    ("new", "found now, not before", "bad", True),
    ("fixed", "found before; asked again, it passes", "good", False),
    ("gone", "found before, not now: fixed, or not asked", "open", False),
)
"""What is to say of searches: what one does not find it need not have asked."""

_KINDS: Final = (
    ("broken", "passed before, does not now", "bad", True),
    ("fixed", "did not pass before, does now", "good", True),
    ("new", "was not judged before", "open", True),
    ("gone", "was judged before, is not now", "open", False),
)


def changes(label: str, run: Results, against: Results) -> Changes:
    """Return what changed in a run, called ``label``, since another of its kind.

    A case that is not claimed counts as not judged.
    """
    kind_of = dict((_found if run.search else _kinds)(run, against))
    return Changes(
        label,
        tuple(
            Change(*kind, tuple(case for case, found in kind_of.items() if found == kind[0]))
            for kind in (_FINDINGS if run.search else _KINDS)
        ),
    )


def alike(run: Results, against: Results) -> bool:
    """Tell whether two can be compared: a search asks what no run does."""
    return (run.search is None) == (against.search is None)


def _found(run: Results, against: Results) -> Iterator[tuple[str, str]]:
    now, before = _judged(run), _judged(against)
    yield from ((case, "new") for case in now if case not in before)
    left = "fixed" if _repeats(run, against) else "gone"
    yield from ((case, left) for case in before if case not in now)


def _repeats(run: Results, against: Results) -> bool:
    """Tell whether a search asked all that another did: the same one, and at least as far."""
    if not run.search or not against.search or not run.ended:
        return False
    same = [
        (each.suite, each.golden.dialect, each.shard, each.search.seed, each.search.longest)
        for each in (run, against)
        if each.search
    ]
    asked = [sum(each.asked.values()) for each in (run.search, against.search)]
    return same[0] == same[1] and asked[0] >= asked[1]


def _judged(found: Results) -> Mapping[str, CaseResult]:
    return {case.id: case for case in found.cases if not case.excused}


def _kinds(run: Results, against: Results) -> Iterator[tuple[str, str]]:
    now, before = _judged(run), _judged(against)
    for case in dict.fromkeys((*now, *before)):
        if case not in before:
            yield case, "new"
        elif case not in now:
            yield case, "gone"
        else:
            passed, passes = (each[case].verdict is Mark.PASS for each in (before, now))
            if passed != passes:
                yield case, "fixed" if passes else "broken"
