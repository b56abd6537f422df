"""The rows: what is measured, and the limit beside it.

Each is a function of the effort that is to be made. A target is the part of the limit
that is to be reached, or how many times the limit may be taken. Targets were set in requests
a second and in milliseconds, on a machine of which the limits are known: what is kept is the ratio.
"""

import itertools
import json
import os
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from acrn_arch import command
from acrn_cmdline import lint, source
from acrn_conformance import oracle
from acrn_conformance.cases import KATA_1
from acrn_conformance.implementation import Mode, Settings
from acrn_conformance.search import exhaustive
from bench import examples, limits, work
from bench.clock import Clock, Effort
from bench.results import Row

_LONGEST = 3
_SEARCH = 30_000 / 47_000
"""What a search was to reach where the exhaustive mode asked 47,000 requests a second."""

_GETOPT = 0.37
"""Milliseconds of getopt for all releases where lint was to take 1.5, and 50 for a script."""

_HOLES = 150 / (30 * 0.6)
"""What a script of 30 calls with holes was to take where getopt took 0.6 ms for each."""

_BARE = (sys.executable, "-c", "pass")


def search(effort: Effort) -> Row:
    """Measure the search beside the enumeration, which need not draw its requests."""
    number = effort.sized(40_000)
    lists = exhaustive.Lists(KATA_1)
    which = range(effort.sized(lists.total(_LONGEST)))
    ours, least = effort.best(
        lambda: work.searched(work.SERVE, number, 64) / number,
        lambda: work.exhausted(work.SERVE, lists, which) / len(which),
    )
    return _rate("search", "search, requests", ours, "exhaustive mode", least, _SEARCH)


def enumeration(effort: Effort) -> Row:
    """Measure the exhaustive mode with every answer ready, beside the least that compares."""
    lists = exhaustive.Lists(KATA_1)
    which = range(effort.sized(lists.total(_LONGEST)))
    asked = [lists.request(number) for number in which]
    lines = work.prepared(asked)
    due = [oracle.answer(KATA_1, request.method, request.params) for request in asked]
    ready = (*work.CANNED, str(len(which)))
    ours, least = effort.best(
        lambda: work.exhausted(ready, lists, which) / len(which),
        lambda: limits.compared_loop(ready, lines, due) / len(which),
    )
    return _rate("exhaustive", "exhaustive mode, cases", ours, "compared loop", least)


def stream(effort: Effort) -> Row:
    """Measure stream mode with every answer ready, beside the bytes pushed through."""
    cases = work.cases(effort.sized(100_000))
    lines = work.prepared([case.request for case in cases])
    ours, least = effort.best(
        lambda: work.judged(cases, Settings(work.CANNED)) / len(cases),
        lambda: limits.raw_pipe(work.CANNED, lines, len(cases)) / len(cases),
    )
    return _rate("stream", "stream mode, cases", ours, "raw pipe", least, 0.45)


def exec_mode(effort: Effort) -> Row:
    """Measure exec mode on all cores, beside as many loops that start a program and read it."""
    number, cores = effort.sized(400), len(os.sched_getaffinity(0))
    case = next(case for case in work.cases(1000) if case.request.method == "memory_topology")
    reply = json.dumps({"jsonrpc": "2.0", "id": 100_001, "result": case.expect.result})
    small = ("/bin/sh", "-c", f"read -r line; echo '{reply}'")
    spawned = Clock.ELAPSED.timed(lambda: limits.spawn_loop(small, number, cores))
    ours, least = effort.best(
        lambda: work.judged([case] * number, Settings(small, Mode.EXEC, cores)) / number,
        lambda: spawned() / number,
    )
    return _rate("exec", "exec mode, cases", ours, "spawn loop", least, 0.9)


def reference(effort: Effort) -> Row:
    """Measure the reference on a typical guest, beside the plainest loop that builds the same."""
    guest = examples.guest()
    built = command(guest)
    assert (built.argv, built.block_table) == limits.plain_argv(guest)

    def product() -> None:
        built = command(guest)
        _ = built.argv, built.block_table

    pair = _often((product, lambda: limits.plain_argv(guest)), 5_000, effort)
    return _time("reference", "reference, an argv", "us", pair, "plainest loop", 4.0)


