"""The results file: a run as JSON, for machines (schema: golden/schema/results.schema.json)."""

import os
from datetime import UTC, datetime
from typing import IO, Literal

import msgspec

from acrn_base.files import item_a_line
from acrn_conformance import __version__
from acrn_conformance.cases import Answer, Description, Golden, Level
from acrn_conformance.implementation import Mode, Outcome
from acrn_conformance.judging import Mark, Run, Verdict
from acrn_conformance.reports import verdict_text


class Suite(msgspec.Struct, frozen=True):
    """Which suite judged."""

    name: Literal["acrn-conformance"]
    version: str


class GoldenUsed(msgspec.Struct, frozen=True):
    """Which goldens it judged against, in which dialect."""

    version: str
    sha256: str
    dialect: str


class Implementation(msgspec.Struct, frozen=True):
    """Who was judged, and how; ``describe`` is null where it was not answered as it must be."""

    command: tuple[str, ...]
    mode: Mode
    jobs: int
    timeout: float
    describe: Description | None


class CaseResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """One case's verdict; ``expected`` and ``got`` only where it did not pass.

    ``seconds``: how long the implementation had for it alone. ``excused``: the method is neither
    claimed nor required. ``known_failure``: the reason on record.
    """

    id: str
    family: str
    method: str
    level: Level
    rule: str
    verdict: Mark
    message: str = ""
    seconds: float = 0.0
    excused: bool = False
    known_failure: str = ""
    expected: tuple[Answer, ...] = ()
    got: Outcome | None = None


class Results(msgspec.Struct, frozen=True):
    """A whole run; times in seconds, ``started`` as ISO 8601 in UTC."""

    format: Literal[1]
    suite: Suite
    golden: GoldenUsed
    implementation: Implementation
    started: str
    seconds: float
    passed: bool
    summary: dict[Mark, int]
    excused: int
    not_judged: int
    complaints: tuple[str, ...]
    remarks: tuple[str, ...]
    endings: dict[str, int]
    cases: tuple[CaseResult, ...]


def results(golden: Golden, run: Run) -> Results:
    """Put a run into the form of the file."""
    family_of = {case.id: family.name for family in golden.families for case in family.cases}
    settings = run.settings
    return Results(
        format=1,
        suite=Suite("acrn-conformance", __version__),
        golden=GoldenUsed(golden.version, golden.sha256, run.dialect),
        implementation=Implementation(
            _printable(settings.command),
            settings.mode,
            settings.jobs,
            settings.timeout,
            run.description,
        ),
        started=datetime.fromtimestamp(run.started, UTC).isoformat(timespec="milliseconds"),
        seconds=round(run.seconds, 6),
        passed=run.passed,
        summary={mark: sum(verdict.mark is mark for verdict in run.judged) for mark in Mark},
        excused=len(run.verdicts) - len(run.judged),
        not_judged=run.not_judged,
        complaints=run.complaints,
        remarks=run.remarks,
        endings=run.endings,
        cases=tuple(_case(verdict, family_of[verdict.case.id]) for verdict in run.verdicts),
    )


def _printable(command: tuple[str, ...]) -> tuple[str, ...]:
    """Return a command whose bytes need not be UTF-8 as text that is."""
    return tuple(os.fsencode(word).decode("utf-8", "backslashreplace") for word in command)


def _case(verdict: Verdict, family: str) -> CaseResult:
    case, passed = verdict.case, verdict.mark is Mark.PASS
    return CaseResult(
        id=case.id,
        family=family,
        method=case.request.method,
        level=case.level,
        rule=case.rule,
        verdict=verdict.mark,
        message=verdict_text.message(verdict),
        seconds=round(verdict.seconds, 6),
        excused=verdict.excused,
        known_failure=verdict.known,
        expected=() if passed else case.accepted,
        got=None if passed else verdict.outcome,
    )


def write(file: IO[bytes], found: Results) -> None:
    """Write the results, one case a line. Raises OSError."""
    file.write(item_a_line(found))
