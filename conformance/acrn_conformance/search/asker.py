"""Asking an implementation and the reference alike: what the implementation fails is a finding."""

from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from acrn_conformance.cases import Dialect, Fields, Request
from acrn_conformance.implementation import (
    Answered,
    Broken,
    Overdue,
    Pool,
    Prepared,
    ProtocolFault,
    Result,
    Retracted,
    Settings,
    added,
    wire,
)
from acrn_conformance.invariants import Exchange, broken
from acrn_conformance.judging import Mark, Verdict, judge
from acrn_conformance.oracle import reference_case
from acrn_conformance.search.coverage import Coverage
from acrn_conformance.search.variations import variations

_IMPATIENT = 0.5
"""Seconds that a reply may take once something has hung: it is asked often, to make it smaller."""

_REMEMBERED = 512
"""Requests whose answer may still be taken back."""


class Finding(msgspec.Struct, frozen=True):
    """A case that the implementation does not pass, and the verdict on it.

    ``invariant``: the name of the one that is broken, where the answer by itself is right.
    ``reproduced``: whether it came again when asked again.
    """

    verdict: Verdict
    invariant: str = ""
    reproduced: bool = True

    @property
    def costly(self) -> bool:
        """Whether it is a crash or a hang, which costs a restart each time."""
        return isinstance(self.verdict.outcome, Broken | Overdue)

    @property
    def size(self) -> int:
        """Bytes of the request."""
        return len(wire.prepare(self.verdict.case.request).body)


class Asker:
    """An implementation that is asked on, however much stays unanswered.

    `coverage` counts what has been asked. `close` ends what has been started, and leaves the
    replies that broke the contract of the wire in `faults`.
    """

    def __init__(
        self,
        settings: Settings,
        dialect: Dialect,
        methods: frozenset[str],
        tick: Callable[[], None] = lambda: None,
    ) -> None:
        """Prepare; only ``methods`` are asked. ``tick`` is called at least every second."""
        self._tick = tick
        self._settings = settings
        self._pool = Pool[int](settings, endless=True, tick=self._tick)
        self._dialect = dialect
        self._methods = methods
        self._next = 0
        self._recent: dict[int, Request] = {}
        self.coverage = Coverage(dialect)
        self.faults: tuple[ProtocolFault, ...] = ()

    def close(self) -> None:
        """End the implementation."""
        with self._pool:
            pass
        self.faults = added(self.faults, self._pool.faults)
        self._pool.faults = ()

    def restart(self, timeout: float | None = None) -> None:
        """Start afresh, with another time limit than was set, or with that."""
        self.close()
        limit = self._settings.timeout if timeout is None else timeout
        settings = msgspec.structs.replace(self._settings, timeout=limit)
        self._pool = Pool[int](settings, endless=True, tick=self._tick)

    def asks(self, request: Request) -> bool:
        """Tell whether a request is of a method that is asked."""
        return request.method in self._methods

    def examine(self, request: Request) -> Finding | None:
        """Ask a request and its variations, and hold its answer against the invariants.

        Not where several answers are as good: those to other requests need not go with it.
        """
        batch = [one for one in (request, *variations(request)) if self.asks(one)]
        verdicts = self.verdicts(batch)
        if finding := smallest(verdicts):
            return finding
        outcome, several = verdicts[0].outcome, verdicts[0].case.also_accepted
        if isinstance(outcome, Result) and isinstance(outcome.value, dict) and not several:
            return self._held_against_invariants(verdicts[0], outcome.value)
        return None

    def verdict(self, request: Request) -> Verdict:
        """Return the verdict on a single request.

        An earlier one that breaks meanwhile leaves it unanswered: then it is asked once more.
        """
        found = self.verdicts([request])[0]
        return found if found.case.request == request else self.verdicts([request])[0]

    def verdicts(self, requests: Sequence[Request]) -> list[Verdict]:
        """Return the verdicts on requests, in their order; where one breaks or hangs, only its own.

        An answer to an earlier request that is taken back, and then another one, counts as well:
        its verdict stands behind the others. Raises MalformedError.
        """
        self.coverage.add(requests)
        first = self._next
        held: dict[int, Verdict] = {}
        for event in self._pool.outcomes(self._numbered(requests)):
            match event:
                case Retracted(key=key):
                    held.pop(key, None)
                case Answered(key=key, outcome=outcome, seconds=seconds) if key in self._recent:
                    case = reference_case(self._dialect, self._recent[key])
                    held[key] = judge(case, outcome, seconds)
                    if isinstance(outcome, Broken | Overdue):
                        self.restart(min(self._settings.timeout, _IMPATIENT))
                        return [held[key]]
        return [held[key] for key in sorted(held, key=lambda key: (key < first, key))]

    def _numbered(self, requests: Sequence[Request]) -> Iterator[tuple[int, Prepared]]:
        """Yield requests under keys of their own, and remember the last of them."""
        while len(self._recent) > _REMEMBERED:
            del self._recent[next(iter(self._recent))]
        for request in requests:
            key = self._next
            self._next += 1
            self._recent[key] = request
            yield key, wire.prepare(request)

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

        exchange = Exchange(self._dialect, verdict.case.request, value, ask)
        for invariant, text in broken(exchange):
            if not related:
                fault = f"{invariant.rule} {text}"
                failed = msgspec.structs.replace(verdict, mark=Mark.FAIL, fault=fault)
                return Finding(failed, invariant.name)
            break
        return related[0] if related else None


def smallest(verdicts: Iterable[Verdict]) -> Finding | None:
    """Return the failing verdict with the smallest request, None where all pass."""
    findings = (Finding(verdict) for verdict in verdicts if verdict.failing)
    return min(findings, key=lambda finding: finding.size, default=None)
