"""Annotations of GitHub Actions: workflow commands among the lines of a step's log."""

import os
import secrets
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Final

from acrn_base.text import counted, excerpt, printable
from acrn_cmdline.lint import Finding, Judgement, ranges
from acrn_cmdline.source import Argv, Place
from acrn_conformance.reports import recorded_text
from acrn_conformance.reports.for_ci import LONGEST, Hear, Level, below, level
from acrn_conformance.reports.recorded import Results

MOST: Final = 10
"""Annotations of a kind that GitHub shows of a step; it drops the others without a word."""

_KINDS: Final[Mapping[Level, str]] = {
    Level.ERROR: "error",
    Level.WARNING: "warning",
    Level.NOTE: "notice",
}


@contextmanager
def annotating(files: Collection[str]) -> Iterator[Hear]:
    """Print annotations of what is handed in, behind all that is printed in the context.

    That cannot give GitHub commands of its own, whatever an argv holds. ``files`` are the paths
    under which places are in files.
    """
    annotations = _Annotations(files)
    try:
        with unheard():
            yield annotations.hear
    finally:
        for line in annotations.lines():
            print(line)


@contextmanager
def unheard() -> Iterator[None]:
    """See to it that what is printed in the context gives GitHub no commands."""
    token = secrets.token_hex(16)
    print(f"::stop-commands::{token}")
    try:
        yield
    finally:
        print(f"::{token}::")


def of_run(run: Results) -> Iterator[str]:
    """Yield an annotation for each thing that speaks against a run, no more than GitHub shows."""
    every = [*_troubles(run), *_groups(run)]
    shown = every if len(every) <= MOST else every[: MOST - 1]
    yield from shown
    if left := len(every) - len(shown):
        text = f"and {left:,} more; --html FILE has them all"
        yield _command("error", {"title": "acrn-conformance"}, text)


def _troubles(run: Results) -> Iterator[str]:
    for trouble in recorded_text.troubles(run):
        title = f"acrn-conformance {run.golden.dialect} {trouble.kind}"
        yield _command("error", {"title": printable(title)}, excerpt(trouble.text, LONGEST))


def _groups(run: Results) -> Iterator[str]:
    for group in run.groups:
        cases = f"{counted(len(group.cases), 'case')}; the first: {group.cases[0]}"
        rule = run.rules.get(group.rule)
        told = f"\nrule: {rule.text} ({rule.source})" if rule else ""
        text = f"{excerpt(group.text, LONGEST)}: {excerpt(cases, LONGEST)}{told}"
        title = " ".join(filter(None, ("acrn-conformance", run.golden.dialect, group.rule)))
        yield _command("error", {"title": printable(title)}, text)


class _Annotations:
    """The first annotations of each level, and how many there would be."""

    def __init__(self, files: Collection[str]) -> None:
        self._files = files
        self._root = Path(os.environ.get("GITHUB_WORKSPACE") or Path.cwd())
        self._first: dict[Level, list[str]] = {each: [] for each in Level}
        self._number: Counter[Level] = Counter()

    def hear(self, source: Argv, judgement: Judgement) -> None:
        """Take note of what was found in an argv."""
        for finding in judgement.findings:
            loudness = level(finding.severity)
            self._number[loudness] += 1
            if self._number[loudness] <= MOST:
                self._first[loudness].append(self._line(source, finding))

    def lines(self) -> Iterator[str]:
        """Yield no more than GitHub shows; the last says what is left out."""
        for each, lines in self._first.items():
            number = self._number[each]
            if number <= MOST:
                yield from lines
            else:
                yield from islice(lines, MOST - 1)
                more = counted(number - MOST + 1, _KINDS[each])
                text = f"and {more} more than GitHub shows; --sarif FILE has them all"
                yield _command(_KINDS[each], {"title": "acrn-conformance lint"}, text)

    def _line(self, source: Argv, finding: Finding) -> str:
        title = f"{finding.severity} {finding.rule} ({ranges(finding.releases)})"
        text = f"{excerpt(finding.message, LONGEST)}\nfact: {finding.fact}\n"
        text += f"remedy: {finding.remedy}"
        where = self._where(source.place(finding.token))
        return _command(_KINDS[level(finding.severity)], {**where, "title": title}, text)

    def _where(self, place: Place) -> dict[str, str]:
        """Return the properties that name a place in a file, none where it is in no file."""
        if place.file not in self._files:
            return {}
        file = below(place.file, self._root) or Path(place.file).absolute()
        known = {"line": place.line, "col": place.column}
        numbers = {name: str(number) for name, number in known.items() if number is not None}
        return {"file": printable(str(file)), **numbers}


def _command(name: str, properties: Mapping[str, str], text: str) -> str:
    """Return a workflow command; GitHub undoes the escapes."""
    given = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {given}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
