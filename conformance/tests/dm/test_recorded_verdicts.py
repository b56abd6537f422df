"""The model of acrn-dm against the verdicts of twelve real releases."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from acrn_dm import RECORDING, RELEASES, Command, Fault, parse, read


class Row(NamedTuple):
    """An argv with what one release said of it."""

    number: int
    argv: list[str]
    stage: str
    exit: int
    message: str

    @property
    def accepted(self) -> bool:
        return self.stage in {"ok", "load"}


def rows(recordings: Path, release: str) -> Iterator[Row]:
    with gzip.open(recordings / "dm-acceptance.jsonl.gz", "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            entry: dict[str, Any] = json.loads(line)
            verdict = entry["dm"][release]
            yield Row(number, entry["argv"], verdict["stage"], verdict["exit"], verdict["message"])


def whole(found: Iterator[Row]) -> Iterator[Row]:
    """Leave out the rows whose message was cut when it was recorded, at 200 characters."""
    return (row for row in found if len(row.message) < 200)


def said_besides(argv: list[str], release: str) -> list[str]:
    """Return what acrn-dm printed of options that are no fault."""
    return [notice.message for notice in read(argv, release, RECORDING).command.notices]


def seen(verdict: Command | Fault) -> tuple[str, int]:
    """Return a verdict as the recordings put it: stage (``ok``, ``crash``) and exit status."""
    if isinstance(verdict, Command):
        return "ok", 0
    return "crash" if verdict.crash else str(verdict.stage), verdict.exit


@pytest.mark.parametrize("release", RELEASES)
def test_the_model_accepts_what_the_release_accepted(recordings: Path, release: str) -> None:
    """Acceptance agrees on every recorded argv, but for those on which acrn-dm crashed."""
    judged = [row for row in rows(recordings, release) if row.stage != "crash"]
    assert len(judged) > 650
    wrong = [
        row.number for row in judged if parse(row.argv, release, RECORDING).accepted != row.accepted
    ]
    assert wrong == []


@pytest.mark.parametrize("release", RELEASES)
def test_the_model_refuses_at_the_stage_and_with_the_status(recordings: Path, release: str) -> None:
    """Stage and exit status agree on every recorded argv, crashes and their signals included."""
    wrong = [
        row.number
        for row in rows(recordings, release)
        if seen(parse(row.argv, release, RECORDING)) != (row.stage, row.exit)
    ]
    assert wrong == []


@pytest.mark.parametrize("release", RELEASES)
def test_the_model_says_what_the_release_said(recordings: Path, release: str) -> None:
    """A message is part of what was printed, and where a fault has none, little was."""
    wrong = []
    for row in whole(rows(recordings, release)):
        verdict = parse(row.argv, release, RECORDING)
        if isinstance(verdict, Fault):
            last = row.message.split(" | ")[-1]
            silent = last in {"", "[usage]", *said_besides(row.argv, release)} or verdict.accepted
            if verdict.message not in row.message or (not verdict.message and not silent):
                wrong.append((row.number, verdict.message, row.message))
    assert wrong == []


@pytest.mark.parametrize("release", RELEASES)
def test_usage_is_printed_where_the_release_printed_it(recordings: Path, release: str) -> None:
    """The usage text goes with the same faults as recorded."""
    wrong = []
    for row in whole(rows(recordings, release)):
        verdict = parse(row.argv, release, RECORDING)
        usage = isinstance(verdict, Fault) and verdict.usage
        if usage != ("[usage]" in row.message):
            wrong.append(row.number)
    assert wrong == []


@pytest.mark.parametrize("release", RELEASES)
def test_launch_lines_found_in_the_wild_are_judged_alike(recordings: Path, release: str) -> None:
    """Scripts and documents of several releases: acceptance agrees on each line."""
    wrong = []
    lines = (recordings / "launch-lines.jsonl").read_text(encoding="utf-8").split("\n")
    for number, line in enumerate(filter(None, lines), 1):
        entry = json.loads(line)
        stage = entry["dm"][release]["stage"]
        accepted = parse(entry["argv"], release, RECORDING).accepted
        if stage != "crash" and accepted != (stage in {"ok", "load"}):
            wrong.append(number)
    assert wrong == []