def lint_start(effort: Effort) -> Row:
    """Measure a whole `lint` of one line, beside Python that does nothing."""
    words = (*work.COMMAND, "lint", "--", "acrn-dm", *examples.argv())
    works = (partial(work.started, words, 1), partial(work.started, _BARE))
    pair = _often(works, 10, effort)
    return _time("lint-start", "lint -- acrn-dm ..., whole", "ms", pair, "bare Python", 5.0)


def default_run(effort: Effort) -> Row:
    """Measure a whole `run` of the built-in reference, beside Python that does nothing."""
    words = (*work.COMMAND, "run")
    works = (partial(work.started, words), partial(work.started, _BARE))
    pair = _often(works, 5, effort, Clock.ELAPSED)
    return _time("run", "run, whole", "ms", pair, "bare Python", 15.0)


def version(effort: Effort) -> Row:
    """Measure `--version`, beside Python that imports what no command can do without."""
    words, least = (*work.COMMAND, "--version"), (sys.executable, "-c", "import json, subprocess")
    works = (partial(work.started, words), partial(work.started, least))
    pair = _often(works, 10, effort)
    return _time("version", "--version, whole", "ms", pair, "its libraries' imports", 1.4)


def lint_argv(effort: Effort) -> Row:
    """Measure the lint of one argv for all releases, beside getopt alone for each."""
    argv = examples.argv()
    works = (
        lambda: lint.judge(argv, lint.RECORDING),
        lambda: limits.options_only(argv, len(lint.RELEASES)),
    )
    pair = _often(works, 50, effort)
    return _time("lint", "lint of an argv, all releases", "ms", pair, "getopt alone", 1.5 / _GETOPT)


def lint_script(effort: Effort) -> Row:
    """Measure the lint of a launch script's only call, beside getopt alone for each release."""
    argv = examples.argv()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "launch.sh"
        path.write_text(examples.script(), "utf-8")

        def read() -> None:
            found = [
                lint.judge(each.tokens, lint.RECORDING) for each in source.from_file(str(path))
            ]
            assert len(found) == 1

        works = (read, lambda: limits.options_only(argv, len(lint.RELEASES)))
        pair = _often(works, 10, effort)
    what = f"lint of a script of {examples.SCRIPT_LINES} lines"
    return _time("lint-script", what, "ms", pair, "getopt alone", 50 / _GETOPT)


def lint_holes(effort: Effort) -> Row:
    """Measure the lint of a script with holes in each call, beside getopt alone for each call."""
    argv, number = examples.argv(), effort.sized(30)
    judged = itertools.count(step=number)

    def judge() -> None:
        work.linted(examples.calls(number, next(judged)), number)

    works = (judge, lambda: limits.options_only(argv, len(lint.RELEASES) * number))
    pair = _often(works, 3, effort)
    what = f"lint of {number} calls with holes"
    return _time("lint-holes", what, "ms", pair, "getopt alone", _HOLES)


MEASURES: Mapping[str, Callable[[Effort], Row]] = {
    "search": search,
    "exhaustive": enumeration,
    "stream": stream,
    "exec": exec_mode,
    "reference": reference,
    "lint-start": lint_start,
    "run": default_run,
    "version": version,
    "lint": lint_argv,
    "lint-script": lint_script,
    "lint-holes": lint_holes,
}
"""Every row by its name."""

_UNITS = {"us": 1e6, "ms": 1e3}


def _often(
    works: Sequence[Callable[[], object]],
    times: int,
    effort: Effort,
    clock: Clock = Clock.PROCESSOR,
) -> list[float]:
    """Do each of the works often; return the seconds for one time, the best of all rounds."""
    number = effort.sized(times)
    return effort.best(*(clock.timed(work, number) for work in works))


def _rate(
    name: str, what: str, ours: float, limit: str, least: float, target: float | None = None
) -> Row:
    """Return the row of a rate, from the seconds for one."""
    return Row(name, what, "/s", 1 / ours, limit, 1 / least, least / ours, "higher", target)


def _time(
    name: str, what: str, unit: str, pair: list[float], limit: str, target: float | None
) -> Row:
    """Return the row of a time, from the seconds of it and of its limit."""
    (ours, least), factor = pair, _UNITS[unit]
    return Row(
        name, what, unit, ours * factor, limit, least * factor, ours / least, "lower", target
    )
