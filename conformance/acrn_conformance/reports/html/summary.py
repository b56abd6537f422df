"""The head of a page: verdicts in words, numbers that add up, and what is missing."""

import shlex
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from acrn_base.text import counted
from acrn_conformance.reports.html.naming import Named
from acrn_conformance.reports.html.run_data import letter
from acrn_conformance.reports.recorded import Results

_WIDE = 1000
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
    """One family of one run; ``text`` says why nothing of it was judged."""

    label: str
    passed: int
    judged: int
    tone: str
    text: str


class MatrixRow(NamedTuple):
    """One family of all runs."""

    family: str
    cells: tuple[Cell, ...]


def summary(run: Named) -> Summary:
    """Return the head of a run."""
    found = run.results
    letters = Counter(map(letter, found.cases))
    letters["-"] += max(0, found.selected - len(found.cases))
    tone, verdict = _verdict(found, letters)
    about = found.implementation.describe
    return Summary(
        run.label,
        f"{about.language}, dialect {found.golden.dialect}" if about else "no description",
        found.golden.dialect,
        tone,
        verdict,
        tuple(_parts(letters)),
        f"{letters.total():,} cases selected, {_judged(letters):,} judged",
        tuple(_notes(found)),
        tuple(_facts(found)),
    )


def matrix(runs: Sequence[Named]) -> tuple[MatrixRow, ...]:
    """Return the families of all runs, in the order in which they are first met."""
    families = dict.fromkeys(case.family for run in runs for case in run.results.cases)
    counts = [Counter((case.family, letter(case)) for case in run.results.cases) for run in runs]
    return tuple(
        MatrixRow(
            family,
            tuple(_cell(run.label, count, family) for run, count in zip(runs, counts, strict=True)),
        )
        for family in families
    )


def _cell(label: str, count: Counter[tuple[str, str]], family: str) -> Cell:
    judged = sum(count[family, each] for each in JUDGED)
    failing = sum(count[family, each] for each in _FAILING)
    text = "not claimed" if count[family, "n"] else "not there"
    tone = "bad" if failing else "good" if judged else "none"
    return Cell(label, count[family, "p"], judged, tone, text)


def _judged(letters: Counter[str]) -> int:
    return sum(letters[each] for each in JUDGED)


def _verdict(found: Results, letters: Counter[str]) -> tuple[str, str]:
    judged, failing = _judged(letters), sum(letters[each] for each in _FAILING)
    told = f"{failing:,} of {judged:,} judged cases {'does' if failing == 1 else 'do'} not pass"
    if found.ended is None:
        return (
            "bad" if failing else "open",
            f"Interrupted: {told if failing else 'none failed so far'}",
        )
    if failing:
        return "bad", f"Fails: {told}"
    if not found.ended.passed:
        return "bad", "Fails: no case does, but see below"
    if found.shard:
        return "good", f"Passes: all {judged:,} judged cases of shard {found.shard}"
    return "good", f"Passes: all {judged:,} judged cases"


def _parts(letters: Counter[str]) -> Iterator[Part]:
    left, total = 0.0, letters.total() or 1
    for kind, name in _NAMES.items():
        if number := letters[kind]:
            width = number / total * _WIDE
            yield Part(kind if kind != "-" else "x", name, number, round(left, 2), round(width, 2))
            left += width


def _notes(found: Results) -> Iterator[str]:
    if found.ended is None:
        judged = counted(len(found.cases), "case")
        yield f"The file ends before the run did: {judged} of {found.selected:,} are in it."
    if found.shard:
        yield f"Shard {found.shard} alone; the cases of the others are not in this run."
    if found.ended:
        yield from found.ended.complaints
        for fault in found.ended.faults:
            times = counted(fault.times, "reply").replace("replys", "replies")
            yield f"Protocol: {fault.message} ({times}; the first: {fault.example})"
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
