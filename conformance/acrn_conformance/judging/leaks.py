"""Failing cases asked once more, each in a fresh process: what passes alone is state that leaks.

For that the shortest sequence of requests is sought after which the case fails again.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from itertools import chain, zip_longest
from typing import NamedTuple

import msgspec

from acrn_base.starting import StartError
from acrn_conformance.cases import Case, Request
from acrn_conformance.implementation import Mode, Pool, Settings, settled, wire
from acrn_conformance.judging.grouping import grouped
from acrn_conformance.judging.run_log import Run
from acrn_conformance.judging.verdict import Mark, Verdict, judge

_DESCRIBE = wire.prepare(Request("describe"))
_LEAST_SECONDS = 1.0
"""What asking again may take, even if the run took less."""

_SEARCHING = 3
"""How many times that the sequences may take: only what leaks pays for them."""

_LEAST_SEARCHING = 10.0
"""Seconds that they may take at least: a run is over in less than the start of a few processes."""

_CONFIRMED = 2
"""How often a sequence and its last case alone are asked again, lest chance be taken for state."""

Tick = Callable[[], None]
"""Is called about every second while nothing comes, and for all that does; it may raise."""

Fails = Callable[[Sequence[Case]], bool]
"""Whether the last of some cases fails when all are asked in order of one fresh process."""


class _Alone(NamedTuple):
    """The ids that were asked alone, and those of them that passed."""

    asked: frozenset[str]
    passed: frozenset[str]


def examined(run: Run, cores: int, tick: Tick, advance: Callable[[], None]) -> Run:
    """Return a run with what its failing cases do alone, and behind which others they fail.

    It takes about as long as the run did, which is part of the time of that then. In exec mode all
    were alone. ``advance`` is called for each process that has been asked. Raises what ``tick``
    does, and nothing else: an implementation that can be started no more has shown nothing new.
    """
    began = time.monotonic()
    asked = [verdict for verdict in run.verdicts if not (verdict.unclaimed or verdict.not_asked)]
    failing = [verdict for verdict in asked if verdict.failing]
    if run.settings.mode is Mode.EXEC or not failing:
        return run
    seconds = max(_LEAST_SECONDS, run.seconds)
    alone = _alone(_in_turn(run.verdicts), run.settings, cores, seconds, tick, advance)
    leaking = [verdict for verdict in failing if verdict.case.id in alone.passed]
    searching = max(_LEAST_SEARCHING, _SEARCHING * seconds)
    fails = _failing(run.settings, tick, advance)
    traced = _sequences(leaking, [v.case for v in asked], fails, searching)
    found = _like_others(run.verdicts, alone, chance=_by_chance(traced)) | traced
    verdicts = tuple(found.get(verdict.case.id, verdict) for verdict in run.verdicts)
    whole = run.seconds + time.monotonic() - began
    return msgspec.structs.replace(
        run, verdicts=verdicts, asked_alone=len(alone.asked), seconds=whole
    )


def _in_turn(verdicts: Sequence[Verdict]) -> list[Case]:
    """Return the failing cases, of each group the first, then of each the second, and so on.

    Those that hang come last: once another has shown how long a start takes they cost little more
    than the time limit, and a slow start has its time all the same.
    """
    groups = [
        [verdict.case for verdict in group.verdicts if not verdict.not_asked]
        for group in grouped(verdicts)
    ]
    hanging = {verdict.case.id for verdict in verdicts if verdict.mark is Mark.TIMEOUT}
    cases = [case for case in chain.from_iterable(zip_longest(*groups)) if case is not None]
    return sorted(cases, key=lambda case: case.id in hanging)


def _alone(
    cases: Sequence[Case],
    settings: Settings,
    cores: int,
    seconds: float,
    tick: Tick,
    advance: Callable[[], None],
) -> _Alone:
    """Ask each case in a process of its own, as many as the time allows."""
    single = msgspec.structs.replace(settings, mode=Mode.EXEC, jobs=cores)
    until = time.monotonic() + seconds
    asked: set[str] = set()
    passed: set[str] = set()
    requests = ((n, wire.prepare(case.request)) for n, case in enumerate(cases))
    try:
        with Pool[int](single, tick=tick) as pool:
            for event in pool.outcomes(requests):
                for answered in settled([event]).values():
                    case = cases[answered.key]
                    asked.add(case.id)
                    advance()
                    if judge(case, answered.outcome).mark is Mark.PASS:
                        passed.add(case.id)
                if time.monotonic() > until:
                    break
    except StartError:
        pass
    return _Alone(frozenset(asked), frozenset(passed))


def _like_others(verdicts: Sequence[Verdict], alone: _Alone, *, chance: bool) -> dict[str, Verdict]:
    """Return the verdicts for which there was no time, where all that are like them pass alone."""
    found: dict[str, Verdict] = {}
    for group in grouped(verdicts):
        asked = {verdict.case.id for verdict in group.verdicts} & alone.asked
        if asked and asked <= alone.passed:
            for verdict in group.verdicts:
                leak = () if chance else (verdict.case.id,)
                like = msgspec.structs.replace(verdict, leak=leak, by_chance=chance)
                found[verdict.case.id] = like
    return found


# The shortest sequence.


def _sequences(
    leaking: Sequence[Verdict], asked: Sequence[Case], fails: Fails, seconds: float
) -> dict[str, Verdict]:
    """Return the verdicts on cases that pass alone, with the sequence, or that it is chance."""
    until = time.monotonic() + seconds
    found: dict[str, Verdict] = {}
    triggers: list[tuple[Case, ...]] = []
    for verdict in leaking:
        leak: tuple[str, ...] = (verdict.case.id,)
        chance = _by_chance(found)
        if time.monotonic() < until:
            if fails((verdict.case,)):
                # Alone it passed because its input ended: what it lacks is a newline, or a flush.
                found[verdict.case.id] = verdict
                continue
            before = asked[: _place(asked, verdict.case)]
            sequence = _known(triggers, verdict.case, before, fails)
            if not _due_to_others(sequence, fails):
                sequence = traced(before, verdict.case, fails, until)
            if sequence:
                triggers.append(sequence[:-1])
                leak = tuple(case.id for case in sequence)
            chance = not sequence
        found[verdict.case.id] = msgspec.structs.replace(
            verdict, leak=() if chance else leak, by_chance=chance
        )
    return found


def _failing(settings: Settings, tick: Tick, advance: Callable[[], None]) -> Fails:
    def fails(cases: Sequence[Case]) -> bool:
        advance()
        try:
            return last_verdict(cases, settings, tick).mark is not Mark.PASS
        except StartError:
            return False

    return fails


def _by_chance(found: Mapping[str, Verdict]) -> bool:
    """Tell whether all that was looked into so far is chance: so is what there is no time for."""
    return bool(found) and all(verdict.by_chance for verdict in found.values())


def _due_to_others(sequence: Sequence[Case], fails: Fails) -> bool:
    """Tell whether the last of a sequence fails each time behind the others, and never alone.

    Nor behind as many requests that carry nothing over: an implementation that draws lots from a
    seed fails at the same place again, whatever it was asked before.
    """
    if not sequence:
        return False
    *behind, case = sequence
    nothing = [msgspec.structs.replace(each, request=Request("describe")) for each in behind]
    again = all(fails(sequence) and not fails((case,)) for _ in range(_CONFIRMED))
    return again and not fails((*nothing, case))


def _place(cases: Sequence[Case], case: Case) -> int:
    return next(n for n, each in enumerate(cases) if each is case)


def _known(
    triggers: Sequence[tuple[Case, ...]], case: Case, before: Sequence[Case], fails: Fails
) -> tuple[Case, ...]:
    """Return a sequence with what made another case fail, if it makes this one fail too."""
    names = {each.id for each in before}
    for trigger in triggers[-2:]:
        if {each.id for each in trigger} <= names and fails((*trigger, case)):
            return (*trigger, case)
    return ()


def traced(
    before: Sequence[Case], case: Case, fails: Fails, until: float = float("inf")
) -> tuple[Case, ...]:
    """Return the shortest sequence that makes a case fail, which passes alone.

    Empty where it is chance: not even all of ``before`` make it fail, or it is not due to them.
    """
    sequence = shortest(before, case, fails, until)
    return sequence if _due_to_others(sequence, fails) else ()


def shortest(
    before: Sequence[Case], case: Case, fails: Fails, until: float = float("inf")
) -> tuple[Case, ...]:
    """Return a shortest sequence that makes a case fail, in the order of ``before``.

    None of its cases can be left out, unless the time (of the monotonic clock) was over before
    that was known. Empty where even all of them do not make it fail.
    """
    number = 1
    while not fails((*before[-number:], case)):
        if number >= len(before):
            return ()
        number *= 4
    kept, size = list(before[-number:]), max(1, min(number, len(before)) // 2)
    while size and time.monotonic() < until:
        at = 0
        while at < len(kept) and time.monotonic() < until:
            fewer = kept[:at] + kept[at + size :]
            if fails((*fewer, case)):
                kept = fewer
            else:
                at += size
        size //= 2
    return (*kept, case)


def last_verdict(cases: Sequence[Case], settings: Settings, tick: Tick = lambda: None) -> Verdict:
    """Ask cases of one fresh process, as a run of them alone does; return the last's verdict.

    ``tick`` is called at least every second. Raises StartError.
    """
    last = len(cases) - 1
    requests = [(-1, _DESCRIBE), *((n, wire.prepare(case.request)) for n, case in enumerate(cases))]
    with Pool[int](msgspec.structs.replace(settings, jobs=1), tick=tick) as pool:
        answered = settled(chain(pool.outcomes(requests), pool.close()))
    return judge(cases[last], answered[last].outcome, answered[last].seconds)
