"""A run as a terminal shows it: pure functions from verdicts to styled lines."""

import shlex
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice

from acrn_base.text import counted, excerpt, visible
from acrn_conformance.cases import Case, Family, Golden, Rule
from acrn_conformance.implementation import ProtocolFault
from acrn_conformance.judging import Group, Mark, Run, Verdict, grouped
from acrn_conformance.reports import failure_text, groups_text
from acrn_conformance.reports.json_text import pretty
from acrn_conformance.reports.recorded import RuleTold
from acrn_conformance.reports.results import case_result
from acrn_conformance.reports.styled import Styled

_ROWS = 48
"""Rows of two screens: all that a report takes, whatever fails."""

_LONGEST = 160
"""Characters of a note in a report of two screens."""

_KINDS = 6
"""Kinds of broken replies that it names."""

_MOST = 3
"""Notes, complaints and ways of ending that a report of two screens names."""

BROKEN = "the contract of the wire was broken"
"""Why a run fails of which all cases may pass."""


def whole(
    golden: Golden,
    rules: Mapping[str, Rule],
    run: Run,
    again: Callable[[Verdict], str],
    *,
    everything: bool = False,
) -> Iterator[Styled]:
    """Yield the report of a run; ``again`` returns the command that judges one case again.

    It fits two screens, whatever fails, unless it is to say ``everything``.
    """
    head = heading(golden, run)
    most = None if everything else _MOST
    tail = [Styled(""), *families(golden, run.verdicts), Styled(""), *summary(run, most)]
    found = grouped(run.verdicts)
    yield head
    if everything:
        for group in found:
            for verdict in group.verdicts:
                yield from failure(verdict, rules.get(verdict.rule), again(verdict))
    else:
        yield from grouped_failures(found, rules, again, [head, *tail], "--all")
    yield from tail


def grouped_failures(
    found: Sequence[Group],
    rules: Mapping[str, Rule | RuleTold],
    again: Callable[[Verdict], str],
    others: Iterable[Styled],
    everything: str,
) -> Iterator[Styled]:
    """Yield groups of failures that fit two screens with some ``others`` lines.

    ``again`` and ``everything``: the command that judges a case again, and the option that shows
    what is left out.
    """

    def told(verdict: Verdict) -> Iterator[Styled]:
        return failure(verdict, rules.get(verdict.rule), again(verdict))

    room = _ROWS - groups_text.rows(others)
    yield from groups_text.groups(found, rules, told, room, everything)


def heading(golden: Golden, run: Run) -> Styled:
    """Return the line that says who was judged, how, and against what."""
    settings = run.settings
    if run.description is None:
        name = shlex.join(settings.command)
    else:
        name = f"{run.description.name} {run.description.version} ({run.description.language})"
    processes = "1 process" if settings.jobs == 1 else f"{settings.jobs} processes"
    return Styled(
        f"{excerpt(name)}: {settings.mode} mode, {processes}, "
        f"golden {golden.version} ({golden.sha256[:8]}), {run.dialect}"
    )


def families(golden: Golden, verdicts: Sequence[Verdict]) -> Iterator[Styled]:
    """Yield a line for each family that has been judged, with its counts."""
    by_id = {verdict.case.id: verdict for verdict in verdicts if not verdict.excused}
    rows = [(family.name, _of(family, by_id)) for family in golden.families]
    width = max(len(name) for name, _ in rows)
    for name, judged in rows:
        if judged:
            style = "bad" if any(verdict.failing for verdict in judged) else "good"
            yield Styled(f"  {name:<{width}}  {_parts(judged)}", style)


def _of(family: Family, by_id: Mapping[str, Verdict]) -> list[Verdict]:
    return [by_id[case.id] for case in family.cases if case.id in by_id]


def failure(verdict: Verdict, rule: Rule | RuleTold | None, again: str) -> Iterator[Styled]:
    """Yield what there is to know of a failing case, and the command that judges it again.

    ``rule``: the one that it breaks.
    """
    yield from failure_text.lines(case_result(verdict, "", again), rule)


def unclaimed(verdicts: Sequence[Verdict]) -> Iterator[Styled]:
    """Yield the lines that name the methods not claimed."""
    for excused, text, style in (
        (False, "required, but not claimed", "bad"),
        (True, "not claimed, so not judged", "faint"),
    ):
        of_these = [v for v in verdicts if v.unclaimed and v.excused == excused]
        methods = Counter(verdict.case.request.method for verdict in of_these)
        if methods:
            listed = ", ".join(
                f"{name} ({counted(number, 'case')})" for name, number in methods.items()
            )
            yield Styled(f"{text}: {listed}", style)


