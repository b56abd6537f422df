"""Running: an implementation is started, asked what it claims, and judged case by case."""

import time
from collections.abc import Iterable, Iterator, Sequence
from typing import assert_never

import msgspec

from acrn_base.text import excerpt
from acrn_conformance.cases import Case, Dialect
from acrn_conformance.implementation import (
    Answered,
    Event,
    Outcome,
    Pool,
    Result,
    Retracted,
    Settings,
    Trace,
    Unclaimed,
    wire,
)
from acrn_conformance.judging.comparison import Difference
from acrn_conformance.judging.description import claims, describe
from acrn_conformance.judging.run_log import Described, Ended, Judged, RunEvent, Withdrawn
from acrn_conformance.judging.verdict import Mark, Verdict, judge

_LARGEST_KEPT = 64 << 10
"""Bytes of a wrong answer, as JSON, that are kept whole."""

_DESCRIBE = -1
"""The key of the request ``describe``; the others' are the positions of their cases."""


class Demands(msgspec.Struct, frozen=True):
    """The demands of a run beyond its cases.

    ``require``: methods that must be claimed. ``known``: reasons by id of the cases that may fail.
    ``fail_fast``: an end at the first failing case.
    """

    require: frozenset[str] = frozenset()
    known: dict[str, str] = {}
    fail_fast: bool = False


def run(
    cases: Sequence[Case],
    settings: Settings,
    demands: Demands,
    dialect: Dialect,
    trace: Trace | None = None,
) -> Iterator[RunEvent]:
    """Judge an implementation, and yield what happens as it does.

    Raises StartError and CannotStartError.
    """
    began, start = time.time(), time.monotonic()
    with Pool[int](settings, trace) as pool:
        says, remarks = describe(pool, _DESCRIBE, dialect)
        yield Described(began, says, remarks)
        for event in _judged(pool, cases, claims(says, dialect), demands):
            yield event
            if demands.fail_fast and isinstance(event, Judged) and event.verdict.failing:
                break
    told = tuple(f"{text} ({times}x)" for text, times in pool.remarks.items())
    yield Ended(time.monotonic() - start, dict(pool.endings), told)


def _judged(
    pool: Pool[int], cases: Sequence[Case], claimed: frozenset[str], demands: Demands
) -> Iterator[RunEvent]:
    """Judge all cases, and at the end what the end of the processes brings to light."""
    for case in cases:
        if case.request.method not in claimed:
            yield Judged(_verdict(case, Unclaimed(), 0.0, demands))
    asked = (
        (place, wire.prepare(case.request))
        for place, case in enumerate(cases)
        if case.request.method in claimed
    )
    yield from _verdicts(pool.outcomes(asked), cases, demands)
    yield from _verdicts(pool.close(), cases, demands)


def _verdicts(
    events: Iterable[Event[int]], cases: Sequence[Case], demands: Demands
) -> Iterator[RunEvent]:
    """Judge what is no late word on ``describe``, which belongs to no case."""
    for event in events:
        if event.key == _DESCRIBE:
            continue
        case = cases[event.key]
        match event:
            case Answered(outcome=outcome, seconds=seconds):
                yield Judged(_verdict(case, outcome, seconds, demands))
            case Retracted():
                yield Withdrawn(case.id)
            case _:
                assert_never(event)


def _verdict(case: Case, outcome: Outcome, seconds: float, demands: Demands) -> Verdict:
    verdict = _lightened(judge(case, outcome, seconds))
    excused = verdict.excused and case.request.method not in demands.require
    known = demands.known.get(case.id, "")
    return msgspec.structs.replace(verdict, excused=excused, known=known)


def _lightened(verdict: Verdict) -> Verdict:
    """Keep of an answer only what a report can show, lest a run hold all that was ever said."""
    if not isinstance(verdict.outcome, Result):
        return verdict
    if verdict.mark is Mark.PASS:
        return msgspec.structs.replace(verdict, outcome=Result(None))
    return msgspec.structs.replace(
        verdict, outcome=Result(_kept(verdict.outcome.value)), difference=_light(verdict.difference)
    )


def _light(difference: Difference | None) -> Difference | None:
    if difference is None or difference.got is msgspec.UNSET:
        return difference
    return msgspec.structs.replace(difference, got=_kept(difference.got))


def _kept(value: object) -> object:
    """Return a value, of a large one the beginning and the end of its JSON."""
    text = msgspec.json.encode(value)
    return value if len(text) <= _LARGEST_KEPT else excerpt(text.decode(), _LARGEST_KEPT)
