"""A run as it goes on: the implementation starts early, and a signal ends it at any time."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, NamedTuple

from acrn_base.orphans import adopting_orphans
from acrn_base.signals import Interrupted, noted_signals
from acrn_base.starting import StartError
from acrn_conformance.cases import Case
from acrn_conformance.cli.fault import InputError
from acrn_conformance.implementation import Pool

if TYPE_CHECKING:
    from collections.abc import Callable

    from acrn_conformance.cli.job import Job
    from acrn_conformance.implementation import Settings, Trace
    from acrn_conformance.judging import Run, RunEvent


class Done(NamedTuple):
    """What was to be done, the run, and the signal that ended it early, if one did."""

    job: Job
    run: Run
    signal: int | None


def judged(settings: Settings, trace: Trace | None, prepare: Callable[[], Job]) -> Done:
    """Start the implementation, ``prepare`` the job while it does, and judge. Raises InputError.

    A signal that comes before the implementation has described itself ends all of it.
    """
    log: list[RunEvent] = []
    job: Job | None = None
    try:
        with noted_signals() as check, adopting_orphans():
            with Pool[Case | None](settings, trace, tick=check) as pool, ExitStack() as stack:
                pool.begin()
                job = prepare()
                job.judge(pool, log, stack)
            return Done(job, job.whole(log, check), None)
    except StartError as error:
        raise InputError(str(error)) from None
    except Interrupted as end:
        if job is None or not log:
            raise
        return Done(job, job.cut(log), end.number)
