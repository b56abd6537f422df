"""Judging one argv: every release reads it, every rule looks at every reading."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from acrn_cmdline.lint.finding import Finding, Severity
from acrn_cmdline.lint.refusals import REFUSALS, fact, message
from acrn_cmdline.lint.rule_form import Hit, Refusal, Rule
from acrn_cmdline.lint.rules import RULES
from acrn_cmdline.lint.verdicts import Outcome, outcome
from acrn_dm import RELEASES, Host, Reading, read

_WORST_FIRST = tuple(Severity)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What lint has to say of an argv (without the program's name)."""

    argv: Sequence[str]
    outcomes: Mapping[str, Outcome]
    findings: tuple[Finding, ...]

    @property
    def refused(self) -> bool:
        """Whether any of the releases refuses it."""
        return not all(outcome.accepted for outcome in self.outcomes.values())


def judge(
    argv: Sequence[str],
    host: Host,
    releases: Sequence[str] = RELEASES,
    rules: Sequence[Rule] = RULES,
) -> Judgement:
    """Judge an argv for releases, the oldest first, by ``rules``. Raises UnknownReleaseError."""
    readings = [read(argv, release, host) for release in releases]
    return Judgement(
        argv,
        {reading.release: outcome(reading.verdict) for reading in readings},
        _findings(readings, rules),
    )


def _findings(readings: Sequence[Reading], rules: Sequence[Rule]) -> tuple[Finding, ...]:
    """Return the findings, the worst first; what several releases have in common is one."""
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
    return tuple(sorted(findings, key=_order))


def _hits(reading: Reading, rules: Sequence[Rule]) -> Iterator[tuple[Rule | Refusal, Hit]]:
    for fault in reading.faults:
        yield REFUSALS[fault.kind], Hit(fault.token, message(fault), fact(fault))
    for rule in rules:
        for hit in rule.check(reading):
            yield rule, hit


def _order(finding: Finding) -> tuple[int, bool, int, str]:
    token = finding.token
    rank = _WORST_FIRST.index(finding.severity)
    return rank, token is None, token or 0, finding.rule
