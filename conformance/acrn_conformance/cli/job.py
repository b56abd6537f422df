"""The job of ``run``: what its options ask for, from reading the goldens to the reports."""

import argparse
import functools
import itertools
import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import msgspec

from acrn_base import places
from acrn_base.files import whole_file
from acrn_base.text import counted, visible
from acrn_conformance.cases import Case, Golden, KnownFailuresError, Rule, known
from acrn_conformance.cli import choice, dialects, implementation, output, report_options
from acrn_conformance.cli.fault import InputError
from acrn_conformance.cli.task import Task, judge_all
from acrn_conformance.implementation import Pool, Settings
from acrn_conformance.judging import (
    Demands,
    Run,
    RunEvent,
    Verdict,
    complaints,
    examined,
    relisted,
)
from acrn_conformance.reports import recorded, results, results_file, run_text, terminal

_MOST_NAMED = 20
"""Cases of a sequence that a command names."""


class Job(NamedTuple):
    """The task of a run, and what is to be told of it; ``before``: the failures that are listed."""

    options: argparse.Namespace
    golden: Golden
    rules: dict[str, Rule]
    before: dict[str, str]
    path: Path | None
    task: Task

    def judge(self, pool: Pool[Case | None], log: list[RunEvent], stack: ExitStack) -> None:
        """Add the events of the run to the log. Raises StartError and InputError."""
        path = None if output.is_stdout(self.path) else self.path
        judge_all(self.task, pool, path, log, stack)

    def whole(self, log: Sequence[RunEvent], check: Callable[[], None]) -> Run:
        """Return the run that is over, its failing cases looked at once more.

        ``check`` is called about every second, and may raise.
        """
        run = self.task.folded(log)
        if not any(verdict.failing for verdict in run.verdicts):
            return run
        asked, cores = itertools.count(1), len(os.sched_getaffinity(0))
        with terminal.counter("asking again") as tell:
            return examined(run, cores, check, lambda: tell(next(asked)))

    def cut(self, log: Sequence[RunEvent]) -> Run:
        """Return the run that a signal has ended."""
        return msgspec.structs.replace(self.task.folded(log), interrupted=True)

    def told(self, found: Run, signalled: int | None) -> int:
        """Tell of a run in all ways that are asked for; return the exit status."""
        options, task = self.options, self.task
        excuses, earlier = task.demands.known, task.earlier
        stale = complaints(excuses, found.verdicts, {c.id for c in self.golden.cases()})
        kept = [f"{counted(len(earlier.cases), 'verdict')} of the earlier run"] if earlier else []
        found = msgspec.structs.replace(
            found, complaints=(*found.complaints, *stale), remarks=(*kept, *found.remarks)
        )
        status = 128 + signalled if signalled else int(not found.passed)
        try:
            if not output.is_stdout(options.json):
                # First what has been found: a disk that is full must not take it away.
                again = functools.partial(_again, options)
                lines = run_text.whole(
                    self.golden, self.rules, found, again, everything=options.all
                )
                report_options.show(options, lines, lambda: [self._results(found)])
        finally:
            # Also where nobody reads the report to its end.
            if options.write_known_failures:
                listed = relisted(excuses | self.before, found.verdicts)
                _write_known(options.write_known_failures, listed)
            if self.path or report_options.wanted(options):
                option, whole = _option(options), self._results(found)
                status = report_options.finish(options, self.path, option, whole) or status
        return status

    def _results(self, found: Run) -> recorded.Results:
        return self.task.recorder.whole(found, self.task.cases)


def of(options: argparse.Namespace, settings: Settings) -> Job:
    """Return the job that the options ask for. Raises InputError."""
    golden, rules = choice.load(options.cases)
    cases = choice.chosen(options, golden)
    excuses = _known(options.known_failures)
    listed: Path | None = options.write_known_failures
    before = _known(listed) if listed and listed.exists() else {}
    again = functools.partial(_again, options)
    shard = str(options.shard) if options.shard else None
    tolerates: bool = options.tolerate_protocol_faults
    recorder = results.Recorder(golden, rules, settings, again, shard, tolerates=tolerates)
    path, earlier = _kept(options, golden, shard)
    task = Task(
        cases[options.shard.part - 1 :: options.shard.parts] if options.shard else cases,
        settings,
        _demands(options, excuses),
        dialects.named(options),
        recorder,
        earlier,
    )
    return Job(options, golden, rules, before, path, task)


def _demands(options: argparse.Namespace, excuses: dict[str, str]) -> Demands:
    return Demands(
        frozenset(options.require), excuses, options.fail_fast, options.tolerate_protocol_faults
    )


def _kept(
    options: argparse.Namespace, golden: Golden, shard: str | None
) -> tuple[Path | None, recorded.Results | None]:
    """Return the results file of this run, and what an earlier run has left there to go on from."""
    path: Path | None = options.resume or options.json
    if options.resume and options.json:
        raise InputError("--resume writes to the file that it reads; leave out --json")
    if not output.is_stdout(path):
        places.check(path, _option(options))
    report_options.check(options)
    if not (options.resume and options.resume.exists()):
        return path, None
    try:
        earlier = results_file.read(options.resume)
    except results_file.ResultsError as error:
        raise InputError(visible(f"--resume: {error}")) from None
    if earlier.search:
        raise InputError("--resume: the results are those of a search; give those of a run")
    if (earlier.golden.sha256, earlier.shard) != (golden.sha256, shard):
        raise InputError(
            "--resume: the results are of other cases (golden files, --cases or --shard); "
            "give the same, or judge anew with --json"
        )
    return path, earlier


def _option(options: argparse.Namespace) -> str:
    """Return the option that names the results file."""
    return "--resume" if options.resume else "--json"


def _again(options: argparse.Namespace, verdict: Verdict) -> str:
    """Return the one command that judges a case again, behind those that it takes to fail.

    That is all of them where they are not known, or too many to name.
    """
    ids = verdict.leak or (verdict.case.id,)
    known = not verdict.leak or 1 < len(ids) <= _MOST_NAMED
    chosen = choice.exactly(ids) if known and not verdict.by_chance else choice.again(options)
    return implementation.again(options, *_cases(options), *chosen)


def _cases(options: argparse.Namespace) -> list[str]:
    return ["--cases", str(options.cases)] if options.cases else []


def _known(path: Path | None) -> dict[str, str]:
    try:
        return known.read(path) if path else {}
    except KnownFailuresError as error:
        raise InputError(str(error)) from None


def _write_known(path: Path, listed: dict[str, str]) -> None:
    try:
        with whole_file(path) as file:
            file.write(known.written(listed).encode())
    except OSError as error:
        raise InputError(
            f"--write-known-failures {visible(str(path))}: {error.strerror}; name a file to write"
        ) from None
