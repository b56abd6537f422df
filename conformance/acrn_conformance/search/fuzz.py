"""The search for requests that an implementation answers wrongly.

Each request goes to the implementation and to the reference. Every second one is an odd value, as
long as there are any; the others are drawn at random. What is drawn is arranged anew some forty
times, so that drawing costs little; of some of it the answer is held against the invariants, which
ask more. What is found is made smaller by `reduce`, whatever it came from: Hypothesis can shrink
only what it has drawn itself, and draws some hundred requests a second.
"""

import time
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, count, islice, zip_longest
from pathlib import Path

import msgspec

from acrn_base.files import whole_file
from acrn_base.garbage import rarely_collected
from acrn_conformance.cases import Dialect, GoldenError, Request, golden
from acrn_conformance.implementation import ProtocolFault
from acrn_conformance.judging import Mark
from acrn_conformance.oracle import MalformedError, expected
from acrn_conformance.search.asker import Asker, Finding, smallest
from acrn_conformance.search.drawing import Drawing, seeded
from acrn_conformance.search.odd_values import odd_values
from acrn_conformance.search.reduce import reduced
from acrn_conformance.search.subject import Subject
from acrn_conformance.search.tracing import Tracing
from acrn_conformance.search.variations import variations

_ROUND = 64
"""Requests drawn at a time; each makes some forty, which are asked without a pause."""

_EXAMINED = 16
"""One in so many that are drawn is held against the invariants: each of their questions waits for
its answer."""

_BEFORE_ALL_ROUNDS = -1
"""The number of the chance that shuffles odd values: one that no round has."""

_BATCH = 64
_REDUCING_SECONDS = 30.0


class Limits(msgspec.Struct, frozen=True):
    """How long to search: until ``cases`` have been judged, or ``seconds`` are over.

    ``part``: only that of so many ``parts``, counted from 1, which together are the whole search.
    ``database``: a folder where found requests are kept, to be tried first the next time.
    ``shrink``: make what is found as small as it can be.
    """

    cases: int
    seconds: float
    seed: int
    part: int = 1
    parts: int = 1
    database: Path | None = None
    shrink: bool = True


class DamagedWarning(UserWarning):
    """A file in the database that is no case file; the text says which, and why."""


class Search:
    """A search of one implementation; `close` ends what it has started."""

    def __init__(self, subject: Subject) -> None:
        """Prepare; nothing is started before the search is run."""
        self._dialect = subject.dialect
        self._asker = Asker(subject)
        self._drawing = Drawing(subject.dialect, subject.methods)
        self._tracing = Tracing(subject)
        self.coverage = self._asker.coverage

    def close(self) -> None:
        """End the implementation."""
        self._asker.close()

    @property
    def faults(self) -> tuple[ProtocolFault, ...]:
        """Return what broke the contract of the wire so far."""
        return self._asker.faults

    @property
    def remarks(self) -> Mapping[str, int]:
        """Return the events so far that no request is to blame for, and how often each was."""
        return self._asker.remarks

    def run(self, limits: Limits, progress: Callable[[int], None]) -> Finding | None:
        """Search; ``progress`` is called with the number of cases judged so far.

        Returns the smallest finding. Warns of what is no case file in the database. Raises
        StartError.
        """
        end = time.monotonic() + limits.seconds

        def over() -> bool:
            progress(self.coverage.judged)
            return self.coverage.judged >= limits.cases or time.monotonic() >= end

        with rarely_collected():
            return self._first(self._findings(limits, over), shrink=limits.shrink)

    def _first(self, findings: Iterator[Finding], *, shrink: bool) -> Finding | None:
        """Return the first that holds."""
        for finding in findings:
            if not shrink:
                return finding
            small = self._settled(finding)
            if small.reproduced or small.verdict.mark is not Mark.TIMEOUT:
                return small
            # The machine was busy for a moment, not the implementation.
            self._asker.restart()
        return None

    def _findings(self, limits: Limits, over: Callable[[], bool]) -> Iterator[Finding]:
        """Yield what is found: of what was kept, then of what is drawn and odd values by turns."""
        yield from self._asked(_kept(limits.database, self._dialect), lambda: False)
        odd = (each for each in dealt(self._dialect, limits) if self._asker.asks(each))
        for drawn in rounds(self._drawing, limits):
            if over():
                return
            arranged = chain.from_iterable((each, *variations(each)) for each in drawn)
            yield from self._asked(_by_turns(odd, arranged), over)
            for request in drawn[::_EXAMINED]:
                if not over() and (finding := self._asker.examine(request)):
                    yield finding

    def _asked(self, requests: Iterable[Request], over: Callable[[], bool]) -> Iterator[Finding]:
        """Yield what is found among requests, of what fails at once the smallest."""
        asked = _until(over, (each for each in requests if self._asker.asks(each)))
        while failing := self._asker.failing(asked):
            yield smallest(failing)

    def _settled(self, finding: Finding) -> Finding:
        """Return what it comes of: one request, as small as it can be, or state."""
        verdict = finding.verdict
        if not finding.invariant and self._tracing.passes_alone(verdict):
            return self._tracing.traced(verdict, self._asker.before(verdict.case.request))
        return self._reduced(finding)

    def _reduced(self, finding: Finding) -> Finding:
        """Take away from what failed whatever does not matter."""
        asker, mark = self._asker, finding.verdict.mark

        def still(request: Request) -> Finding | None:
            """Return the same finding of another request, if it is one."""
            try:
                if finding.invariant:
                    found = asker.examine(request)
                    return found if found and found.invariant == finding.invariant else None
                verdict = asker.verdict(request)
            except MalformedError:
                return None
            return Finding(verdict) if verdict.mark is mark else None

        request = finding.verdict.case.request
        if not still(request):
            return msgspec.structs.replace(finding, reproduced=False)
        until = time.monotonic() + _REDUCING_SECONDS
        small = reduced(request, lambda smaller: still(smaller) is not None, until)
        return still(small) or msgspec.structs.replace(finding, reproduced=False)


