"""The model of acrn-dm against the verdicts of 21 real releases, and how far it agrees."""

import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from acrn_dm import RECORDING, RELEASES, Command, Fault, parse

pytestmark = pytest.mark.unmeasured

ACCEPTED_ALIKE: Final = 0.998
STAGE_ALIKE: Final = 0.995
MESSAGE_ALIKE: Final = 0.985
"""Shares of the rows, release by release."""


class Row(NamedTuple):
    """An argv with what one release said of it, and what the model says."""

    number: int
    stage: str
    exit: int | None
    message: str
    model: Command | Fault

    @property
    def accepted(self) -> bool:
        return self.stage in {"ok", "load"}

    @property
    def ended(self) -> bool:
        """Whether acrn-dm came to an end of its own: no crash, and not killed for going on."""
        return self.stage != "crash" and self.exit is not None


@cache
def entries(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


@pytest.fixture(scope="module", params=RELEASES)
def judged(request: pytest.FixtureRequest, recordings: Path) -> list[Row]:
    """Return the rows of one release that ended by themselves, each judged once for all tests."""
    release = request.param
    found = []
    for number, entry in enumerate(entries(recordings / "dm-acceptance-2.jsonl.gz"), 1):
        said = entry["dm"][release]
        model = parse(entry["argv"], release, RECORDING)
        found.append(Row(number, said["stage"], said["exit"], said["message"], model))
    return [row for row in found if row.ended]


def share(wrong: list[Any], of: list[Row]) -> float:
    assert len(of) > 1400
    return 1 - len(wrong) / len(of)


def whole(found: list[Row]) -> list[Row]:
    """Leave out the rows whose message may have been cut when it was recorded."""
    return [row for row in found if len(row.message) < 200]


def seen(verdict: Command | Fault) -> tuple[str, int]:
    """Return a verdict as the recordings put it: stage (``ok``, ``crash``) and exit status."""
    if isinstance(verdict, Command):
        return "ok", 0
    return "crash" if verdict.crash else str(verdict.stage), verdict.exit


def test_the_model_accepts_what_the_release_accepted(judged: list[Row]) -> None:
    """Whether an argv is taken agrees on nearly every recorded row that ended by itself."""
    wrong = [row.number for row in judged if row.model.accepted != row.accepted]
    assert share(wrong, judged) >= ACCEPTED_ALIKE, wrong


def test_the_model_refuses_at_the_stage_and_with_the_status(judged: list[Row]) -> None:
    """So do the stage at which it is refused, and the exit status."""
    wrong = [row.number for row in judged if seen(row.model) != (row.stage, row.exit)]
    assert share(wrong, judged) >= STAGE_ALIKE, wrong


def test_the_model_says_what_the_release_said(judged: list[Row]) -> None:
    """A message is part of what was printed, and where a fault has none, little was."""
    found = whole(judged)
    wrong = [
        (row.number, row.model.message, row.message)
        for row in found
        if isinstance(row.model, Fault) and row.model.message not in row.message
    ]
    assert share(wrong, found) >= MESSAGE_ALIKE, wrong


def test_usage_is_printed_where_the_release_printed_it(judged: list[Row]) -> None:
    """The usage text goes with the same faults as recorded."""
    found = whole(judged)
    wrong = [
        row.number
        for row in found
        if (isinstance(row.model, Fault) and row.model.usage) != ("[usage]" in row.message)
    ]
    assert share(wrong, found) >= STAGE_ALIKE, wrong


def test_launch_lines_found_in_the_wild_are_judged_alike(recordings: Path) -> None:
    """Scripts and documents of several releases: acceptance agrees on each recorded line."""
    wrong = []
    lines = (recordings / "launch-lines-2.jsonl").read_text(encoding="utf-8").split("\n")
    for number, line in enumerate(filter(None, lines), 1):
        entry = json.loads(line)
        for release, verdict in entry["dm"].items():
            accepted = parse(entry["argv"], release, RECORDING).accepted
            ended = verdict["stage"] != "crash" and verdict["exit"] is not None
            if ended and accepted != (verdict["stage"] in {"ok", "load"}):
                wrong.append((number, release))
    assert wrong == []
