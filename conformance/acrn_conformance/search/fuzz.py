"""The search for requests that an implementation answers wrongly; needs the extra ``fuzz``.

Each request goes to the implementation and to the reference, and the answer is held against the
invariants, which ask more. What is found is shrunk by Hypothesis to its smallest form.
"""

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count, islice
from pathlib import Path
from tempfile import TemporaryDirectory

import hypothesis
import msgspec
from hypothesis import HealthCheck, Phase, given
from hypothesis import strategies as st
from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.database import DirectoryBasedExampleDatabase, ExampleDatabase
from hypothesis.errors import Flaky

from acrn_conformance.cases import Dialect, Request, golden
from acrn_conformance.implementation import Broken, Overdue, Pool, Result, Settings, wire
from acrn_conformance.invariants import Exchange, broken
from acrn_conformance.invariants import Result as Answered
from acrn_conformance.judging import Mark, Verdict, judge
from acrn_conformance.oracle import MalformedError, reference_case
from acrn_conformance.search.coverage import Coverage
from acrn_conformance.search.odd_values import odd_values
from acrn_conformance.search.reduce import reduced
from acrn_conformance.search.strategies import by_method
from acrn_conformance.search.variations import variations

_ROUND = 200
_BATCH = 64
_SHRINKING_TIMEOUT = 0.5
_REDUCING_SECONDS = 30.0
_WEIGHTS = {"argv": 6, "sandbox_argv": 3, "append_devices": 2}


class Limits(msgspec.Struct, frozen=True):
    """How long to search: until ``cases`` have been judged, or ``seconds`` are over.

    ``database``: a folder where found requests are kept, to be tried first the next time.
    """

    cases: int
    seconds: float
    seed: int
    database: Path | None = None


class Finding(msgspec.Struct, frozen=True):
    """What was found: a case that the implementation does not pass, and the verdict on it.

    ``invariant``: the name of the one that is broken, where the answer by itself is right.
    ``reproduced``: whether it came again when asked again.
    """

    verdict: Verdict
    invariant: str = ""
    reproduced: bool = True


