"""Failures put together by what they have in common: the rule, the place, the kind of change."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from acrn_conformance.cases import Level, devices_of, steps_of, tokens_in
from acrn_conformance.implementation import (
    LAST_WORDS,
    Broken,
    Overdue,
    Refused,
)
from acrn_conformance.judging.change import change, shown
from acrn_conformance.judging.comparison import Difference
from acrn_conformance.judging.verdict import Mark, Verdict

LEAK = "state leaks between requests"
"""The text of a group whose cases pass alone, and fail after others in the same process."""

CHANCE = "not reproducible alone or in sequence: chance (time, randomness, threads)"
"""The text of a group whose cases fail no more when asked again."""

RECORDED = "recorded-"
"""What the ids of rules begin with that say no more than that an answer was recorded."""

_UNKNOWN = 1 << 30


class Group(NamedTuple):
    """Failures alike: the rule that is broken, the place without indices, and what is wrong.

    ``rule`` is empty where state leaks between requests, where chance is at work, and where no
    answer comes in cases of many rules: none of them is to blame. The first of ``verdicts`` is the
    plainest, the others stand in their order.
    """

    rule: str
    where: str
    text: str
    verdicts: tuple[Verdict, ...]


def grouped(verdicts: Iterable[Verdict]) -> tuple[Group, ...]:
    """Return the failing ones of a run's verdicts in groups, the most specific rule first.

    A rule whose cases all fail is more specific than one of which some pass, unless that is the
    rule of most failures; of equals the one that more failures name comes first. Methods that are
    not claimed are no part of it.
    """
    judged = [verdict for verdict in verdicts if not verdict.unclaimed]
    if not any(verdict.failing for verdict in judged):
        return ()
    alike: defaultdict[tuple[str, str, str], list[Verdict]] = defaultdict(list)
    silent = _silent(judged) | _crashes(judged)
    for verdict in judged:
        if verdict.failing:
            rule, where, text = _key(verdict)
            alike[silent.get(text, rule), where, text].append(verdict)
    groups = [
        Group(rule, where, (rule and _constant(these)) or text, _plainest_first(rule, these))
        for (rule, where, text), these in alike.items()
    ]
    shares, named = failing_shares(judged), Counter(v.rule for v in judged if v.failing)

    def rank(group: Group) -> tuple[bool, bool, int, int]:
        most = 2 * named[group.rule] > named.total()
        whole = most or shares.get(group.rule, 1.0) == 1.0
        recorded = group.rule.startswith(RECORDED)
        size = len(group.verdicts)
        return recorded, not whole, -(named[group.rule] if group.rule else size), -size

    return tuple(sorted(groups, key=rank))


def _plainest_first(rule: str, verdicts: Sequence[Verdict]) -> tuple[Verdict, ...]:
    """Return the failures of a group, in front the one that shows best what they have in common."""
    plainest = min(verdicts, key=lambda verdict: _plainness(rule, verdict))
    return plainest, *(verdict for verdict in verdicts if verdict is not plainest)


def _plainness(rule: str, verdict: Verdict) -> tuple[bool, int, bool, bool, int, bool, int]:
    """Return how plain a case is, the least the plainest.

    First comes what was asked at all, is short to ask again, has a title of its own and one answer
    alone; then what has few devices; of these what was written for the rule, and what is short.
    """
    case = verdict.case
    # A sequence of one is of no known length.
    longest = len(verdict.leak) if len(verdict.leak) != 1 else _UNKNOWN
    built = (tokens_in(case.expect.result, "argv") or []).count("-s")
    given = len(devices_of(case.request)) + len(steps_of(case.request))
    return (
        verdict.not_asked,
        longest,
        case.rule.startswith(RECORDED),
        case.level is not Level.REQUIRED,
        max(built, given),
        case.rule != rule,
        len(msgspec.json.encode(case.request.params)),
    )


def _crashes(verdicts: Iterable[Verdict]) -> dict[str, str]:
    """Return the ways of ending that have last words, each with the rule that it is met mostly at.

    Who ends with the same words does so for the same cause, whatever the cases are about.
    """
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for verdict in verdicts:
        met = verdict.outcome
        if _tells(verdict) and isinstance(met, Broken) and met.ended and LAST_WORDS in met.message:
            found[change(verdict)][verdict.rule] += 1
    mostly = {text: rules.most_common(1)[0] for text, rules in found.items()}
    return {
        text: rule if 2 * times > found[text].total() else ""
        for text, (rule, times) in mostly.items()
    }


def _silent(verdicts: Sequence[Verdict]) -> dict[str, str]:
    """Return the ways in which no answer comes that are not met mostly at one rule, each with none.

    A refusal is one where most of the failures are refusals: a few may have causes of their own.
    """
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    refusals: set[str] = set()
    failing = sum(verdict.failing for verdict in verdicts)
    for verdict in verdicts:
        match verdict.outcome:
            case Broken(ended=False, breach="", not_asked=False):
                pass  # a fault that it reports itself may be about the rule
            case Broken() | Overdue() | Refused() if _tells(verdict):
                text = change(verdict)
                found[text][verdict.rule] += 1
                if isinstance(verdict.outcome, Refused):
                    refusals.add(text)
    return {
        text: ""
        for text, rules in found.items()
        if 2 * max(rules.values()) <= rules.total()
        and (text not in refusals or 2 * rules.total() > failing)
    }


def _tells(verdict: Verdict) -> bool:
    return verdict.failing and not verdict.rule.startswith(RECORDED)


def _key(verdict: Verdict) -> tuple[str, str, str]:
    """Return the rule, the place and the change; of state and chance no rule is to blame."""
    if verdict.leak or verdict.by_chance:
        return "", "", LEAK if verdict.leak else CHANCE
    return verdict.rule, _where(verdict.difference), change(verdict)


def failing_shares(verdicts: Iterable[Verdict]) -> dict[str, float]:
    """Return, for each rule, the share of the cases written for it that do not pass."""
    judged: Counter[str] = Counter()
    failing: Counter[str] = Counter()
    for verdict in verdicts:
        judged[verdict.case.rule] += 1
        failing[verdict.case.rule] += verdict.mark is not Mark.PASS
    return {rule: failing[rule] / number for rule, number in judged.items()}


def _where(difference: Difference | None) -> str:
    return re.sub(r"\[\d+\]", "[]", difference.path) if difference else ""


def _constant(verdicts: Sequence[Verdict]) -> str:
    """Return what stands in place of what, where it is the same in several verdicts."""
    differences = {
        (shown(d.expected), shown(d.got))
        for d in (verdict.difference for verdict in verdicts)
        if d and not d.counts and d.got is not msgspec.UNSET
    }
    alone = len(verdicts) == 1
    if alone or len(differences) != 1 or any(v.difference is None for v in verdicts):
        return ""
    expected, got = differences.pop()
    return f"{got} in place of {expected}"
