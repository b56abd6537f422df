"""The head of a page: verdicts in words, numbers that add up, and what is missing."""

import shlex
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from acrn_base.text import counted
from acrn_conformance.reports import recorded_text
from acrn_conformance.reports.html.naming import Named
from acrn_conformance.reports.html.run_data import letter
from acrn_conformance.reports.recorded import Results

_WIDE = 1000
_LEAST = 8
"""What the part of a kind takes of that at least: one failure in many thousands is seen."""

_NAMES = {
    "p": "passed",
    "f": "failed",
    "e": "in error",
    "t": "timed out",
    "u": "unsupported",
    "k": "known failures",
    "n": "not claimed",
    "-": "not judged",
}
_FAILING = "fetu"
JUDGED = "pfetuk"
"""The letters of cases that have been judged."""


class Part(NamedTuple):
    """Cases of one kind: their number, and their stretch of a bar of 1,000."""

    kind: str
    name: str
    number: int
    left: float
    width: float


class Summary(NamedTuple):
    """A run's head; ``tone`` is ``good``, ``bad`` or ``open``, ``facts`` are its provenance."""

    label: str
    language: str
    dialect: str
    tone: str
    verdict: str
    parts: tuple[Part, ...]
    sum: str
    notes: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]


class Cell(NamedTuple):
    """One family of one run; ``text`` says why nothing of it was judged.

    ``leads``: there are cases of it to look at.
    """

    label: str
    passed: int
    judged: int
    tone: str
    text: str
    leads: bool


class MatrixRow(NamedTuple):
    """One family of all runs."""

    family: str
    cells: tuple[Cell, ...]


def summary(run: Named) -> Summary:
    """Return the head of a run."""
    found = run.results
    letters = Counter[str]()
    for (_, each), number in _tally(found).items():
        letters[each] += number
    if not found.search:
        letters["-"] += max(0, found.selected - len(found.cases))
    told = f"{counted(letters.total(), 'case')} selected, {_judged(letters):,} judged"
    about = found.implementation.describe
    return Summary(
        run.label,
        f"{about.language}, dialect {found.golden.dialect}" if about else "no description",
        found.golden.dialect,
        *_verdict(found, letters),
        tuple(_parts(letters)),
        recorded_text.searched(found.search) if found.search else told,
        tuple(_notes(found)),
        tuple(_facts(found)),
    )


def matrix(runs: Sequence[Named]) -> tuple[MatrixRow, ...]:
    """Return the families of all runs, in the order in which they are first met."""
    counts = [_tally(run.results) for run in runs]
    families = dict.fromkeys(family for count in counts for family, _ in count)
    return tuple(
        MatrixRow(
            family,
            tuple(_cell(run, count, family) for run, count in zip(runs, counts, strict=True)),
        )
        for family in families
    )


def _tally(run: Results) -> Counter[tuple[str, str]]:
    """Count the cases of a run by family and letter; of a search, all that it has asked."""
    count = Counter((case.family, letter(case)) for case in run.cases)
    if run.search:
        failing = Counter(case.family for case in run.cases)
        # Only the exhaustive search tells of more failures than it shows, all of one method.
        more = recorded_text.count(run).failing - len(run.cases)
        for method, asked in run.search.asked.items():
            count[method, "f"] += more
            count[method, "p"] += max(0, asked - failing[method] - more)
    return count


def _cell(run: Named, count: Counter[tuple[str, str]], family: str) -> Cell:
    judged = sum(count[family, each] for each in JUDGED)
    failing = sum(count[family, each] for each in _FAILING)
    text = "not claimed" if count[family, "n"] else "not there"
    tone = "bad" if failing else "good" if judged else "none"
    leads = bool(judged) and any(case.family == family for case in run.results.cases)
    return Cell(run.label, count[family, "p"], judged, tone, text, leads)


def _judged(letters: Counter[str]) -> int:
    return sum(letters[each] for each in JUDGED)


def _verdict(found: Results, letters: Counter[str]) -> tuple[str, str]:
    """Return the tone of a run, and what came of it in words."""
    judged, failing = _judged(letters), sum(letters[each] for each in _FAILING)
    what = "requests" if found.search else "judged cases"
    told = f"{failing:,} of {judged:,} {what} {'does' if failing == 1 else 'do'} not pass"
    if found.ended is None:
        return (
            "bad" if failing else "open",
            f"Interrupted: {told if failing else 'none failed so far'}",
        )
    if failing:
        return "bad", f"Fails: {told}"
    if not recorded_text.passes(found):
        return "bad", "Fails: no case does, but see below"
    if found.search:
        return "good", f"Passes: nothing found in {judged:,} requests"
    if found.shard:
        return "good", f"Passes: all {judged:,} judged cases of shard {found.shard}"
    return "good", f"Passes: all {judged:,} judged cases"


def _parts(letters: Counter[str]) -> Iterator[Part]:
    there = {kind: letters[kind] for kind in _NAMES if letters[kind]}
    left, shared = 0.0, _WIDE - _LEAST * len(there)
    for kind, number in there.items():
        width = _LEAST + number / letters.total() * shared
        place = round(left, 2), round(width, 2)
        yield Part(kind if kind != "-" else "x", _NAMES[kind], number, *place)
        left += width


def _notes(found: Results) -> Iterator[str]:
    if found.ended is None and not found.search:
        judged = counted(len(found.cases), "case")
        yield f"The file ends before the run did: {judged} of {found.selected:,} are in it."
    if found.ended is None and found.search:
        yield "The search did not come to its end: what is here was found by then."
    if found.shard:
        yield f"Shard {found.shard} alone; the cases of the others are not in this run."
    if found.search:
        yield from found.search.coverage
    if found.ended:
        yield from found.ended.complaints
    if not found.implementation.tolerates_protocol_faults:
        yield from (f"Protocol broken: {recorded_text.told(fault)}" for fault in found.faults)
    yield from recorded_text.tolerated(found)
    if found.ended:
        yield from found.ended.remarks


def _facts(found: Results) -> Iterator[tuple[str, str]]:
    """Yield where a run comes from, as pairs of a label and a text."""
    tested, machine = found.implementation, found.machine
    if tested.describe:
        about = tested.describe
        yield "Implementation", f"{about.name} {about.version} ({about.language})"
        yield "Methods claimed", ", ".join(about.methods)
    yield "Command", shlex.join(tested.command)
    yield "How it was asked", f"{tested.mode} mode, {tested.jobs} at a time, {tested.timeout:g} s"
    if found.search:
        yield "Searched", recorded_text.searched(found.search)
        asked = ", ".join(f"{name} {times:,}" for name, times in found.search.asked.items())
        yield "Requests", asked or "not known"
    if tested.tolerates_protocol_faults:
        yield "Faults of the protocol", "tolerated (--tolerate-protocol-faults)"
    yield "Suite", f"{found.suite.name} {found.suite.version}"
    yield "Golden files", f"{found.golden.version}, SHA-256 {found.golden.sha256}"
    yield "Dialect", found.golden.dialect
    yield "Machine", f"{machine.system} {machine.release}, {machine.architecture}"
    yield "Python", f"{machine.python}; {counted(machine.processors, 'processor')}"
    yield "Started", found.started
    if found.ended:
        yield "Took", f"{found.ended.seconds:.2f} s"
        for ending, times in found.ended.endings.items():
            yield "Processes ended", f"{ending}: {times}"
