"""What recorded runs come to, in the words that the reports for a CI share."""

import shlex
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from acrn_base.text import counted, excerpt, printable
from acrn_conformance.judging import Mark
from acrn_conformance.reports import run_text
from acrn_conformance.reports.recorded import CaseResult, Results

_LONGEST = 80
"""Characters of the name of an implementation."""


class Count(NamedTuple):
    """Cases of a run: those judged, and of these the passing, the failing and the known to fail."""

    judged: int
    passed: int
    failing: int
    known: int


class Trouble(NamedTuple):
    """What is wrong with a run beyond its cases: a stable word for its kind, and a text."""

    kind: str
    text: str


def name(run: Results) -> str:
    """Return who was judged, safe to show."""
    about = run.implementation.describe
    if about is None:
        return excerpt(shlex.join(run.implementation.command), _LONGEST)
    return excerpt(f"{about.name} {about.version}", _LONGEST)


def failing(case: CaseResult) -> bool:
    """Whether a verdict speaks against the implementation."""
    return case.verdict is not Mark.PASS and not case.excused and not case.known_failure


def count(run: Results) -> Count:
    """Count the cases that have a verdict."""
    judged = [case for case in run.cases if not case.excused]
    passed = sum(case.verdict is Mark.PASS for case in judged)
    failed = sum(map(failing, judged))
    return Count(len(judged), passed, failed, len(judged) - passed - failed)


def troubles(run: Results) -> Iterator[Trouble]:
    """Yield why a run does not pass beyond its failing cases; all texts are safe to show."""
    if run.ended is None:
        judged, asked = count(run).judged, run.selected - sum(case.excused for case in run.cases)
        text = f"the run did not come to its end: {judged:,} of {asked:,} cases judged"
        yield Trouble("interrupted", text)
        return
    if run.ended.passed:
        return
    if run.ended.not_judged:
        yield Trouble("not-judged", f"{counted(run.ended.not_judged, 'case')} not judged")
    elif not count(run).judged:
        yield Trouble("not-judged", "no case was judged")
    for complaint in run.ended.complaints:
        yield Trouble("known-failures", printable(complaint))
    for fault in run.ended.faults:
        told = f"{fault.message} ({fault.times:,}x; the first: {fault.example})"
        yield Trouble(f"protocol-{fault.kind}", printable(told))


def missing_shards(runs: Sequence[Results]) -> tuple[str, ...]:
    """Return the shards, as ``I/K``, that are not among the runs of the same implementation."""
    seen = {(_alike(run), run.shard) for run in runs if run.shard}
    wanted = dict.fromkeys(
        (alike, f"{part + 1}/{shard.partition('/')[2]}")
        for alike, shard in seen
        for part in range(int(shard.partition("/")[2]))
    )
    return tuple(sorted(shard for alike, shard in wanted if (alike, shard) not in seen))


def _alike(run: Results) -> tuple[str, str, str]:
    return name(run), run.golden.sha256, run.golden.dialect


def failure(run: Results, case: CaseResult) -> str:
    """Return all that is known of a failing case as lines of text, safe to show.

    Level and rule with its source, what is wrong, the token diff, other answers, the command that
    judges it again.
    """
    return "\n".join(map(printable, _failure(run, case)))


def _failure(run: Results, case: CaseResult) -> Iterator[str]:
    broken = case.blamed or case.rule
    rule = run.rules.get(broken)
    told = f": {rule.text.rstrip('.')} ({rule.source})" if rule else ""
    yield f"level {case.level}, rule {broken}{told}"
    yield case.message
    if len(case.leak) > 1:
        yield f"it passes alone, and fails behind {', '.join(case.leak[:-1])}"
    if case.expected and case.got:
        yield from (
            line.text.strip("\n") for line in run_text.token_diff(case.expected[0], case.got)
        )
    if case.again:
        yield f"again: {case.again}"
