"""Asking an implementation and the reference alike: what the implementation fails is a finding."""

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile

import msgspec

from acrn_conformance.cases import Answer, Case, Fields, Request
from acrn_conformance.implementation import (
    HUNG,
    AsForeseen,
    Broken,
    Outcome,
    Overdue,
    Pool,
    Prepared,
    ProtocolFault,
    Refused,
    Result,
    Retracted,
    added,
    wire,
)
from acrn_conformance.invariants import Exchange, broken
from acrn_conformance.judging import Mark, Verdict, blamed, judge
from acrn_conformance.oracle import Answering, reference_case
from acrn_conformance.search.coverage import Coverage
from acrn_conformance.search.subject import Subject

_IMPATIENT = 0.5
"""Seconds that a reply may take once something has hung: it is asked often, to make it smaller."""

HISTORY = 4096
"""Requests to one process that are remembered: state may come of any of them."""

_canonical = msgspec.json.Encoder(order="sorted").encode


class Finding(msgspec.Struct, frozen=True):
    """A case that the implementation does not pass, and the verdict on it.

    ``invariant``: the name of the one that is broken, where the answer by itself is right.
    ``reproduced``: whether it came again when asked again. ``behind``: the cases to be asked of the
    same process before it, where it passes alone.
    """

    verdict: Verdict
    invariant: str = ""
    reproduced: bool = True
    behind: tuple[Case, ...] = ()

    @property
    def cases(self) -> tuple[Case, ...]:
        """The cases that show it, in the order in which they are to be asked."""
        return (*self.behind, self.verdict.case)

    @property
    def diagnosed(self) -> Verdict:
        """The verdict with the rule that is broken: the invariant, or what the difference tells."""
        if self.invariant:
            return msgspec.structs.replace(self.verdict, blamed=self.invariant)
        (verdict,) = blamed([self.verdict])
        return verdict

    @property
    def size(self) -> int:
        """Bytes of the request."""
        return len(wire.prepare(self.verdict.case.request).body)


_Key = tuple[int, Request, Answer]
"""A request that has been asked, its number among all, and the answer that is due."""


