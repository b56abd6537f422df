"""A run: an implementation is started, asked what it claims, and judged case by case."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

import msgspec

from acrn_base.text import excerpt
from acrn_conformance.cases import Case, Dialect, Request
from acrn_conformance.implementation import (
    Broken,
    Description,
    Outcome,
    Pool,
    Result,
    Settings,
    Trace,
    Unclaimed,
    wire,
)
from acrn_conformance.judging.comparison import description, judge
from acrn_conformance.judging.verdict import Mark, Verdict

_LARGEST_KEPT = 64 << 10
"""Bytes of a wrong answer, as JSON, that are kept whole."""

_DESCRIBE = wire.prepare(Request("describe"))

_K = TypeVar("_K")


class CannotStartError(Exception):
    """The implementation ends before it answers anything; the text says how, and the remedy."""


class Demands(msgspec.Struct, frozen=True):
    """What a run asks for beyond its cases.

    ``require``: methods that must be claimed. ``known``: reasons by id of the cases that may fail.
    ``fail_fast``: an end at the first failing case.
    """

    require: frozenset[str] = frozenset()
    known: dict[str, str] = {}
    fail_fast: bool = False


class Run(msgspec.Struct, frozen=True):
    """What a run has found; `verdicts` in the order of the cases.

    ``started`` in seconds since the epoch, ``seconds`` what it took. ``complaints``: what is wrong
    with the known failures. ``endings``: how many processes ended how.
    """

    settings: Settings
    description: Description | None
    verdicts: tuple[Verdict, ...]
    started: float
    seconds: float
    endings: dict[str, int]
    remarks: tuple[str, ...]
    not_judged: int = 0
    complaints: tuple[str, ...] = ()

    @property
    def judged(self) -> tuple[Verdict, ...]:
        """Return the verdicts that count."""
        return tuple(verdict for verdict in self.verdicts if not verdict.excused)

    @property
    def passed(self) -> bool:
        """Whether all cases have a verdict, none against the implementation, and no complaint."""
        failing = any(verdict.failing for verdict in self.verdicts)
        return bool(self.judged) and not (failing or self.complaints or self.not_judged)


def run(
    cases: Sequence[Case],
    settings: Settings,
    demands: Demands,
    dialect: Dialect,
    *,
    trace: Trace | None = None,
    on_verdict: Callable[[Verdict], None] = lambda _: None,
) -> Run:
    """Judge an implementation; ``on_verdict`` is called with each verdict as it comes.

    Raises StartError and CannotStartError.
    """
    start = time.monotonic()
    verdicts: dict[str, Verdict] = {}
    with Pool[Case | None](settings, trace) as pool:
        says, remarks = describe(pool, None, dialect)
        claimed = claims(says, dialect)
        for verdict in _verdicts(pool, cases, claimed, demands):
            verdicts[verdict.case.id] = verdict
            on_verdict(verdict)
            if demands.fail_fast and verdict.failing:
                break
        else:
            for verdict in _of_cases(pool.close(), demands):
                verdicts[verdict.case.id] = verdict
    seconds = time.monotonic() - start
    ordered = tuple(verdicts[case.id] for case in cases if case.id in verdicts)
    return Run(
        settings=settings,
        description=says,
        verdicts=ordered,
        started=time.time() - seconds,
        seconds=seconds,
        endings=dict(pool.endings),
        remarks=(*remarks, *(f"{text} ({times}x)" for text, times in pool.remarks.items())),
        not_judged=len(cases) - len(ordered),
    )


def describe(
    pool: Pool[_K], key: _K, dialect: Dialect
) -> tuple[Description | None, tuple[str, ...]]:
    """Ask the implementation what it claims; where it cannot say, it is held to everything.

    Returns a remark where it cannot. Raises StartError and CannotStartError.
    """
    outcomes: list[Outcome] = [outcome for _, outcome in pool.outcomes([(key, _DESCRIBE)])]
    match outcomes[-1]:
        case Broken(ended=True, message=message):
            raise CannotStartError(
                f"the implementation cannot be started: {message}; "
                "run it by hand and give it the line of: acrn-conformance show describe --request"
            )
        case outcome:
            return _read(outcome, dialect)


def _read(outcome: Outcome, dialect: Dialect) -> tuple[Description | None, tuple[str, ...]]:
    try:
        says = description(outcome)
    except ValueError as error:
        return None, (f"describe is not answered as it must be ({error}); all methods are judged",)
    unknown = sorted(set(says.methods) - set(dialect.method_names))
    return says, tuple(f"{name} is claimed, but there is no such method" for name in unknown)


def _verdicts(
    pool: Pool[Case | None], cases: Sequence[Case], claimed: frozenset[str], demands: Demands
) -> Iterator[Verdict]:
    for case in cases:
        if case.request.method not in claimed:
            yield _judge(case, Unclaimed(), demands)
    asked = (case for case in cases if case.request.method in claimed)
    outcomes = pool.outcomes((case, wire.prepare(case.request)) for case in asked)
    yield from _of_cases(outcomes, demands)


def _of_cases(
    outcomes: Iterable[tuple[Case | None, Outcome]], demands: Demands
) -> Iterator[Verdict]:
    """Judge what is no late word on ``describe``, which belongs to no case."""
    for case, outcome in outcomes:
        if case is not None:
            yield _judge(case, outcome, demands)


def claims(says: Description | None, dialect: Dialect) -> frozenset[str]:
    """Return the methods to ask for."""
    return frozenset(dialect.method_names if says is None else ("describe", *says.methods))


def _judge(case: Case, outcome: Outcome, demands: Demands) -> Verdict:
    verdict = _lightened(judge(case, outcome))
    excused = verdict.excused and case.request.method not in demands.require
    known = demands.known.get(case.id, "")
    return msgspec.structs.replace(verdict, excused=excused, known=known)


def _lightened(verdict: Verdict) -> Verdict:
    """Keep of an answer only what a report can show, lest a run hold all that was ever said."""
    if not isinstance(verdict.outcome, Result):
        return verdict
    if verdict.mark is Mark.PASS:
        return msgspec.structs.replace(verdict, outcome=Result(None))
    text = msgspec.json.encode(verdict.outcome.value)
    if len(text) <= _LARGEST_KEPT:
        return verdict
    kept = Result(excerpt(text.decode(), _LARGEST_KEPT))
    return msgspec.structs.replace(verdict, outcome=kept)
