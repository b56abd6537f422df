"""Judging one argv: every release reads it, every rule looks at every reading."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from acrn_cmdline.lint.finding import Finding, Severity
from acrn_cmdline.lint.order import in_order
from acrn_cmdline.lint.refusals import REFUSALS, fact, message
from acrn_cmdline.lint.rule_form import Hit, Refusal, Rule
from acrn_cmdline.lint.rules import RULES
from acrn_cmdline.lint.verdicts import Outcome, outcome
from acrn_dm import RELEASES, Asked, FaultKind, Host, Need, Reading, read, stands_for


class BoardNeed(NamedTuple):
    """A need on the board, the token that names it, and the releases that have it."""

    need: Need
    token: int | None
    releases: tuple[str, ...]


class Judgement(NamedTuple):
    """All that lint has to say of an argv (without the program's name).

    ``needs`` are what nobody has looked for: empty where the host is one that somebody has.
    """

    argv: Sequence[str]
    outcomes: Mapping[str, Outcome]
    findings: tuple[Finding, ...]
    needs: tuple[BoardNeed, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether any of the releases refuses it."""
        return not all(outcome.accepted for outcome in self.outcomes.values())

    @property
    def bootless(self) -> bool:
        """Whether any of the releases takes it and finds nothing to boot."""
        return any(each.accepted and each.stage != "ok" for each in self.outcomes.values())

    @property
    def lacks_processors(self) -> bool:
        """Whether a release refuses it because it names no processors."""
        return any(finding.rule == FaultKind.CPUS.value for finding in self.findings)

    @property
    def severities(self) -> frozenset[Severity]:
        """How bad the findings are."""
        return frozenset(finding.severity for finding in self.findings)


def judge(
    argv: Sequence[str],
    host: Host,
    releases: Sequence[str] = RELEASES,
    rules: Sequence[Rule] = RULES,
) -> Judgement:
    """Judge an argv for recorded releases, oldest first, by rules. Raises UnknownReleaseError."""
    asked = tuple(map(stands_for, releases))
    views = list(_views(argv, host, asked, rules))
    seen = {name: view for view in views for name in view.releases}
    return Judgement(
        argv,
        {name: seen[name].outcome for name in asked},
        _findings(views, argv, asked),
        _needs(views, asked),
    )


class _View(NamedTuple):
    """What some releases, oldest first, make of an argv: all of them the same."""

    releases: tuple[str, ...]
    outcome: Outcome
    hits: tuple[tuple[Rule | Refusal, Hit], ...]
    needs: Sequence[tuple[Need, int | None]]


def _views(
    argv: Sequence[str], host: Host, releases: Sequence[str], rules: Sequence[Rule]
) -> Iterator[_View]:
    """Yield what the releases make of an argv, by the oldest of those that make the same of it."""
    left = tuple(releases)
    while left:
        asked = Asked(left[0])
        reading = read(argv, asked, host)
        verdict, hits = outcome(reading.verdict), tuple(_hits(reading, rules))
        alike = asked.alike(left)
        yield _View(alike, verdict, hits, reading.needs)
        left = tuple(name for name in left if name not in alike)


def _needs(views: Sequence[_View], releases: Sequence[str]) -> tuple[BoardNeed, ...]:
    """Return what is needed, by the order of the tokens; what several releases need is one."""
    found: dict[Need, tuple[int | None, list[str]]] = {}
    for view in views:
        for need, token in view.needs:
            found.setdefault(need, (token, []))[1].extend(view.releases)
    needs = [
        BoardNeed(need, token, _in_turn(there, releases)) for need, (token, there) in found.items()
    ]
    return tuple(sorted(needs, key=lambda each: (each.token is None, each.token or 0)))


def _in_turn(concerned: Collection[str], releases: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in releases if name in concerned)


def _findings(
    views: Sequence[_View], argv: Sequence[str], releases: Sequence[str]
) -> tuple[Finding, ...]:
    """Return the findings in order; what several releases have in common is one."""
    found: dict[tuple[Rule | Refusal, Hit], set[str]] = {}
    for view in views:
        for each in view.hits:
            found.setdefault(each, set()).update(view.releases)
    findings = [
        Finding(
            source.id,
            source.severity,
            hit.token,
            hit.message,
            hit.fact or source.fact,
            source.remedy,
            _in_turn(concerned, releases),
        )
        for (source, hit), concerned in found.items()
        if not (isinstance(source, Rule) and source.contrast and len(concerned) == len(releases))
    ]
    return in_order(findings, tuple(argv))


def _hits(reading: Reading, rules: Sequence[Rule]) -> Iterator[tuple[Rule | Refusal, Hit]]:
    for fault in reading.faults:
        yield REFUSALS[fault.kind], Hit(fault.token, message(fault), fact(fault))
    for rule in rules:
        for hit in rule.check(reading):
            yield rule, hit