def protocol(faults: Iterable[ProtocolFault], *, tolerated: bool) -> Iterator[Styled]:
    """Yield a line for each kind of reply that broke the contract of the wire."""
    heading = "protocol broken, tolerated" if tolerated else "protocol broken"
    for fault in faults:
        first = f"; the first: {fault.example}" if fault.example else ""
        text = f"{heading}: {fault.kind} ({fault.times}x): {visible(fault.message)}{first}"
        yield Styled(text, "faint" if tolerated else "bad")


def summary(run: Run, most: int | None = None) -> Iterator[Styled]:
    """Yield the closing lines, of notes, complaints and endings the first ``most``."""
    yield from unclaimed(run.verdicts)
    failing = [verdict for verdict in run.verdicts if verdict.failing and not verdict.unclaimed]
    stateful = any(verdict.leak or verdict.by_chance for verdict in failing)
    if run.asked_alone and (stateful or run.asked_alone < len(failing)):
        again = f"{run.asked_alone:,} of {counted(len(failing), 'failing case')}"
        yield Styled(f"asked again, each in a fresh process: {again}", "faint")
    yield from islice(protocol(run.faults, tolerated=run.tolerated), _KINDS if most else None)
    for remark in _first(run.remarks, "further note", most):
        yield Styled(f"note: {visible(remark)}")
    if sum(run.endings.values()) > run.settings.jobs or set(run.endings) - {"exit status 0"}:
        endings = [f"{how} ({times})" for how, times in run.endings.items()]
        listed = ", ".join(_first(endings, "further way", most))
        yield Styled(f"processes ended: {listed}", "faint")
    reasons = Counter(v.known for v in run.judged if v.known and v.mark is not Mark.PASS)
    told = [f"known failures: {why} ({counted(n, 'case')})" for why, n in reasons.most_common()]
    for known in _first(told, "further reason", most):
        yield Styled(visible(known), "faint")
    for complaint in _first(run.complaints, "further complaint", most):
        yield Styled(visible(complaint), "bad")
    text = f"{counted(len(run.judged), 'case')} judged: {_parts(run.judged)}{_beyond(run)}"
    if run.not_judged:
        why = "interrupted" if run.interrupted else "stopped at the first failure"
        text += f"; {run.not_judged} not judged, {why}"
    yield Styled(f"{text}; {run.seconds:.2f} s", "good" if run.passed else "bad")


def _beyond(run: Run) -> str:
    """Say that a run fails, and why, where that is more than its cases tell."""
    reasons = [BROKEN] if run.faults and not run.tolerated else []
    if run.complaints:
        reasons.append(counted(len(run.complaints), "complaint"))
    return f", but {', '.join(reasons)}: FAIL" if reasons else ""


def _first(texts: Sequence[str], what: str, most: int | None) -> Iterator[str]:
    """Yield the first of some texts, each in part if it is long, and how many more there are."""
    yield from (excerpt(text, _LONGEST) for text in texts[:most]) if most else texts
    if most and len(texts) > most:
        yield f"{counted(len(texts) - most, what)}; --all shows all"


def _parts(judged: Sequence[Verdict]) -> str:
    """Return how many passed, failed and so on, which adds up; known failures are one part."""
    names = {
        Mark.PASS: "passed",
        Mark.FAIL: "failed",
        Mark.ERROR: "errors",
        Mark.TIMEOUT: "timeouts",
    }
    passed = [verdict for verdict in judged if verdict.mark is Mark.PASS]
    marks = Counter(verdict.mark for verdict in (*passed, *(v for v in judged if v.failing)))
    parts = [f"{marks[mark]} {names.get(mark, mark.value)}" for mark in Mark if marks.get(mark)]
    if known := len(judged) - marks.total():
        parts.append(counted(known, "known failure"))
    return ", ".join(parts) or "none"


def shown_case(case: Case, rule: Rule | None) -> Iterator[Styled]:
    """Yield a case in full: what it asks, what it accepts, and why."""
    yield Styled(f"{visible(case.id)}: {visible(case.title)}", "title")
    yield Styled(f"level:    {case.level}")
    yield Styled(f"dialects: {', '.join(map(visible, case.dialects))}")
    yield Styled(
        f"rule:     {visible(case.rule)}" + (f": {rule.text} ({rule.source})" if rule else "")
    )
    yield Styled(f"method:   {visible(case.request.method)}")
    yield Styled("params:   " + pretty(case.request.params))
    for number, answer in enumerate(case.accepted):
        label = "expected:" if not number else "or:      "
        yield Styled(f"{label} {'a refusal' if answer.refused else pretty(answer.result)}")
    if case.reason:
        yield Styled(f"reason:   {visible(case.reason)}")
