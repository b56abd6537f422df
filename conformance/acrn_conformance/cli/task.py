"""What a run is to do, and its events: the bar and the results file hear each as it comes."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import NamedTuple

import msgspec

from acrn_base.text import visible
from acrn_conformance.cases import DIALECTS, Case, Dialect
from acrn_conformance.cli import choice
from acrn_conformance.cli.fault import InputError
from acrn_conformance.implementation import Pool, ProtocolFault, Result, Settings, added
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
    folded,
    judge,
    run_in,
)
from acrn_conformance.reports import recorded, results, results_file, terminal


class Task(NamedTuple):
    """All that a run is to do; ``earlier`` are the results that it goes on from."""

    cases: tuple[Case, ...]
    settings: Settings
    demands: Demands
    dialect: Dialect | None
    recorder: results.Recorder
    earlier: recorded.Results | None

    @property
    def faults(self) -> tuple[ProtocolFault, ...]:
        """Return what the earlier run has met that breaks the contract of the wire."""
        return self.earlier.faults if self.earlier else ()

    def folded(self, log: Sequence[RunEvent]) -> Run:
        """Return the run that the events make, with the faults of the one that it goes on from."""
        run = folded(self.cases, self.settings, log)
        return msgspec.structs.replace(run, faults=added(self.faults, run.faults))


def judge_all(
    task: Task, pool: Pool[Case | None], path: Path | None, log: list[RunEvent], stack: ExitStack
) -> None:
    """Add the events of a run to the log, those of the earlier one too, and tell all who hear.

    The results file at ``path`` grows with the verdicts. Raises StartError and InputError.
    """
    done = {case.id: case for case in task.earlier.cases} if task.earlier else {}
    left = [case for case in task.cases if case.id not in done]
    grown: results_file.GrowingResults | None = None
    advance: Callable[[str], None] = _nothing
    for event in _events(task, pool, left):
        log.append(event)
        match event:
            case Described():
                _check(task, event)
                mine = choice.of(DIALECTS[event.dialect], task.cases)
                advance = _each_once(stack.enter_context(terminal.bar(len(mine), "judging")))
                if path:
                    begun = task.recorder.begun(event, task.cases, task.faults)
                    grown = stack.enter_context(closing(results_file.GrowingResults(path, begun)))
                for case in (case for case in mine if case.id in done):
                    log.append(Judged(_again(case, done[case.id])))
                    advance(case.id)
                    if grown:
                        grown.judged(done[case.id])
            case Judged(verdict=verdict):
                advance(verdict.case.id)
                if grown:
                    grown.judged(task.recorder.case(verdict))
            case Withdrawn(id=name) if grown:
                grown.withdrawn(name)
            case Faulted(fault=fault) if grown:
                grown.faulted(fault)


def _events(task: Task, pool: Pool[Case | None], cases: Sequence[Case]) -> Iterator[RunEvent]:
    try:
        yield from run_in(pool, cases, task.demands, task.dialect)
    except CannotStartError as error:
        raise InputError(str(error)) from None


def _nothing(_: str) -> None:
    """Show no progress before anything is judged."""


def _each_once(advance: Callable[[], None]) -> Callable[[str], None]:
    """Return what counts each case once, by its id: a verdict that is withdrawn comes anew."""
    counted: set[str] = set()

    def count(name: str) -> None:
        if name not in counted:
            counted.add(name)
            advance()

    return count


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
