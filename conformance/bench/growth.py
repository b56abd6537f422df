"""How time grows with what is asked: cases, devices of a guest, implementations in a report."""

import itertools
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from acrn_arch import command
from acrn_conformance import oracle
from acrn_conformance.cases import KATA_1, Request
from acrn_conformance.implementation import Settings
from bench import examples, work
from bench.clock import Clock, Effort, Timed
from bench.results import Growth, exponent

_BUILT = 20_000
"""Devices of all guests of a size together: so that each size takes a while."""


_MOST_CALLS = 1_000
"""Calls of a script that are read."""


def cases(effort: Effort) -> Growth:
    """Judge more and more cases in stream mode, with every answer ready."""

    def timed(size: int) -> Timed:
        asked = work.cases(size)
        return lambda: work.judged(asked, Settings(work.CANNED))

    return _grown(
        effort, "cases", "a run in stream mode", "cases", timed, _tens(100, 1_000_000, effort)
    )


def devices(effort: Effort) -> Growth:
    """Let the reference build guests with more and more disks."""

    def timed(size: int) -> Timed:
        guest, number = examples.guest(size), max(1, effort.sized(_BUILT) // size)
        return Clock.PROCESSOR.timed(lambda: command(guest).argv, number)

    return _grown(
        effort, "devices", "an argv of the reference", "devices", timed, _tens(1, 1_000, effort)
    )


def judged_devices(effort: Effort) -> Growth:
    """Judge guests with more and more disks in stream mode, the reference answering."""

    def timed(size: int) -> Timed:
        number = max(1, effort.sized(_BUILT) // size)
        disks = [{"kind": "block", "file_path": "nodisk", "index": 1}] * size
        case = oracle.reference_case(KATA_1, Request("argv", {"config": {"devices": disks}}))
        return lambda: work.judged([case] * number, Settings(work.SERVE)) / number

    sizes = _tens(1, 1_000, effort)
    return _grown(effort, "judged-devices", "a case judged in stream mode", "devices", timed, sizes)


def implementations(effort: Effort) -> Growth:
    """Report on the results of more and more implementations, as a page."""
    sizes = [size for size in (1, 2, 4, 8, 16) if size <= max(2, effort.sized(16))]
    with tempfile.TemporaryDirectory() as folder:
        result, page = Path(folder) / "result.json", Path(folder) / "page.html"
        judge = (*work.COMMAND, "run", "--json", str(result))
        subprocess.run(judge, stdout=subprocess.DEVNULL, check=True)

        def timed(size: int) -> Timed:
            words = (*work.COMMAND, "report", "--html", str(page), *[str(result)] * size)
            return Clock.PROCESSOR.timed(lambda: work.started(words))

        what = "a report as HTML"
        return _grown(effort, "implementations", what, "implementations", timed, sizes)


def calls(effort: Effort) -> Growth:
    """Lint scripts of more and more calls, each with holes of its own."""
    judged = itertools.count()

    def timed(size: int) -> Timed:
        def linted() -> None:
            work.linted(examples.calls(size, next(judged) * _MOST_CALLS), size)

        return Clock.PROCESSOR.timed(linted)

    sizes = _tens(1, _MOST_CALLS, effort)
    return _grown(effort, "calls", "lint of a script with holes", "calls", timed, sizes)


SERIES: Mapping[str, Callable[[Effort], Growth]] = {
    "cases": cases,
    "devices": devices,
    "judged-devices": judged_devices,
    "implementations": implementations,
    "calls": calls,
}
"""Every series by its name."""


def _grown(
    effort: Effort,
    name: str,
    what: str,
    of: str,
    timed: Callable[[int], Timed],
    sizes: Iterable[int],
) -> Growth:
    """Return the series of work of these sizes."""
    every = tuple(sizes)
    seconds = tuple(effort.best(*map(timed, every)))
    return Growth(name, what, of, every, seconds, exponent(every, seconds))


def _tens(least: int, greatest: int, effort: Effort) -> Iterable[int]:
    """Yield sizes, each ten times the one before, two of them at least."""
    size = least
    while size <= max(effort.sized(greatest), 10 * least):
        yield size
        size *= 10
