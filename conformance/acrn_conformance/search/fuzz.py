"""The search for requests that an implementation answers wrongly; needs the extra ``fuzz``.

Each request goes to the implementation and to the reference, and the answer is held against the
invariants, which ask more. What is found is shrunk by Hypothesis to its smallest form.
"""

import hashlib
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
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

from acrn_base.files import whole_file
from acrn_conformance.cases import Dialect, GoldenError, Request, golden
from acrn_conformance.implementation import ProtocolFault, Settings
from acrn_conformance.judging import Mark, Verdict
from acrn_conformance.oracle import MalformedError
from acrn_conformance.search.asker import Asker, Finding, smallest
from acrn_conformance.search.odd_values import odd_values
from acrn_conformance.search.reduce import reduced
from acrn_conformance.search.strategies import by_method

_ROUND = 200
_BATCH = 64
_REDUCING_SECONDS = 30.0
_WEIGHTS = {"argv": 6, "sandbox_argv": 3, "append_devices": 2}


class Limits(msgspec.Struct, frozen=True):
    """How long to search: until ``cases`` have been judged, or ``seconds`` are over.

    ``database``: a folder where found requests are kept, to be tried first the next time.
    ``shrink``: make what is found as small as it can be.
    """

    cases: int
    seconds: float
    seed: int
    database: Path | None = None
    shrink: bool = True


class DamagedWarning(UserWarning):
    """A file in the database that is no case file; the text says which, and why."""


class _FoundError(Exception):
    """Something has been found; Hypothesis shrinks it."""


class _FinalError(BaseException):
    """Something has been found that Hypothesis is not to ask again."""

    def __init__(self, finding: Finding) -> None:
        super().__init__()
        self.finding = finding


class Search:
    """A search of one implementation; `close` ends what it has started."""

    def __init__(
        self,
        settings: Settings,
        dialect: Dialect,
        methods: frozenset[str],
        tick: Callable[[], None] = lambda: None,
    ) -> None:
        """Prepare; only ``methods`` are asked. ``tick`` is called at least every second."""
        self._dialect = dialect
        self._asker = Asker(settings, dialect, methods, tick)
        self._strategy = _requests(dialect, methods)
        self._smallest: Finding | None = None
        self.coverage = self._asker.coverage

    def close(self) -> None:
        """End the implementation."""
        self._asker.close()

    @property
    def faults(self) -> tuple[ProtocolFault, ...]:
        """Return the replies that broke the contract of the wire; after `close` they are all."""
        return self._asker.faults

    def run(self, limits: Limits, progress: Callable[[int], None]) -> Finding | None:
        """Search; ``progress`` is called with the number of cases judged so far.

        Returns the smallest finding. Warns of what is no case file in the database. Raises
        StartError.
        """
        end = time.monotonic() + limits.seconds

        def over() -> bool:
            progress(self.coverage.judged)
            return self.coverage.judged >= limits.cases or time.monotonic() >= end

        with TemporaryDirectory() as home:
            # Hypothesis would keep its own things below the working directory.
            set_hypothesis_home_dir(home)
            for finding in self._findings(limits, over):
                if not limits.shrink:
                    return finding
                small = self._reduced(finding)
                if small.reproduced or small.verdict.mark is not Mark.TIMEOUT:
                    return small
                # The machine was busy for a moment, not the implementation.
                self._asker.restart()
        return None

    def _findings(self, limits: Limits, over: Callable[[], bool]) -> Iterator[Finding]:
        """Yield what is found: of what is worth asking first, then of what Hypothesis draws."""
        yield from self._first(_kept(limits.database), lambda: False)
        yield from self._first(odd_values(self._dialect), over)
        for rounds in count():
            if over():
                return
            self._smallest = None
            if finding := self._round(limits, rounds, over):
                yield finding

    def _first(self, requests: Iterable[Request], over: Callable[[], bool]) -> Iterator[Finding]:
        """Ask what is worth asking first, many at a time."""
        asked = (request for request in requests if self._asker.asks(request))
        while not over() and (batch := list(islice(asked, _BATCH))):
            if finding := smallest(self._asker.verdicts(batch)):
                yield finding

    def _round(self, limits: Limits, rounds: int, over: Callable[[], bool]) -> Finding | None:
        """Let Hypothesis draw some examples; return what is found, shrunk."""
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
        @given(self._strategy)
        def examine(request: Request) -> None:
            if self._smallest is not None or not over():
                self._examine(request, shrink=limits.shrink)

        try:
            examine()
        except _FoundError:
            return self._smallest
        except _FinalError as final:
            return final.finding
        except Flaky:
            # It did not come again: what came first is reported as what it is.
            if self._smallest is None:
                raise
            return msgspec.structs.replace(self._smallest, reproduced=False)
        return None

    def _examine(self, request: Request, *, shrink: bool) -> None:
        """Raise what an example finds."""
        finding = self._asker.examine(request)
        if finding is None:
            return
        if finding.costly or not shrink:
            raise _FinalError(finding)
        if self._smallest is None or finding.size <= self._smallest.size:
            self._smallest = finding
        raise _FoundError

    def _reduced(self, finding: Finding) -> Finding:
        """Take away from what failed whatever does not matter, variations included."""
        if finding.invariant or not finding.reproduced:
            return finding
        mark = finding.verdict.mark

        def still(request: Request) -> bool:
            try:
                return self._asker.verdict(request).mark is mark
            except MalformedError:
                return False

        request = finding.verdict.case.request
        if not still(request):
            return msgspec.structs.replace(finding, reproduced=False)
        until = time.monotonic() + _REDUCING_SECONDS
        return Finding(self._asker.verdict(reduced(request, still, until)))


def _requests(dialect: Dialect, methods: frozenset[str]) -> st.SearchStrategy[Request]:
    weighted = [
        strategy
        for method, strategy in by_method(dialect).items()
        if method in methods
        for _ in range(_WEIGHTS.get(method, 1))
    ]
    return st.one_of(weighted)


def _seed(seed: int, rounds: int) -> int:
    """Return a seed for a round that no neighbouring seed's rounds have."""
    return int.from_bytes(hashlib.sha256(f"{seed}/{rounds}".encode()).digest()[:8])


def _kept(folder: Path | None) -> Iterator[Request]:
    """Yield the requests that earlier searches have kept; what is damaged is passed over."""
    for path in sorted(folder.glob("found-*.json")) if folder else ():
        try:
            yield from (case.request for case in golden.load_cases(path).cases())
        except GoldenError as error:
            warnings.warn(f"passed over: {error}", DamagedWarning, stacklevel=2)


def keep(verdict: Verdict, folder: Path) -> None:
    """Keep a finding as a case file, whole, for the next search to try first. Raises OSError."""
    with whole_file(folder / f"{verdict.case.id}.json") as file:
        file.write(msgspec.json.encode([verdict.case]))


def _database(folder: Path | None) -> ExampleDatabase | None:
    return DirectoryBasedExampleDatabase(folder) if folder else None
