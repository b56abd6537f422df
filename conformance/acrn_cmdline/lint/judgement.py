"""Judging one argv: every release reads it, every rule looks at every reading."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from acrn_cmdline.lint.finding import Finding, Severity
from acrn_cmdline.lint.order import in_order
from acrn_cmdline.lint.refusals import REFUSALS, fact, message
from acrn_cmdline.lint.rule_form import Hit, Refusal, Rule
from acrn_cmdline.lint.rules import RULES
from acrn_cmdline.lint.verdicts import Outcome, outcome
from acrn_dm import RELEASES, FaultKind, Host, Need, Reading, read


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
    readings = [read(argv, release, host) for release in releases]
    return Judgement(
        argv,
        {reading.release: outcome(reading.verdict) for reading in readings},
        _findings(readings, rules),
        _needs(readings),
    )


def _needs(readings: Sequence[Reading]) -> tuple[BoardNeed, ...]:
    """Return what is needed, by the order of the tokens; what several releases need is one."""
    found: dict[Need, tuple[int | None, list[str]]] = {}
    for reading in readings:
        for need, token in reading.needs:
            found.setdefault(need, (token, []))[1].append(reading.release)
    needs = [BoardNeed(need, token, tuple(there)) for need, (token, there) in found.items()]
    return tuple(sorted(needs, key=lambda each: (each.token is None, each.token or 0)))


def _findings(readings: Sequence[Reading], rules: Sequence[Rule]) -> tuple[Finding, ...]:
    """Return the findings in order; what several releases have in common is one."""
    found: dict[tuple[Rule | Refusal, Hit], list[str]] = {}
    for reading in readings:
        for source, hit in _hits(reading, rules):
            releases = found.setdefault((source, hit), [])
            if not releases or releases[-1] != reading.release:
                releases.append(reading.release)
    findings = [
        Finding(
            source.id,
            source.severity,
            hit.token,
            hit.message,
            hit.fact or source.fact,
            source.remedy,
            tuple(releases),
        )
        for (source, hit), releases in found.items()
        if not (isinstance(source, Rule) and source.contrast and len(releases) == len(readings))
    ]
    return in_order(findings, tuple(readings[0].argv) if readings else ())


def _hits(reading: Reading, rules: Sequence[Rule]) -> Iterator[tuple[Rule | Refusal, Hit]]:
    for fault in reading.faults:
        yield REFUSALS[fault.kind], Hit(fault.token, message(fault), fact(fault))
    for rule in rules:
        for hit in rule.check(reading):
            yield rule, hit
