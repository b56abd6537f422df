"""Running: an implementation is started, asked what it claims, and judged case by case."""

import time
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import NamedTuple

import msgspec

from acrn_base.signals import Interrupted
from acrn_base.text import excerpt
from acrn_conformance.cases import Case, Dialect, known
from acrn_conformance.implementation import (
    AsForeseen,
    Event,
    Pool,
    Prepared,
    Result,
    Retracted,
    Settings,
    Trace,
    Unclaimed,
    wire,
)
from acrn_conformance.judging.comparison import Difference
from acrn_conformance.judging.description import Introduced, describe
from acrn_conformance.judging.run_log import (
    Described,
    Ended,
    Faulted,
    Judged,
    RunEvent,
    Withdrawn,
)
from acrn_conformance.judging.verdict import Mark, Verdict, judge

_LARGEST_KEPT = 64 << 10
"""Bytes of a wrong answer, as JSON, that are kept whole."""

ALL = "all"
"""Stands for all methods among those that are required."""

Excuse = Callable[[Verdict], Verdict]
"""Adds to a verdict what excuses it."""


class Demands(msgspec.Struct, frozen=True):
    """The demands of a run beyond its cases.

    ``require``: methods that must be claimed. ``known``: the reasons of the cases that may fail, as
    a list of known failures has them. ``fail_fast``: an end at the first failing case.
    ``tolerate_faults``: what breaks the contract of the wire is told, and does not fail.
    """

    require: frozenset[str] = frozenset()
    known: dict[str, str] = {}
    fail_fast: bool = False
    tolerate_faults: bool = False

    def excused(self, dialect: Dialect, verdict: Verdict) -> Verdict:
        """Return a verdict with what excuses it in a dialect."""
        if not verdict.excused and not self.known:
            return verdict
        required = not self.require.isdisjoint((ALL, verdict.case.request.method))
        excused = verdict.excused and not required
        reason = known.reason(self.known, dialect.name, verdict.case.id)
        return msgspec.structs.replace(verdict, excused=excused, known=reason)


def run(
    cases: Sequence[Case],
    settings: Settings,
    demands: Demands,
    dialect: Dialect | None = None,
    trace: Trace | None = None,
    tick: Callable[[], None] = lambda: None,
) -> Iterator[RunEvent]:
    """Judge an implementation by the cases of its dialect, and yield what happens as it does.

    ``dialect``: None for the one that it names. ``tick`` is called about every second while nothing
    comes, too; where it raises Interrupted there is an end all the same before that goes on.
    Raises StartError and CannotStartError.
    """
    with Pool[Case | None](settings, trace, tick=tick) as pool:
        yield from run_in(pool, cases, demands, dialect)


def run_in(
    pool: Pool[Case | None],
    cases: Sequence[Case],
    demands: Demands,
    dialect: Dialect | None = None,
) -> Iterator[RunEvent]:
    """Judge as `run` does, by a pool that the caller has made, may have begun, and leaves."""
    began, start = time.time(), time.monotonic()
    interrupted: Interrupted | None = None
    introduced = describe(pool, None, dialect)
    says, named, remarks, wrong = introduced
    described = Described(began, says, named.name, remarks, wrong)
    yield described
    events = _judged(pool, described.of(cases), introduced, demands)
    try:
        yield from _to_first_failing(events) if demands.fail_fast else events
    except Interrupted as signal:
        interrupted = signal
    yield Ended(
        seconds=time.monotonic() - start,
        endings=dict(pool.endings),
        remarks=tuple(f"{text} ({times}x)" for text, times in pool.remarks.items()),
        faults=pool.faults,
        tolerated=demands.tolerate_faults,
        interrupted=interrupted is not None,
    )
    if interrupted:
        raise interrupted


def _to_first_failing(events: Iterable[RunEvent]) -> Iterator[RunEvent]:
    for event in events:
        yield event
        if isinstance(event, Judged) and event.verdict.failing:
            return