def rounds(drawing: Drawing, limits: Limits) -> Iterator[list[Request]]:
    """Yield what is drawn, without end, a round at a time: those of all parts are the whole's."""
    for number in count(limits.part - 1, limits.parts):
        random = seeded(limits.seed, number)
        yield [drawing.request(random) for _ in range(_ROUND)]


def dealt(dialect: Dialect, limits: Limits) -> Iterator[Request]:
    """Yield the odd values of a part of the search, each method in its turn, as the seed has it."""
    of_method: defaultdict[str, list[Request]] = defaultdict(list)
    for request in islice(odd_values(dialect), limits.part - 1, None, limits.parts):
        of_method[request.method].append(request)
    random = seeded(limits.seed, _BEFORE_ALL_ROUNDS)
    for requests in of_method.values():
        random.shuffle(requests)
    turns = zip_longest(*of_method.values())
    return (request for turn in turns for request in turn if request)


def _by_turns(first: Iterator[Request], second: Iterable[Request]) -> Iterator[Request]:
    """Yield one of each by turns, to the end of the second."""
    for request in second:
        yield from islice(first, 1)
        yield request


def _until(over: Callable[[], bool], requests: Iterator[Request]) -> Iterator[Request]:
    """Yield requests until it is over, which is asked every so many."""
    while not over() and (some := list(islice(requests, _BATCH))):
        yield from some


def _kept(folder: Path | None, dialect: Dialect) -> Iterator[Request]:
    """Yield the requests that earlier searches have kept; what is damaged is passed over."""
    for path in sorted(folder.glob("found-*.json")) if folder else ():
        try:
            requests = [case.request for case in golden.load_cases(path).cases()]
            for each in requests:
                if dialect.method(each.method):
                    expected(dialect, each)
        except GoldenError as error:
            warnings.warn(f"passed over: {error}", DamagedWarning, stacklevel=2)
        except MalformedError as error:
            warnings.warn(f"passed over: {path}: {error}", DamagedWarning, stacklevel=2)
        else:
            yield from requests


def keep(finding: Finding, folder: Path) -> None:
    """Keep a finding as a case file, whole, for the next search to try first. Raises OSError."""
    with whole_file(folder / f"{finding.verdict.case.id}.json") as file:
        file.write(msgspec.json.encode(finding.cases))