class Asker:
    """An implementation that is asked on, however much stays unanswered.

    `coverage` counts what has been asked. `close` ends what has been started.
    """

    def __init__(self, subject: Subject) -> None:
        """Prepare; nothing is started before something is asked."""
        self._subject = subject
        self._timeout = subject.settings.timeout
        self._pool = self._new_pool()
        self._answering = Answering(subject.dialect)
        self._next = 0
        self._history: deque[Request] = deque(maxlen=HISTORY)
        self.coverage = Coverage(subject.dialect)
        self._faults: tuple[ProtocolFault, ...] = ()
        self._remarks: Counter[str] = Counter()

    @property
    def faults(self) -> tuple[ProtocolFault, ...]:
        """What broke the contract of the wire so far."""
        met = self._pool.faults
        if self._timeout < self._subject.settings.timeout:
            # Who is late has had less time than a reply may take.
            met = tuple(fault for fault in met if fault.kind != HUNG)
        return added(self._faults, met)

    @property
    def remarks(self) -> Counter[str]:
        """The events so far that no request is to blame for."""
        return self._remarks + self._pool.remarks

    def close(self) -> None:
        """End the implementation."""
        with self._pool:
            pass

    def restart(self, timeout: float | None = None) -> None:
        """Start afresh, with another time limit than was set, or with that."""
        self.close()
        self._faults, self._remarks = self.faults, self.remarks
        self._timeout = self._subject.settings.timeout if timeout is None else timeout
        self._pool = self._new_pool()
        self._history.clear()

    def _new_pool(self) -> Pool[_Key]:
        settings = msgspec.structs.replace(self._subject.settings, timeout=self._timeout)
        return Pool[_Key](settings, endless=True, tick=self._subject.tick)

    def asks(self, request: Request) -> bool:
        """Tell whether a request is of a method that is asked."""
        return request.method in self._subject.methods

    def failing(self, requests: Iterable[Request]) -> list[Verdict]:
        """Ask requests until the first fails; return the verdicts on those that did by then.

        They are in the order of the requests. Where one breaks or hangs, it is only that.
        """
        held: dict[int, Verdict] = {}
        self._ask(takewhile(lambda _: not held, requests), held, every=False)
        return [held[number] for number in sorted(held)]

    def verdicts(self, requests: Sequence[Request]) -> list[Verdict]:
        """Return the verdicts on requests, in their order; where one breaks or hangs, only its own.

        An answer to an earlier request that is taken back, and then another one, counts as well:
        its verdict stands behind the others.
        """
        first = self._next
        held: dict[int, Verdict] = {}
        self._ask(requests, held, every=True)
        return [held[number] for number in sorted(held, key=lambda n: (n < first, n))]

    def verdict(self, request: Request) -> Verdict:
        """Return the verdict on a single request. Raises MalformedError, and then asks nothing.

        An earlier one that breaks meanwhile leaves it unanswered: then it is asked once more.
        """
        self._answering.expected(request)
        found = self.verdicts([request])[0]
        return found if found.case.request is request else self.verdicts([request])[0]

    def examine(self, request: Request) -> Finding | None:
        """Ask a request, and hold its answer against the invariants, which ask more.

        Not where several answers are as good: those to other requests need not go with it.
        """
        verdict = self.verdict(request)
        if verdict.failing:
            return Finding(verdict)
        outcome, several = verdict.outcome, verdict.case.also_accepted
        if isinstance(outcome, Result) and isinstance(outcome.value, dict) and not several:
            return self._held_against_invariants(verdict, outcome.value)
        return None

    def before(self, request: Request) -> list[Request]:
        """Return what was asked before a request, the last thousands, in order."""
        earlier = takewhile(lambda asked: asked is not request, self._history)
        return list(earlier)

    def _ask(self, requests: Iterable[Request], held: dict[int, Verdict], *, every: bool) -> None:
        """Ask requests, and hold the verdicts on those that fail, or on every one, by number."""
        # This loop, and what it calls, is where a search spends its time. Most answers are right,
        # and come as they were foreseen: it makes a case of those alone that are not.
        prepared = self._prepared(requests)
        for event in self._pool.outcomes(prepared) if every else self._pool.in_bulk(prepared):
            if isinstance(event, AsForeseen):
                continue
            number, request, due = event.key
            if isinstance(event, Retracted):
                held.pop(number, None)
            elif every or not _agrees(due, event.outcome):
                case = reference_case(self._subject.dialect, request)
                verdict = judge(case, event.outcome, event.seconds)
                if isinstance(event.outcome, Broken | Overdue):
                    held.clear()
                    held[number] = verdict
                    if self._timeout > _IMPATIENT:
                        self.restart(_IMPATIENT)
                    return
                if every or verdict.failing:
                    held[number] = verdict

    def _prepared(self, requests: Iterable[Request]) -> Iterator[tuple[_Key, Prepared]]:
        """Yield requests under numbers of their own, and remember and count them.

        Raises MalformedError.
        """
        for request in requests:
            due = self._answering.expected(request)
            self.coverage.add(request)
            self._history.append(request)
            number = self._next
            self._next += 1
            yield (number, request, due), wire.prepare(request, due.result)

    def _held_against_invariants(self, verdict: Verdict, value: Fields) -> Finding | None:
        """Return the first invariant that is broken, or what fails of the requests it asks."""
        related: list[Finding] = []

        def ask(request: Request) -> Fields | None:
            if related or not self.asks(request):
                return None
            asked = self.verdict(request)
            if asked.failing:
                related.append(Finding(asked))
            match asked.outcome:
                case Result(value=dict() as fields) if not asked.failing:
                    return fields
                case _:
                    return None

        exchange = Exchange(self._subject.dialect, verdict.case.request, value, ask)
        for invariant, text in broken(exchange):
            if not related:
                fault = f"{invariant.rule} {text}"
                failed = msgspec.structs.replace(verdict, mark=Mark.FAIL, fault=fault)
                return Finding(failed, invariant.name)
            break
        return related[0] if related else None


def smallest(verdicts: Iterable[Verdict]) -> Finding:
    """Return the verdict with the smallest request, of one at least, as a finding."""
    return min(map(Finding, verdicts), key=lambda finding: finding.size)


def _agrees(answer: Answer, outcome: Outcome) -> bool:
    """Tell whether an outcome is the expected answer itself, and says no more than that."""
    if isinstance(outcome, Result):
        right = answer.result
        return outcome.value is right or (
            not answer.refused and _canonical(outcome.value) == _canonical(right)
        )
    return answer.refused and isinstance(outcome, Refused)