class _Ready(NamedTuple):
    """What is made of a case once, however often it is asked.

    ``passed``: the event where the answer that is foreseen comes, and takes no time of its own;
    None where none is foreseen.
    """

    prepared: Prepared
    passed: Judged | None


def _judged(
    pool: Pool[Case | None], cases: Sequence[Case], introduced: Introduced, demands: Demands
) -> Iterator[RunEvent]:
    """Judge all cases, and at the end what the end of the processes brings to light."""
    claimed, excuse = introduced.claims, partial(demands.excused, introduced.dialect)
    for case in cases:
        if case.request.method not in claimed:
            yield Judged(excuse(judge(case, Unclaimed(), 0.0)))
    ready: dict[int, _Ready] = {}  # by identity: what holds arrays cannot be a key itself
    asked = _asked(cases, claimed, ready, excuse)
    kinds = 0
    for event in chain(pool.in_bulk(asked), pool.close()):
        if len(pool.faults) > kinds:
            yield from map(Faulted, pool.faults[kinds:])
            kinds = len(pool.faults)
        if isinstance(event, AsForeseen):
            yield from _passed(event, ready)
        elif event.key is not None:  # a late word on `describe` belongs to no case
            yield _verdict(event, event.key, excuse)


def _asked(
    cases: Iterable[Case], claimed: Container[str], ready: dict[int, _Ready], excuse: Excuse
) -> Iterator[tuple[Case, Prepared]]:
    """Yield what is asked, and keep what is made of each case."""
    for case in cases:
        made = ready.get(id(case))
        if made is None:
            if case.request.method not in claimed:
                continue
            made = ready[id(case)] = _ready(case, excuse)
        yield case, made.prepared


def _ready(case: Case, excuse: Excuse) -> _Ready:
    prepared = wire.prepare(case.request, case.expect.result)
    foreseen = prepared.foreseen
    return _Ready(prepared, Judged(excuse(judge(case, foreseen.outcome))) if foreseen else None)


def _passed(event: AsForeseen[Case | None], ready: Mapping[int, _Ready]) -> list[Judged]:
    """Return what was made ready: a case whose answer is right costs no more."""
    events = [
        passed for ticket in event.tickets if (passed := ready[id(ticket.key)].passed) is not None
    ]
    if event.seconds:
        events[0] = Judged(msgspec.structs.replace(events[0].verdict, seconds=event.seconds))
    return events


def _verdict(event: Event[Case | None], case: Case, excuse: Excuse) -> RunEvent:
    if isinstance(event, Retracted):
        return Withdrawn(case.id)
    return Judged(excuse(_lightened(judge(case, event.outcome, event.seconds))))


def _lightened(verdict: Verdict) -> Verdict:
    """Keep of an answer only what a report can show, lest a run hold all that was ever said."""
    if not isinstance(verdict.outcome, Result):
        return verdict
    if verdict.mark is Mark.PASS:
        # The very result that the case expects is there anyhow.
        if verdict.outcome.value is verdict.case.expect.result:
            return verdict
        return msgspec.structs.replace(verdict, outcome=Result(None))
    kept = _kept(verdict.outcome.value)
    if kept is verdict.outcome.value:
        return verdict
    from acrn_conformance.judging.diagnosis import candidates  # noqa: PLC0415 - it takes a failure

    light = _light(verdict.difference)
    return msgspec.structs.replace(
        verdict, outcome=Result(kept), difference=light, likely=candidates(verdict)
    )


def _light(difference: Difference | None) -> Difference | None:
    if difference is None or difference.got is msgspec.UNSET:
        return difference
    return msgspec.structs.replace(difference, got=_kept(difference.got))


def _kept(value: object) -> object:
    """Return a value, of a large one the beginning and the end of its JSON."""
    text = msgspec.json.encode(value)
    return value if len(text) <= _LARGEST_KEPT else excerpt(text.decode(), _LARGEST_KEPT)
