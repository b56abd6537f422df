"""A run as it goes on: the bar and the results file hear what happens, a signal ends it early."""

import os
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path
from typing import NamedTuple

import msgspec

from acrn_base.orphans import adopting_orphans
from acrn_base.signals import Interrupted, noted_signals
from acrn_base.starting import StartError
from acrn_base.text import visible
from acrn_conformance.cases import DIALECTS, Case, Dialect
from acrn_conformance.cli import choice
from acrn_conformance.cli.fault import InputError
from acrn_conformance.implementation import ProtocolFault, Result, Settings, Trace, added
from acrn_conformance.judging import (
    ALL,
    CannotStartError,
    Demands,
    Described,
    Faulted,
    Judged,
    Mark,
    Run,
    RunEvent,
    Verdict,
    Withdrawn,
    examined,
    folded,
    judge,
    run,
)
from acrn_conformance.reports import recorded, results, results_file, terminal


class Task(NamedTuple):
    """All that a run is to do; ``earlier`` are the results that it goes on from."""

    cases: tuple[Case, ...]
    settings: Settings
    demands: Demands
    dialect: Dialect | None
    trace: Trace | None
    earlier: recorded.Results | None

    @property
    def faults(self) -> tuple[ProtocolFault, ...]:
        """Return what the earlier run has met that breaks the contract of the wire."""
        return self.earlier.faults if self.earlier else ()


class Outcome(NamedTuple):
    """A run, and the signal that ended it early, if one did."""

    run: Run
    signal: int | None


def judged(task: Task, recorder: results.Recorder, path: Path | None) -> Outcome:
    """Run, and let ``path`` grow with the verdicts. Raises InputError.

    A signal that comes before the implementation has described itself ends all of it.
    """
    log: list[RunEvent] = []
    try:
        with noted_signals() as check, adopting_orphans(), ExitStack() as stack:
            _run(task, recorder, path, log, stack, check)
            whole = _whole(task, log)
            return Outcome(examined(whole, len(os.sched_getaffinity(0))), None)
    except (StartError, CannotStartError) as error:
        raise InputError(str(error)) from None
    except Interrupted as end:
        if not log:
            raise
        return Outcome(msgspec.structs.replace(_whole(task, log), interrupted=True), end.number)


def _whole(task: Task, log: list[RunEvent]) -> Run:
    """Return the run, with the faults of the one that it goes on from."""
    run = folded(task.cases, task.settings, log)
    return msgspec.structs.replace(run, faults=added(task.faults, run.faults))


def _run(
    task: Task,
    recorder: results.Recorder,
    path: Path | None,
    log: list[RunEvent],
    stack: ExitStack,
    check: Callable[[], None],
) -> None:
    """Add the events of a run to the log, those of the earlier one too, and tell all who hear."""
    done = {case.id: case for case in task.earlier.cases} if task.earlier else {}
    left = [case for case in task.cases if case.id not in done]
    grown: results_file.GrowingResults | None = None
    advance = _nothing
    for event in run(left, task.settings, task.demands, task.dialect, task.trace, check):
        log.append(event)
        match event:
            case Described():
                _check(task, event)
                mine = choice.of(DIALECTS[event.dialect], task.cases)
                advance = stack.enter_context(terminal.bar(len(mine), "judging"))
                if path:
                    begun = recorder.begun(event, task.cases, task.faults)
                    grown = stack.enter_context(closing(results_file.GrowingResults(path, begun)))
                for case in (case for case in mine if case.id in done):
                    log.append(Judged(_again(case, done[case.id])))
                    advance()
                    if grown:
                        grown.judged(done[case.id])
            case Judged(verdict=verdict):
                advance()
                if grown:
                    grown.judged(recorder.case(verdict))
            case Withdrawn(id=name) if grown:
                grown.withdrawn(name)
            case Faulted(fault=fault) if grown:
                grown.faulted(fault)


def _nothing() -> None:
    """Show no progress before anything is judged."""


def _again(case: Case, found: recorded.CaseResult) -> Verdict:
    """Return the verdict that was recorded on a case."""
    if found.got is None:
        return Verdict(case, Mark.PASS, Result(None), seconds=found.seconds)
    verdict = judge(case, found.got, found.seconds)
    likely = (found.blamed,) if found.blamed else ()
    return msgspec.structs.replace(
        verdict, known=found.known_failure, excused=found.excused, likely=likely
    )


def _check(task: Task, described: Described) -> None:
    """Raise InputError where this is not the run that the earlier results are of."""
    required = task.demands.require
    known_here = (*DIALECTS[described.dialect].method_names, ALL)
    for name in sorted(required):
        if name not in known_here:
            raise InputError(
                f"--require {visible(name)}: no method of {described.dialect}; "
                f"name one of {', '.join(known_here)}"
            )
    if task.earlier:
        _check_earlier(task, task.earlier, described)


def _check_earlier(task: Task, earlier: recorded.Results, described: Described) -> None:
    """Raise InputError where the earlier results are of another implementation, or other cases."""
    now = results.tested(task.settings, described.description, tolerates=False)
    before = earlier.implementation
    other = (before.command, before.describe) != (now.command, now.describe)
    if other or earlier.golden.dialect != described.dialect:
        raise InputError(
            "--resume: the results are of another implementation (command, version or dialect); "
            "judge anew with --json"
        )
    mine = {case.id for case in described.of(task.cases)}
    if earlier.selected != len(mine) or any(case.id not in mine for case in earlier.cases):
        raise InputError(
            "--resume: the results are of other cases (--select and its like); "
            "give the same, or judge anew with --json"
        )
