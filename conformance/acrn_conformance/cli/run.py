"""``acrn-conformance run [-- CMD ARGS...]``: judge an implementation, case by case."""

import argparse
import functools
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from acrn_base import places
from acrn_base.files import whole_file
from acrn_base.text import counted, visible
from acrn_conformance.cases import Golden, KnownFailuresError, known
from acrn_conformance.cli import (
    choice,
    dialects,
    implementation,
    output,
    report_options,
    running,
    shards,
)
from acrn_conformance.cli.fault import InputError
from acrn_conformance.cli.parser import Parser
from acrn_conformance.cli.running import Task
from acrn_conformance.implementation import Trace
from acrn_conformance.judging import Demands, Verdict, complaints, relisted
from acrn_conformance.reports import recorded, results, results_file, run_text

_MOST_NAMED = 20
"""Cases of a sequence that a command names."""


def configure(parser: Parser) -> None:
    """Declare the options."""
    parser.usage = "acrn-conformance run [OPTIONS] [-- CMD ARGS...]"
    parser.epilog = "Exit status: 0 every judged case passes, 1 some do not, 2 unusable input."
    choice.add_options(parser)
    implementation.add_options(parser)
    add = parser.add_argument
    cases = "judge the cases of this file instead of the golden ones"
    add("--cases", type=Path, metavar="FILE", help=cases)
    may_fail = "cases that may fail, an id or a glob and the reason a line"
    add("--known-failures", type=Path, metavar="FILE", help=may_fail)
    listed = "write the failures of this run as such a list; reasons that are there stay"
    add("--write-known-failures", type=Path, metavar="FILE", help=listed)
    require = "fail if this method, or any for `all`, is not claimed (may be repeated)"
    add("--require", action="append", default=[], metavar="METHOD", help=require)
    everything = "show every failing case, however many; default: what fits two screens"
    add("--all", action="store_true", help=everything)
    add("--fail-fast", action="store_true", help="stop at the first failing case")
    as_json = "write every verdict as JSON, each as it comes; - is standard output, and no report"
    add("--json", type=Path, metavar="FILE", help=as_json)
    resume = "judge what is missing in the results file of a run that was interrupted, and add it"
    add("--resume", type=Path, metavar="FILE", help=resume)
    add("--shard", type=shards.shard, metavar="I/K", help="only the I-th of K parts of the cases")
    report_options.declare(parser)
    add("--trace", type=Path, metavar="FILE", help="write all that goes over the wire, as it does")
    parser.set_defaults(do=_do)


def _do(options: argparse.Namespace) -> int:
    golden, rules = choice.load(options.cases)
    cases = choice.chosen(options, golden)
    excuses = _known(options.known_failures)
    listed: Path | None = options.write_known_failures
    before = _known(listed) if listed and listed.exists() else {}
    again = functools.partial(_again, options)
    settings = implementation.settings(options)
    shard = str(options.shard) if options.shard else None
    tolerates: bool = options.tolerate_protocol_faults
    recorder = results.Recorder(golden, rules, settings, again, shard, tolerates=tolerates)
    path, earlier = _kept(options, golden, shard)
    with _trace(options.trace) as trace:
        task = Task(
            cases[options.shard.part - 1 :: options.shard.parts] if options.shard else cases,
            settings,
            _demands(options, excuses),
            dialects.named(options),
            trace,
            earlier,
        )
        found, signalled = running.judged(task, recorder, None if output.is_stdout(path) else path)
    stale = complaints(excuses, found.verdicts, {c.id for c in golden.cases()})
    kept = [f"{counted(len(earlier.cases), 'verdict')} of the earlier run"] if earlier else []
    found = msgspec.structs.replace(
        found, complaints=(*found.complaints, *stale), remarks=(*kept, *found.remarks)
    )
    status = 128 + signalled if signalled else int(not found.passed)
    try:
        if not output.is_stdout(options.json):
            # First what has been found: a disk that is full must not take it away.
            lines = run_text.whole(golden, rules, found, again, everything=options.all)
            report_options.show(options, lines, lambda: [recorder.whole(found, task.cases)])
    finally:
        # Also where nobody reads the report to its end.
        if listed:
            _write_known(listed, relisted(excuses | before, found.verdicts))
        if path or report_options.wanted(options):
            option, whole = _option(options), recorder.whole(found, task.cases)
            status = report_options.finish(options, path, option, whole) or status
    return status


def _demands(options: argparse.Namespace, excuses: dict[str, str]) -> Demands:
    return Demands(
        frozenset(options.require), excuses, options.fail_fast, options.tolerate_protocol_faults
    )


def _kept(
    options: argparse.Namespace, golden: Golden, shard: str | None
) -> tuple[Path | None, recorded.Results | None]:
    """Return the results file of this run, and what an earlier run has left there to go on from."""
    path: Path | None = options.resume or options.json
    if options.resume and options.json:
        raise InputError("--resume writes to the file that it reads; leave out --json")
    if not output.is_stdout(path):
        places.check(path, _option(options))
    report_options.check(options)
    if not (options.resume and options.resume.exists()):
        return path, None
    try:
        earlier = results_file.read(options.resume)
    except results_file.ResultsError as error:
        raise InputError(visible(f"--resume: {error}")) from None
    if earlier.search:
        raise InputError("--resume: the results are those of a search; give those of a run")
    if (earlier.golden.sha256, earlier.shard) != (golden.sha256, shard):
        raise InputError(
            "--resume: the results are of other cases (golden files, --cases or --shard); "
            "give the same, or judge anew with --json"
        )
    return path, earlier


def _option(options: argparse.Namespace) -> str:
    """Return the option that names the results file."""
    return "--resume" if options.resume else "--json"


def _again(options: argparse.Namespace, verdict: Verdict) -> str:
    """Return the one command that judges a case again, behind those that it takes to fail.

    That is all of them where they are not known, or too many to name.
    """
    ids = verdict.leak or (verdict.case.id,)
    known = not verdict.leak or 1 < len(ids) <= _MOST_NAMED
    chosen = choice.exactly(ids) if known and not verdict.by_chance else choice.again(options)
    return implementation.again(options, *_cases(options), *chosen)


def _cases(options: argparse.Namespace) -> list[str]:
    return ["--cases", str(options.cases)] if options.cases else []


def _known(path: Path | None) -> dict[str, str]:
    try:
        return known.read(path) if path else {}
    except KnownFailuresError as error:
        raise InputError(str(error)) from None


def _write_known(path: Path, listed: dict[str, str]) -> None:
    try:
        with whole_file(path) as file:
            file.write(known.written(listed).encode())
    except OSError as error:
        raise InputError(
            f"--write-known-failures {visible(str(path))}: {error.strerror}; name a file to write"
        ) from None


@contextmanager
def _trace(path: Path | None) -> Iterator[Trace | None]:
    try:
        trace = Trace(path) if path else None
    except OSError as error:
        raise InputError(
            f"--trace {visible(str(path))}: {error.strerror}; name a file to write"
        ) from None
    try:
        yield trace
    finally:
        if trace:
            trace.close()
            if trace.fault:
                told = f"--trace {visible(str(path))}: {trace.fault}; the trace is cut short"
                print(f"acrn-conformance: {told}", file=sys.stderr)
