"""The work that is measured: judging, searching, reading, starting."""

import io
import subprocess
import sys
import time
from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import Path

from acrn_cmdline import lint, source
from acrn_conformance.cases import KATA_1, Case, Request, golden
from acrn_conformance.implementation import Pool, Settings, wire
from acrn_conformance.judging import Demands, Described, Judged, Mark, run
from acrn_conformance.search import Subject, exhaustive, fuzz

CANNED = (sys.executable, str(Path(__file__).with_name("canned.py")))
COMMAND = (sys.executable, "-m", "acrn_conformance")
SERVE = (*COMMAND, "serve")


def cases(number: int) -> list[Case]:
    """Return so many golden cases of the default dialect, from the first on again and again."""
    every = golden.load(golden.folder()).cases()
    return list(islice(cycle([case for case in every if KATA_1.name in case.dialects]), number))


def prepared(requests: Sequence[Request]) -> bytes:
    """Return requests as an implementation reads them."""
    return b"".join(wire.prepare(each).line(number) for number, each in enumerate(requests, 1))


def judged(asked: Sequence[Case], settings: Settings) -> float:
    """Judge cases, all of which pass; return the seconds since the implementation has started."""
    start, passed = 0.0, 0
    for event in run(asked, settings, Demands()):
        match event:
            case Described():
                start = time.perf_counter()
            case Judged(verdict=verdict):
                passed += verdict.mark is Mark.PASS
    seconds = time.perf_counter() - start
    assert passed == len(asked)
    return seconds


def exhausted(command: Sequence[str], lists: exhaustive.Lists, which: range) -> float:
    """Judge lists of devices; return the seconds since the implementation has started."""
    with Pool[exhaustive.Key](Settings(tuple(command))) as pool:
        list(pool.outcomes([(exhaustive.Key(0, b""), wire.prepare(Request("describe")))]))
        start = time.perf_counter()
        found = exhaustive.judged(pool, lists, which, lambda: None)
        seconds = time.perf_counter() - start
    assert not found.failing
    return seconds


def searched(command: Sequence[str], requests: int, first: int) -> float:
    """Search for so many requests; return the seconds, scaled to that number.

    Before the clock starts the implementation has started, and ``first`` requests are judged.
    """
    methods = frozenset(method.name for method in KATA_1.methods if method.asks)
    search = fuzz.Search(Subject(Settings(tuple(command)), KATA_1, methods))
    try:
        assert search.run(fuzz.Limits(first, float("inf"), 1), lambda _: None) is None
        before, start = search.coverage.judged, time.perf_counter()
        limits = fuzz.Limits(before + requests, float("inf"), 2)
        assert search.run(limits, lambda _: None) is None
        seconds = time.perf_counter() - start
        return seconds * requests / (search.coverage.judged - before)
    finally:
        search.close()


def linted(script: str, number: int) -> None:
    """Lint a script of so many calls, with what it leaves open."""
    file = io.BufferedReader(io.BytesIO(script.encode()))
    found = [lint.judge_holes(each, lint.NAMED) for each in source.from_open(file, "script.sh", {})]
    assert len(found) == number


def started(words: Sequence[str], status: int = 0) -> None:
    """Run a command that ends with a status."""
    ended = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False)
    assert ended.returncode == status
