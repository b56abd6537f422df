"""A search put into the form of the results file: what it finds are cases that fail."""

import time
from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from acrn_conformance.implementation import ProtocolFault
from acrn_conformance.invariants import INVARIANTS
from acrn_conformance.judging import Mark, Verdict, grouped
from acrn_conformance.reports.recorded import CaseResult, Ended, Results, RuleTold, Search
from acrn_conformance.reports.results import case_result, group_result
from acrn_conformance.search import Finding

_RULES: Mapping[str, RuleTold] = {
    "found-by-search": RuleTold("The answer is that of the built-in reference.", "reference"),
    **{each.name: RuleTold(each.rule, "invariant") for each in INVARIANTS},
}
"""What a finding can break beside the rules of the goldens, where no difference tells of one."""


class _Found(NamedTuple):
    """A finding, its verdict with the rule to blame, and the command that judges it again."""

    finding: Finding
    verdict: Verdict
    again: str


class SearchRecorder:
    """Puts a search into the form of the results file, as it goes on."""

    def __init__(self, nothing: Results, search: Search, asked: Mapping[str, int]) -> None:
        """Prepare; ``nothing``: results without a case, with the rules of the goldens.

        ``search``: how it is searched.

        ``asked``: how many requests of each method, counted on by whoever asks.
        """
        rules = {**nothing.rules, **_RULES}
        self._nothing = msgspec.structs.replace(nothing, rules=rules)
        self._search = search
        self._asked = asked
        self._found: list[_Found] = []
        self._started = time.monotonic()
        self._ended: Ended | None = None

    def met(self, faults: tuple[ProtocolFault, ...]) -> None:
        """Note what has broken the contract of the wire."""
        self._nothing = msgspec.structs.replace(self._nothing, faults=faults)

    def found(self, finding: Finding, again: str) -> CaseResult:
        """Add a finding, and return what is kept of it; ``again`` judges it again."""
        self._found.append(_Found(finding, finding.diagnosed, again))
        return _case(self._found[-1], None)

    def over(
        self,
        coverage: tuple[str, ...] = (),
        failing: int | None = None,
        remarks: tuple[str, ...] = (),
    ) -> None:
        """Note that the search has come to its end; ``coverage``: what it met, in words.

        ``failing``: how many requests failed, where not each of them is a finding. ``remarks``:
        what no request is to blame for.
        """
        failed = len(self._found) if failing is None else failing
        self._search = msgspec.structs.replace(self._search, coverage=coverage, failing=failed)
        marks = [each.verdict.mark for each in self._found]
        broken = self._nothing.faults and not self._nothing.implementation.tolerates_protocol_faults
        self._ended = Ended(
            seconds=round(time.monotonic() - self._started, 6),
            passed=not (failed or broken),
            summary={mark: marks.count(mark) for mark in Mark},
            remarks=(
                *remarks,
                *(
                    f"{each.verdict.case.id}: asked again, it did not come again: state, or chance"
                    for each in self._found
                    if not each.finding.reproduced
                ),
            ),
        )

    def results(self) -> Results:
        """Return the results, as far as they are known."""
        groups = grouped(each.verdict for each in self._found)
        number = {each.case.id: n for n, group in enumerate(groups) for each in group.verdicts}
        asked = {name: times for name, times in sorted(self._asked.items()) if times}
        failing = max(self._search.failing, len(self._found))
        return msgspec.structs.replace(
            self._nothing,
            search=msgspec.structs.replace(self._search, asked=asked, failing=failing),
            cases=tuple(_case(each, number[each.verdict.case.id]) for each in self._found),
            groups=tuple(map(group_result, groups)),
            ended=self._ended,
        )


def _case(found: _Found, group: int | None) -> CaseResult:
    method = found.verdict.case.request.method
    kept = case_result(found.verdict, method, found.again, group)
    behind = tuple(each.request for each in found.finding.behind)
    return msgspec.structs.replace(kept, behind=behind)
