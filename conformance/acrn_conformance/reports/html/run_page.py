"""The page of runs: what fails and why first, then everything, to be looked through."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import msgspec

from acrn_base.diff import DiffLine, diff
from acrn_base.text import counted
from acrn_conformance.implementation import Result
from acrn_conformance.reports import failure_text, merging
from acrn_conformance.reports.changes import Changes, alike, changes
from acrn_conformance.reports.html.naming import Named, named
from acrn_conformance.reports.html.pool import argv
from acrn_conformance.reports.html.run_data import page_data
from acrn_conformance.reports.html.summary import MatrixRow, Summary, matrix, summary
from acrn_conformance.reports.html.templating import rendered
from acrn_conformance.reports.recorded import CaseResult, Results

_MOST = 8
"""Groups that are shown at once."""

_GROUPS = 60
"""Groups of a run that have a card at all."""

_LINES = 16
"""Lines of the difference on a card."""

_SCRIPTS = ("page.js", "differences.js", "slots.js", "detail.js", "cases.js")


class GroupView(NamedTuple):
    """Cases of a run that fail alike; of the first of them are the last three fields."""

    label: str
    number: int
    rule: str
    rule_text: str
    source: str
    where: str
    text: str
    size: str
    ids: tuple[str, ...]
    diff: tuple[DiffLine, ...]
    state: tuple[str, ...]
    again: str


class RunsView(NamedTuple):
    """All that the template shows; ``most`` groups at once.

    ``left_out``: how many groups have no card. ``missing``: sentences on what is.
    ``searches``: there are no others. ``cases``: there are some to look at.
    """

    title: str
    headline: str
    tone: str
    lead: str
    missing: tuple[str, ...]
    searches: bool
    cases: bool
    runs: tuple[Summary, ...]
    changes: tuple[Changes, ...]
    changes_lead: str
    groups: tuple[GroupView, ...]
    most: int
    left_out: int
    matrix: tuple[MatrixRow, ...]
    files: tuple[str, ...]


def page(
    results: Sequence[Results],
    against: Results | None = None,
    files: Sequence[str] = (),
    missing: Sequence[str] = (),
) -> str:
    """Return one self-contained HTML document that shows runs, and what changed since another.

    ``files``: the names of those that the results come from. ``missing``: sentences on results
    that are not there. Raises TemplatesMissingError.
    """
    left = (*missing, *merging.missing_shards(results))
    data = msgspec.json.encode(page_data(named(results))).decode()
    return rendered(
        "run.html", _SCRIPTS, data, {"view": _view(results, against, tuple(files), left)}
    )


def _view(
    results: Sequence[Results],
    against: Results | None,
    files: tuple[str, ...],
    missing: tuple[str, ...],
) -> RunsView:
    runs = named(results)
    heads = tuple(map(summary, runs))
    groups = tuple(group for run in runs for group in _groups(run))
    headline, tone = _headline(heads)
    return RunsView(
        title=f"{headline} - acrn-conformance",
        headline=headline,
        tone=tone,
        lead=_lead(runs),
        missing=missing,
        searches=all(run.search for run in results),
        cases=any(run.cases for run in results),
        runs=heads,
        changes=tuple(_changes(runs, against)) if against else (),
        changes_lead=f"Since {_said(against)}." if against else "",
        groups=groups,
        most=_MOST,
        left_out=sum(len(run.groups) for run in results) - len(groups),
        matrix=matrix(runs),
        files=files,
    )


def _changes(runs: Sequence[Named], against: Results) -> Iterator[Changes]:
    for run in runs:
        if alike(run.results, against):
            yield changes(run.label, run.results, against)


def _headline(heads: Sequence[Summary]) -> tuple[str, str]:
    if len(heads) == 1:
        return f"{heads[0].label}: {heads[0].verdict}", heads[0].tone
    passing = sum(head.tone == "good" for head in heads)
    tone = "good" if passing == len(heads) else "bad"
    return f"{passing} of {len(heads)} runs pass", tone


def _lead(runs: Sequence[Named]) -> str:
    goldens = dict.fromkeys(
        f"golden files {run.results.golden.version} ({run.results.golden.sha256[:8]})"
        for run in runs
    )
    dialects = dict.fromkeys(run.results.golden.dialect for run in runs)
    started = min((run.results.started for run in runs), default="")
    how = []
    if not all(run.results.search for run in runs):
        how.append(f"Judged case by case against {', '.join(goldens)}")
    if any(run.results.search for run in runs):
        how.append("Searched for requests that are answered otherwise than by the reference")
    return f"{'. '.join(how)}, in {', '.join(dialects)}; started {started}."


def _said(run: Results) -> str:
    about = run.implementation.describe
    name = f"{about.name} {about.version}" if about else "a run without a description"
    return f"{name}, started {run.started}"


def _groups(run: Named) -> Iterator[GroupView]:
    by_id = {case.id: case for case in run.results.cases}
    for number, group in enumerate(run.results.groups[:_GROUPS]):
        rule = run.results.rules.get(group.rule)
        first = by_id[group.cases[0]]
        yield GroupView(
            run.label,
            number,
            group.rule,
            rule.text if rule else "",
            rule.source if rule else "",
            group.where,
            group.text,
            counted(len(group.cases), "case"),
            group.cases,
            tuple(islice(_diff(first, run.results.golden.dialect), _LINES)),
            tuple(failure_text.state(first)),
            first.again,
        )


def _diff(case: CaseResult, dialect: str) -> Iterator[DiffLine]:
    """Yield the token diff of a case, nothing where there are no two argvs."""
    if case.expected and isinstance(case.got, Result):
        expected = argv(case.expected[0].result, case.method, dialect)
        got = argv(case.got.value, case.method, dialect)
        if expected is not None and got is not None:
            yield from diff(expected, got, around=1)