class _FoundError(Exception):
    """Something has been found; Hypothesis shrinks it."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.verdict.message)
        self.finding = finding


class _CostlyError(BaseException):
    """A crash or a hang has been found: a restart each time, and Hypothesis would ask too often."""

    def __init__(self, finding: Finding) -> None:
        super().__init__()
        self.finding = finding


class Search:
    """A search of one implementation; `close` ends what it has started."""

    def __init__(self, settings: Settings, dialect: Dialect, methods: frozenset[str]) -> None:
        """Prepare; only ``methods`` are asked."""
        self._settings = msgspec.structs.replace(settings, endless=True)
        self._timeout = settings.timeout
        self._pool = Pool[int](self._settings)
        self._dialect = dialect
        self._methods = methods
        self._smallest: Finding | None = None
        self.coverage = Coverage(dialect)

    def close(self) -> None:
        """End the implementation."""
        with self._pool:
            pass

    def run(self, limits: Limits, progress: Callable[[int], None]) -> Finding | None:
        """Search; ``progress`` is called with the number of cases judged so far.

        Returns the smallest finding. Raises StartError, and GoldenError for a database that holds
        what is no case file.
        """
        end = time.monotonic() + limits.seconds
        with TemporaryDirectory() as home:
            # Hypothesis would keep its own things below the working directory.
            set_hypothesis_home_dir(home)
            return self._until(end, limits, progress)

    def _until(self, end: float, limits: Limits, progress: Callable[[int], None]) -> Finding | None:
        def over() -> bool:
            return self.coverage.judged >= limits.cases or time.monotonic() >= end

        for rounds in count():
            if over():
                return None
            try:
                if rounds == 0:
                    self._ask_first(_kept(limits.database), progress)
                    self._ask_first(odd_values(), progress, over)
                self._round(limits, rounds, over, progress)
            except _FoundError as found:
                return _keep(self._reduced(found.finding), limits.database)
            except _CostlyError as costly:
                finding = self._reduced(costly.finding)
                if finding.reproduced or finding.verdict.mark is not Mark.TIMEOUT:
                    return _keep(finding, limits.database)
                # The machine was busy for a moment, not the implementation.
                self._restart(self._timeout)
            except Flaky:
                # It did not come again: what came first is reported as what it is.
                if self._smallest is None:
                    raise
                return msgspec.structs.replace(self._smallest, reproduced=False)
        raise AssertionError

    def _ask_first(
        self,
        requests: Iterable[Request],
        progress: Callable[[int], None],
        over: Callable[[], bool] = lambda: False,
    ) -> None:
        """Ask what is worth asking first; raises what is found."""
        asked = (request for request in requests if request.method in self._methods)
        while (batch := list(islice(asked, _BATCH))) and not over():
            failing = [verdict for verdict in self._judge(batch) if verdict.failing]
            if failing:
                self._found(Finding(min(failing, key=_size)))
            progress(self.coverage.judged)

    def _round(
        self, limits: Limits, rounds: int, over: Callable[[], bool], progress: Callable[[int], None]
    ) -> None:
        """Let Hypothesis draw some examples; raises what is found, shrunk."""
        phases = [Phase.generate, Phase.shrink]

        @hypothesis.seed(_seed(limits.seed, rounds))
        @hypothesis.settings(
            max_examples=_ROUND,
            database=_database(limits.database),
            phases=phases if rounds else [Phase.reuse, *phases],
            deadline=None,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
            verbosity=hypothesis.Verbosity.quiet,
        )
        @given(self._requests())
        def examine(request: Request) -> None:
            if self._smallest is not None or not over():
                self._examine(request)
                progress(self.coverage.judged)

        examine()

    def _reduced(self, finding: Finding) -> Finding:
        """Take away from what failed whatever does not matter, variations included."""
        if finding.invariant:
            return finding
        mark = finding.verdict.mark

        def verdict_on(request: Request) -> Verdict:
            try:
                return self._judge([request])[0]
            except _CostlyError as costly:
                return costly.finding.verdict

        def still(request: Request) -> bool:
            try:
                return verdict_on(request).mark is mark
            except MalformedError:
                return False

        if not still(finding.verdict.case.request):
            return msgspec.structs.replace(finding, reproduced=False)
        until = time.monotonic() + _REDUCING_SECONDS
        return Finding(verdict_on(reduced(finding.verdict.case.request, still, until)))

    def _requests(self) -> st.SearchStrategy[Request]:
        weighted = [
            strategy
            for method, strategy in by_method(self._dialect).items()
            if method in self._methods
            for _ in range(_WEIGHTS.get(method, 1))
        ]
        return st.one_of(weighted)

    def _examine(self, request: Request) -> None:
        """Ask a request and its variations, and hold its answer against the invariants."""
        batch = [request, *variations(request)]
        asked = [one for one in batch if one.method in self._methods]
        verdicts = self._judge(asked)
        failing = [verdict for verdict in verdicts if verdict.failing]
        if failing:
            self._found(Finding(min(failing, key=_size)))
        outcome = verdicts[0].outcome
        if isinstance(outcome, Result) and isinstance(outcome.value, dict):
            exchange = Exchange(self._dialect, request, outcome.value, self._ask)
            for invariant, text in broken(exchange):
                verdict = msgspec.structs.replace(verdicts[0], message=f"{invariant.rule} {text}")
                self._found(Finding(verdict, invariant.name))

    def _judge(self, requests: Sequence[Request]) -> list[Verdict]:
        prepared = ((number, wire.prepare(request)) for number, request in enumerate(requests))
        verdicts: dict[int, Verdict] = {}
        self.coverage.add(requests)
        for number, outcome in self._pool.outcomes(prepared):
            verdicts[number] = judge(reference_case(self._dialect, requests[number]), outcome)
            if isinstance(outcome, Broken | Overdue):
                # What hangs is asked often to make it smaller, and the answer is known by then.
                self._restart(min(self._timeout, _SHRINKING_TIMEOUT))
                raise _CostlyError(Finding(verdicts[number]))
        return [verdicts[number] for number in sorted(verdicts)]

    def _ask(self, request: Request) -> Answered | None:
        """Ask something related; None where there is no result, and none is due."""
        if request.method not in self._methods:
            return None
        (verdict,) = self._judge([request])
        if verdict.failing:
            self._found(Finding(verdict))
        match verdict.outcome:
            case Result(value=dict() as value):
                return value
            case _:
                return None

    def _restart(self, timeout: float) -> None:
        """Start afresh, with another time limit."""
        self.close()
        self._settings = msgspec.structs.replace(self._settings, timeout=timeout)
        self._pool = Pool[int](self._settings)

    def _found(self, finding: Finding) -> None:
        if self._smallest is None or _size(finding.verdict) <= _size(self._smallest.verdict):
            self._smallest = finding
        raise _FoundError(finding)


def _seed(seed: int, rounds: int) -> int:
    """Return a seed for a round that no neighbouring seed's rounds have."""
    return int.from_bytes(hashlib.sha256(f"{seed}/{rounds}".encode()).digest()[:8])


def _kept(folder: Path | None) -> Iterator[Request]:
    """Yield the requests that earlier searches have kept. Raises GoldenError."""
    for path in sorted(folder.glob("found-*.json")) if folder else ():
        yield from (case.request for case in golden.load_cases(path).cases())


def _keep(finding: Finding, folder: Path | None) -> Finding:
    """Keep a finding as a case file, for the next search to try first."""
    if folder:
        case = finding.verdict.case
        (folder / f"{case.id}.json").write_bytes(msgspec.json.encode([case]))
    return finding


def _database(folder: Path | None) -> ExampleDatabase | None:
    return DirectoryBasedExampleDatabase(folder) if folder else None


def _size(verdict: Verdict) -> int:
    return len(wire.prepare(verdict.case.request).body)
