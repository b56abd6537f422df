"""Results that contradict themselves: what a file says of its cases is counted anew."""

from collections import Counter
from collections.abc import Iterator

from acrn_base.text import counted, excerpt
from acrn_conformance.implementation import Unclaimed
from acrn_conformance.judging import MARKS, Mark
from acrn_conformance.reports import recorded_text
from acrn_conformance.reports.recorded import CaseResult, Ended, Results


def contradiction(results: Results) -> str:
    """Return the first thing in results that cannot be true, in words; "" where all of it can."""
    return next(_contradictions(results), "")


def _contradictions(results: Results) -> Iterator[str]:
    if results.shard:
        part, _, parts = results.shard.partition("/")
        # The `$` of a pattern lets a newline stand behind it.
        if int(part) > int(parts) or not parts.isdigit():
            yield f"there is no shard {results.shard}"
    yield from _of_cases(results.cases)
    yield from _of_groups(results)
    if not results.search and len(results.cases) > results.selected:
        yield f"{counted(len(results.cases), 'verdict')} on {results.selected:,} selected cases"
    if results.ended:
        yield from _of_end(results, results.ended)


def _of_cases(cases: tuple[CaseResult, ...]) -> Iterator[str]:
    ids = Counter(case.id for case in cases)
    if len(ids) < len(cases):
        yield f"the case {excerpt(ids.most_common(1)[0][0])} stands there twice"
    for case in cases:
        mark = Mark.PASS if case.got is None else MARKS[type(case.got)]
        if case.verdict is not mark:
            yield f"the verdict on {excerpt(case.id)} is {case.verdict}, and what came a {mark}"
        if case.excused and not isinstance(case.got, Unclaimed):
            yield f"{excerpt(case.id)} is excused, and was asked"


def _of_groups(results: Results) -> Iterator[str]:
    of = {name: number for number, group in enumerate(results.groups) for name in group.cases}
    cases = {case.id: case.group for case in results.cases if case.group is not None}
    if of != cases or not all(group.cases for group in results.groups):
        yield "the groups and their cases do not agree"


def _of_end(results: Results, ended: Ended) -> Iterator[str]:
    marks = Counter(case.verdict for case in results.cases if not case.excused)
    excused = len(results.cases) - marks.total()
    told = {mark: number for mark, number in ended.summary.items() if number}
    if (told, ended.excused) != (dict(marks), excused):
        yield "the sums at its end are not those of its cases"
    if not results.search and ended.not_judged != results.selected - len(results.cases):
        yield "the number of cases not judged is not that of the missing ones"
    if results.search and results.search.failing < len(results.cases):
        yield "it has more findings than failures"
    if ended.passed != recorded_text.passes(results):
        said = "has passed" if ended.passed else "has failed"
        yield f"it says that it {said}, and its verdicts do not"
