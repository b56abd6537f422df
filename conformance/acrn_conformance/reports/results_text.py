"""Recorded runs as a terminal shows them: a line a run, its groups, what changed since another."""

from collections.abc import Iterator, Sequence

from acrn_base.text import counted, excerpt, visible
from acrn_conformance.reports import merging, recorded_text
from acrn_conformance.reports.changes import alike, changes
from acrn_conformance.reports.recorded import Results
from acrn_conformance.reports.styled import Styled

_MOST = 12
"""Groups, troubles and cases of a change that are named; a page names all."""


def lines(
    runs: Sequence[Results], against: Results | None = None, missing: Sequence[str] = ()
) -> Iterator[Styled]:
    """Yield the report; ``missing``: sentences on results that are not there."""
    for run in runs:
        yield from _run(run)
        if against and alike(run, against):
            yield from _changes(run, against)
    for text in (*missing, *merging.missing_shards(runs)):
        yield Styled(text, "bad")


def _run(run: Results) -> Iterator[Styled]:
    number = recorded_text.count(run)
    text = f"{recorded_text.name(run)}, {visible(run.golden.dialect)}{recorded_text.manner(run)}: "
    text += f"{counted(number.judged, 'request' if run.search else 'case')} judged"
    text += f" ({recorded_text.searched(run.search)})" if run.search else ""
    text += f", {number.passed:,} passed"
    text += f", {number.failing:,} failing" if number.failing else ""
    text += f", {counted(number.known, 'known failure')}" if number.known else ""
    yield Styled(text, "good" if recorded_text.passes(run) else "bad")
    for trouble in list(recorded_text.troubles(run))[:_MOST]:
        yield Styled(f"  {trouble.text}", "bad")
    for text in list(recorded_text.tolerated(run))[:_MOST]:
        yield Styled(f"  {text}", "faint")
    for group in run.groups[:_MOST]:
        what = ", ".join(filter(None, (group.rule, group.where, group.text)))
        cases = counted(len(group.cases), "case")
        yield Styled(f"  {cases}: {excerpt(what)}; the first: {visible(group.cases[0])}")
    if len(run.groups) > _MOST:
        yield Styled(f"  and {counted(len(run.groups) - _MOST, 'further group')}", "faint")


def _changes(run: Results, against: Results) -> Iterator[Styled]:
    """Yield what changed, nothing where all is as it was."""
    for change in changes("", run, against).changes:
        if change.ids:
            named = ", ".join(map(visible, change.ids[:_MOST]))
            more = f", and {len(change.ids) - _MOST} more" if len(change.ids) > _MOST else ""
            style = {"good": "good", "bad": "bad"}.get(change.tone, "")
            text = f"  {change.name} ({change.meaning}), {counted(len(change.ids), 'case')}: "
            yield Styled(f"{text}{named}{more}", style)
