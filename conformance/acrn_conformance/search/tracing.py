"""What was found is asked once more in a fresh process: what passes alone is state that leaks.

For that the shortest sequence of requests is sought after which it fails again, and each of them is
made as small as the time allows.
"""

import time
from collections.abc import Sequence

import msgspec

from acrn_base.starting import StartError
from acrn_conformance.cases import Case, Request
from acrn_conformance.implementation import Mode
from acrn_conformance.judging import Mark, Verdict, last_verdict, traced
from acrn_conformance.oracle import MalformedError, reference_case
from acrn_conformance.search.asker import Finding
from acrn_conformance.search.reduce import reduced
from acrn_conformance.search.subject import Subject

_SECONDS = 30.0
"""What a sequence may take, to be found and to be made smaller; each step starts a process."""


class Tracing:
    """Asks an implementation again, each time in a fresh process."""

    def __init__(self, subject: Subject) -> None:
        """Prepare; nothing is started before something is asked."""
        self._subject = subject

    def passes_alone(self, verdict: Verdict) -> bool:
        """Tell whether a case that failed behind others passes in a fresh process.

        One that crashed or hung was asked alone before it was blamed, as all are in exec mode.
        """
        if self._subject.settings.mode is Mode.EXEC or verdict.mark in {Mark.ERROR, Mark.TIMEOUT}:
            return False
        return not self._fails((verdict.case,))

    def traced(self, verdict: Verdict, before: Sequence[Request]) -> Finding:
        """Return what makes a case fail that passes alone, among the requests asked before it.

        Where even all of them do not, the verdict says that it is chance.
        """
        until = time.monotonic() + _SECONDS
        earlier = [reference_case(self._subject.dialect, request) for request in before]
        sequence = traced(earlier, verdict.case, self._fails, until)
        if not sequence:
            return Finding(msgspec.structs.replace(verdict, by_chance=True))
        small = self._smaller(sequence, until)
        found = self._last(small) or verdict
        leak = tuple(case.id for case in small)
        return Finding(msgspec.structs.replace(found, leak=leak), behind=small[:-1])

    def _smaller(self, sequence: tuple[Case, ...], until: float) -> tuple[Case, ...]:
        """Make each request smaller, the last first, and give each case an id of its own.

        What is asked twice is made smaller at once: perhaps it is that which matters.
        """
        cases = sequence
        for case in reversed(sequence):
            if case in cases and time.monotonic() < until:
                cases = self._with_less(cases, case, until)
        name = cases[-1].id
        behind = [
            msgspec.structs.replace(case, id=f"{name}-{number}")
            for number, case in enumerate(cases[:-1], 1)
        ]
        return (*behind, cases[-1])

    def _with_less(self, cases: tuple[Case, ...], case: Case, until: float) -> tuple[Case, ...]:
        """Return cases that still fail, with one of them made smaller wherever it stands."""

        def with_request(request: Request) -> tuple[Case, ...]:
            other = reference_case(self._subject.dialect, request)
            return tuple(other if each == case else each for each in cases)

        def still(request: Request) -> bool:
            try:
                return self._fails(with_request(request))
            except MalformedError:
                return False

        return with_request(reduced(case.request, still, until))

    def _fails(self, cases: Sequence[Case]) -> bool:
        found = self._last(cases)
        return found is not None and found.mark is not Mark.PASS

    def _last(self, cases: Sequence[Case]) -> Verdict | None:
        """Return the verdict on the last case, None where no process could be started any more."""
        try:
            return last_verdict(cases, self._subject.settings, self._subject.tick)
        except StartError:
            return None
