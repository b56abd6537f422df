"""Recorded runs as Markdown, short enough for the summary of a CI's job."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from acrn_base.text import counted, printable
from acrn_conformance.reports import merging, recorded_text
from acrn_conformance.reports.changes import alike, changes
from acrn_conformance.reports.recorded import GroupResult, Results

LIMIT: Final = 1_000_000
"""Bytes that a page never exceeds: GitHub drops a summary of more than 1 MiB as a whole."""

_NAMED: Final = 50
"""Cases of a group that are named."""

_ROOM: Final = 200
"""Bytes kept for the sentence that says what is left out."""


def page(
    runs: Sequence[Results], against: Results | None = None, missing: Sequence[str] = ()
) -> str:
    """Return the page: what came of each run, what changed in it, the groups of failing cases.

    ``against``: an older run. ``missing``: sentences on results that are not there. Whatever an
    implementation says stays text. Of what is too long the end is left out, and the last sentence
    says how much.
    """
    blocks = [_table(runs), *_notes(runs, missing)]
    if against:
        blocks += [text for run in runs if alike(run, against) for text in _changes(run, against)]
    blocks += [text for run in runs for text in _groups(run)]
    kept, size = list[str](), 0
    for block in blocks:
        size += len(block.encode()) + 2
        if size > LIMIT - _ROOM:
            left = counted(len(blocks) - len(kept), "part")
            kept.append(f"{left} of this report left out: a summary takes no more.")
            break
        kept.append(block)
    return "\n\n".join(kept) + "\n"


def _table(runs: Sequence[Results]) -> str:
    lines = [
        "| implementation | dialect | judged | passed | failing | known failures | result |",
        "|---|---|---:|---:|---:|---:|---|",
    ]
    for run in runs:
        number = recorded_text.count(run)
        result = "passes" if recorded_text.passes(run) else "fails"
        if run.ended is None:
            result = "interrupted"
        cells = (
            _text(recorded_text.name(run) + recorded_text.manner(run)),
            _text(run.golden.dialect),
            *(f"{each:,}" for each in number),
            result,
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _notes(runs: Sequence[Results], missing: Sequence[str]) -> Iterator[str]:
    """Yield what there is to know of runs beyond their cases, as items of a list."""
    for text in (*missing, *merging.missing_shards(runs)):
        yield f"- {_text(text)}"
    for run in runs:
        troubles = (trouble.text for trouble in recorded_text.troubles(run))
        search = [recorded_text.searched(run.search)] if run.search else []
        remarks = (f"note: {text}" for text in (run.ended.remarks if run.ended else ()))
        for text in (*search, *troubles, *recorded_text.tolerated(run), *remarks):
            yield f"- {_text(recorded_text.name(run))}: {_text(text)}"


def _changes(run: Results, against: Results) -> Iterator[str]:
    """Yield what changed in a run: a line a kind of change, and the cases of each that has any."""
    found = changes(recorded_text.name(run), run, against)
    head = f"### {_text(found.label)}, since {_text(against.started)}"
    rows = [f"| {each.name} | {len(each.ids):,} | {each.meaning} |" for each in found.changes]
    yield "\n".join((f"{head}\n", "| change | cases | |", "|---|---:|---|", *rows))
    yield from (_ids(each.name, each.ids) for each in found.changes if each.ids)


def _groups(run: Results) -> Iterator[str]:
    """Yield a part a group: what its cases have in common, their ids, the first of them in full."""
    by_id = {case.id: case for case in run.cases}
    for group in run.groups:
        yield _heading(run, group)
        if first := next((by_id[name] for name in group.cases if name in by_id), None):
            yield _fenced(f"{first.id}: {first.title}\n{recorded_text.failure(run, first)}")
        yield _ids("cases", group.cases)


def _heading(run: Results, group: GroupResult) -> str:
    rule = run.rules.get(group.rule)
    told = f"{rule.text} ({rule.source})" if rule else ""
    common = _text(": ".join(filter(None, (group.rule, group.text))))
    number = counted(len(group.cases), "case")
    return f"### {common}\n\n{number}. {_text(told)}".rstrip()


def _ids(what: str, ids: Sequence[str]) -> str:
    listed = ", ".join(map(_text, ids[:_NAMED]))
    more = len(ids) - _NAMED
    rest = f" and {more:,} more" if more > 0 else ""
    return f"<details><summary>{what}</summary>\n\n{listed}{rest}\n\n</details>"


def _text(text: str) -> str:
    """Return text that Markdown takes for nothing else, on one line."""
    safe = printable(text)
    return re.sub(r"[!-+/:-@\[-`{-~]", lambda found: f"&#{ord(found[0])};", safe)


def _fenced(text: str) -> str:
    """Return lines in a fence that is longer than any within them."""
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    lines = "\n".join(map(printable, text.split("\n")))
    return f"{fence}text\n{lines}\n{fence}"
