"""``acrn-conformance run [-- CMD ARGS...]``: judge an implementation, case by case."""

import argparse
import os
import shlex
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

import msgspec

from acrn_conformance import known, report, results, terminal, wire
from acrn_conformance.cli import choice
from acrn_conformance.cli.fault import InputError
from acrn_conformance.known import KnownFailuresError
from acrn_conformance.model import Case
from acrn_conformance.orphans import adopting_orphans
from acrn_conformance.pool import Mode, Settings
from acrn_conformance.process import StartError
from acrn_conformance.runner import CannotStartError, Demands, Run, run
from acrn_conformance.trace import Trace

_MOST_JOBS = 256
_LONGEST_TIMEOUT = 86_400

_REFERENCE = (sys.executable, "-m", "acrn_conformance", "serve")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.usage = "acrn-conformance run [OPTIONS] [-- CMD ARGS...]"
    parser.epilog = "Exit status: 0 every judged case passes, 1 some do not, 2 unusable input."
    choice.add_options(parser)
    add = parser.add_argument
    mode = "stream: a long-lived process (default); exec: a process for each request"
    add("--mode", type=Mode, choices=list(Mode), default=Mode.STREAM, help=mode)
    jobs = "processes at a time (default: 1 in stream mode, one a core in exec mode)"
    add("--jobs", type=_count, metavar="N", help=jobs)
    timeout = "for each reply, the first gets longer (default: 2)"
    add("--timeout", type=_seconds, default=2.0, metavar="SECONDS", help=timeout)
    may_fail = "cases that may fail, an id and the reason a line"
    add("--known-failures", type=Path, metavar="FILE", help=may_fail)
    require = "fail if this method, or any for `all`, is not claimed (may be repeated)"
    methods = [*wire.METHODS, "all"]
    add("--require", action="append", default=[], choices=methods, metavar="METHOD", help=require)
    add("--fail-fast", action="store_true", help="stop at the first failing case")
    add("--json", type=Path, metavar="FILE", help="write every verdict as JSON")
    add("--trace", type=Path, metavar="FILE", help="write all that goes over the wire, as it does")
    command = "the implementation under test (default: the built-in reference)"
    add("command", nargs="*", metavar="CMD ARGS", help=command)
    parser.set_defaults(do=_do)


def _do(options: argparse.Namespace) -> int:
    golden, rules = choice.load()
    cases = choice.chosen(options, golden)
    excuses = _known(options.known_failures)
    with _output(options.json) as file:
        found = _run(options, cases, excuses)
        complaints = known.complaints(excuses, found.verdicts, {c.id for c in golden.cases()})
        found = msgspec.structs.replace(found, complaints=tuple(complaints))
        if file:
            results.write(file, results.results(golden, found))
    terminal.write(report.whole(golden, rules, found, _again(options)))
    return 0 if found.passed else 1


def _run(options: argparse.Namespace, cases: tuple[Case, ...], excuses: dict[str, str]) -> Run:
    command = tuple(options.command) or _REFERENCE
    cores = len(os.sched_getaffinity(0))
    jobs = options.jobs or (cores if options.mode is Mode.EXEC else 1)
    settings = Settings(command, options.mode, jobs, options.timeout)
    require = frozenset(wire.METHODS if "all" in options.require else options.require)
    demands = Demands(require, excuses, options.fail_fast)
    bar = terminal.bar(len(cases), "judging")
    with _trace(options.trace) as trace, adopting_orphans(), bar as advance:
        try:
            return run(cases, settings, demands, trace=trace, on_verdict=lambda _: advance())
        except (StartError, CannotStartError) as error:
            raise InputError(str(error)) from None


def _again(options: argparse.Namespace) -> str:
    """Return the rest of the command that judges one case again."""
    words = ["--mode", "exec"] if options.mode is Mode.EXEC else []
    words += ["--", *options.command] if options.command else []
    return "".join(f" {shlex.quote(word)}" for word in words)


def _known(path: Path | None) -> dict[str, str]:
    try:
        return known.read(path) if path else {}
    except KnownFailuresError as error:
        raise InputError(str(error)) from None


@contextmanager
def _output(path: Path | None) -> Iterator[IO[bytes] | None]:
    """Open the results file before anything is judged, so that no verdict is lost to it."""
    with ExitStack() as stack:
        try:
            file = stack.enter_context(results.whole_file(path)) if path else None
        except OSError as error:
            raise InputError(f"--json {path}: {error.strerror}; name a file to write") from None
        yield file


@contextmanager
def _trace(path: Path | None) -> Iterator[Trace | None]:
    try:
        trace = Trace(path) if path else None
    except OSError as error:
        raise InputError(f"--trace {path}: {error.strerror}; name a file to write") from None
    try:
        yield trace
    finally:
        if trace:
            trace.close()


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= _MOST_JOBS:
        raise argparse.ArgumentTypeError(f"{text!a} is not a number from 1 to {_MOST_JOBS}")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= _LONGEST_TIMEOUT:
        raise argparse.ArgumentTypeError(
            f"{text!a} is not a time above 0 and up to {_LONGEST_TIMEOUT}"
        )
    return seconds
