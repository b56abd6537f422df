"""Two runs held beside each other: what was mended, what broke, what came, what went."""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from acrn_conformance.judging import Mark
from acrn_conformance.reports.html.naming import Named
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


_KINDS: Final = (
    ("broken", "passed before, does not now", "bad", True),
    ("fixed", "did not pass before, does now", "good", True),
    ("new", "was not judged before", "open", True),
    ("gone", "was judged before, is not now", "open", False),
)


def changes(run: Named, against: Results) -> Changes:
    """Return what changed; a case that is not claimed counts as not judged."""
    kind_of = dict(_kinds(_judged(against), _judged(run.results)))
    return Changes(
        run.label,
        tuple(
            Change(*kind, tuple(case for case, found in kind_of.items() if found == kind[0]))
            for kind in _KINDS
        ),
    )


def _judged(found: Results) -> Mapping[str, CaseResult]:
    return {case.id: case for case in found.cases if not case.excused}


def _kinds(
    before: Mapping[str, CaseResult], now: Mapping[str, CaseResult]
) -> Iterator[tuple[str, str]]:
    for case in dict.fromkeys((*now, *before)):
        if case not in before:
            yield case, "new"
        elif case not in now:
            yield case, "gone"
        else:
            passed, passes = (each[case].verdict is Mark.PASS for each in (before, now))
            if passed != passes:
                yield case, "fixed" if passes else "broken"
