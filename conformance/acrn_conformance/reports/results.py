"""A run put into the form of the results file."""

import os
import platform
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

from acrn_conformance import __version__
from acrn_conformance.cases import Case, Golden, Rule
from acrn_conformance.implementation import Settings
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

    ``again`` returns the command that judges a case again; ``shard`` is ``I/K`` or None.
    """

    def __init__(
        self,
        golden: Golden,
        rules: Mapping[str, Rule],
        settings: Settings,
        again: Callable[[Verdict], str],
        shard: str | None = None,
    ) -> None:
        """Prepare."""
        self._golden = golden
        self._rules = rules
        self._settings = settings
        self._again = again
        self._shard = shard
        self._family_of = {
            case.id: family.name for family in golden.families for case in family.cases
        }

    def begun(self, described: Described, cases: Iterable[Case]) -> Results:
        """Return the results of a run that has just begun; ``cases`` are to be judged in it."""
        settings, selected = self._settings, described.of(cases)
        started = datetime.fromtimestamp(described.started, UTC)
        return Results(
            format=2,
            suite=Suite("acrn-conformance", __version__),
            golden=GoldenUsed(self._golden.version, self._golden.sha256, described.dialect),
            implementation=Implementation(
                _printable(settings.command),
                settings.mode,
                settings.jobs,
                settings.timeout,
                described.description,
            ),
            machine=_machine(),
            started=started.isoformat(timespec="milliseconds"),
            shard=self._shard,
            selected=len(selected),
            rules=self._told(selected),
            cases=(),
        )

    def whole(self, run: Run, cases: Iterable[Case]) -> Results:
        """Return the results of a run that is over, or was interrupted."""
        described = Described(run.started, run.description, run.dialect, ())
        groups = grouped(run.verdicts)
        number = {each.case.id: n for n, group in enumerate(groups) for each in group.verdicts}
        begun = self.begun(described, cases)
        return Results(
            begun.format,
            begun.suite,
            begun.golden,
            begun.implementation,
            begun.machine,
            begun.started,
            begun.shard,
            begun.selected,
            begun.rules,
            tuple(self.case(each, number.get(each.case.id)) for each in run.verdicts),
            tuple(map(_group, groups)),
            None if run.interrupted else _ended(run),
        )

    def case(self, verdict: Verdict, group: int | None = None) -> CaseResult:
        """Return what is kept of a verdict."""
        case, passed = verdict.case, verdict.mark is Mark.PASS
        return CaseResult(
            id=case.id,
            title=case.title,
            family=self._family_of[case.id],
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
            again="" if passed or verdict.unclaimed else _text(self._again(verdict)),
            request=None if passed or verdict.unclaimed else case.request.params,
            expected=() if passed else case.accepted,
            got=None if passed else verdict.outcome,
            group=group,
        )

    def _told(self, cases: Iterable[Case]) -> dict[str, RuleTold]:
        """Return the rules, those of the cases if the file has cases of its own."""
        named = {case.rule for case in cases} | set(self._rules)
        return {
            name: RuleTold(rule.text, rule.source)
            for name in sorted(named)
            if (rule := self._rules.get(name))
        }


def _ended(run: Run) -> Ended:
    return Ended(
        seconds=round(run.seconds, 6),
        passed=run.passed,
        summary={mark: sum(verdict.mark is mark for verdict in run.judged) for mark in Mark},
        excused=len(run.verdicts) - len(run.judged),
        not_judged=run.not_judged,
        complaints=run.complaints,
        faults=run.faults,
        remarks=run.remarks,
        endings=run.endings,
    )


def _group(group: Group) -> GroupResult:
    ids = tuple(verdict.case.id for verdict in group.verdicts)
    return GroupResult(group.rule, group.where, group.text, ids)


def _machine() -> Machine:
    return Machine(
        system=platform.system(),
        release=platform.release(),
        architecture=platform.machine(),
        python=platform.python_version(),
        processors=len(os.sched_getaffinity(0)),
    )


def _printable(command: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(_text, command))


def _text(word: str) -> str:
    """Return a word whose bytes need not be UTF-8 as text that is."""
    return os.fsencode(word).decode("utf-8", "backslashreplace")
