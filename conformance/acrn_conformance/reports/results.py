"""A run put into the form of the results file."""

import os
import platform
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

import msgspec

from acrn_conformance import __version__
from acrn_conformance.cases import Case, Description, Golden, Rule
from acrn_conformance.implementation import ProtocolFault, Settings
from acrn_conformance.judging import Described, Group, Mark, Run, Verdict, grouped
from acrn_conformance.reports import verdict_text
from acrn_conformance.reports.recorded import (
    CaseResult,
    Ended,
    GoldenUsed,
    GroupResult,
    Implementation,
    Machine,
    Results,
    RuleTold,
    Suite,
)


class Recorder:
    """Puts what happens in a run into the form of the results file.

    ``again`` returns the command that judges a case again; ``shard`` is ``I/K`` or None;
    ``tolerates``: faults of the protocol are no reason to fail.
    """

    def __init__(
        self,
        golden: Golden,
        rules: Mapping[str, Rule],
        settings: Settings,
        again: Callable[[Verdict], str],
        shard: str | None = None,
        *,
        tolerates: bool = False,
    ) -> None:
        """Prepare."""
        self._golden = golden
        self._rules = rules
        self._settings = settings
        self._again = again
        self._shard = shard
        self._tolerates = tolerates
        self._family_of = {
            case.id: family.name for family in golden.families for case in family.cases
        }

    def begun(
        self, described: Described, cases: Iterable[Case], faults: tuple[ProtocolFault, ...] = ()
    ) -> Results:
        """Return the results of a run that has just begun; ``cases`` are to be judged in it.

        ``faults``: those of the run that it goes on from.
        """
        selected = described.of(cases)
        begun = nothing_yet(
            GoldenUsed(self._golden.version, self._golden.sha256, described.dialect),
            tested(self._settings, described.description, tolerates=self._tolerates),
            described.started,
            self._shard,
        )
        rules = told(self._rules)
        return msgspec.structs.replace(begun, selected=len(selected), rules=rules, faults=faults)

    def whole(self, run: Run, cases: Iterable[Case]) -> Results:
        """Return the results of a run that is over, or was interrupted."""
        described = Described(run.started, run.description, run.dialect, ())
        groups = grouped(run.verdicts)
        number = {each.case.id: n for n, group in enumerate(groups) for each in group.verdicts}
        return msgspec.structs.replace(
            self.begun(described, cases, run.faults),
            cases=tuple(self.case(each, number.get(each.case.id)) for each in run.verdicts),
            groups=tuple(map(group_result, groups)),
            ended=None if run.interrupted else _ended(run),
        )

    def case(self, verdict: Verdict, group: int | None = None) -> CaseResult:
        """Return what is kept of a verdict."""
        again = "" if verdict.mark is Mark.PASS or verdict.unclaimed else self._again(verdict)
        return case_result(verdict, self._family_of[verdict.case.id], again, group)


def told(rules: Mapping[str, Rule]) -> dict[str, RuleTold]:
    """Return what is kept of rules, each with its source, by id."""
    return {name: RuleTold(rule.text, rule.source) for name, rule in sorted(rules.items())}


def nothing_yet(
    golden: GoldenUsed, implementation: Implementation, started: float, shard: str | None
) -> Results:
    """Return results without a case; ``started`` in seconds since the epoch."""
    return Results(
        format=2,
        suite=Suite("acrn-conformance", __version__),
        golden=golden,
        implementation=implementation,
        machine=_machine(),
        started=datetime.fromtimestamp(started, UTC).isoformat(timespec="milliseconds"),
        shard=shard,
        selected=0,
        rules={},
        cases=(),
    )


def tested(
    settings: Settings, description: Description | None, *, tolerates: bool
) -> Implementation:
    """Return who is judged, and how."""
    command = tuple(map(_text, settings.command))
    how = settings.mode, settings.jobs, settings.timeout
    return Implementation(command, *how, description, tolerates)


def case_result(verdict: Verdict, family: str, again: str, group: int | None = None) -> CaseResult:
    """Return what is kept of a verdict; ``again``: the command that judges it again."""
    case, passed = verdict.case, verdict.mark is Mark.PASS
    return CaseResult(
        id=case.id,
        title=case.title,
        family=family,
        method=case.request.method,
        level=case.level,
        rule=case.rule,
        verdict=verdict.mark,
        blamed=verdict.blamed,
        message=verdict_text.message(verdict),
        seconds=round(verdict.seconds, 6),
        excused=verdict.excused,
        known_failure=verdict.known,
        leak=verdict.leak,
        by_chance=verdict.by_chance,
        again=_text(again),
        request=None if passed or verdict.unclaimed else case.request.params,
        expected=() if passed else case.accepted,
        reason="" if passed else case.reason,
        got=None if passed else verdict.outcome,
        group=group,
    )


def group_result(group: Group) -> GroupResult:
    """Return a group by the ids of its cases."""
    ids = tuple(verdict.case.id for verdict in group.verdicts)
    return GroupResult(group.rule, group.where, group.text, ids)


def _ended(run: Run) -> Ended:
    return Ended(
        seconds=round(run.seconds, 6),
        passed=run.passed,
        summary={mark: sum(verdict.mark is mark for verdict in run.judged) for mark in Mark},
        excused=len(run.verdicts) - len(run.judged),
        not_judged=run.not_judged,
        complaints=run.complaints,
        remarks=run.remarks,
        endings=run.endings,
    )


def _machine() -> Machine:
    return Machine(
        system=platform.system(),
        release=platform.release(),
        architecture=platform.machine(),
        python=platform.python_version(),
        processors=len(os.sched_getaffinity(0)),
    )


def _text(word: str) -> str:
    """Return a word whose bytes need not be UTF-8 as text that is."""
    return os.fsencode(word).decode("utf-8", "backslashreplace")
