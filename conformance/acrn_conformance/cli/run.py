"""``acrn-conformance run [-- CMD ARGS...]``: judge an implementation, case by case."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from acrn_base.text import visible
from acrn_conformance.cli import choice, implementation, report_options, running, shards
from acrn_conformance.cli.fault import InputError
from acrn_conformance.implementation import Trace

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from acrn_conformance.cli.job import Job
    from acrn_conformance.cli.parser import Parser
    from acrn_conformance.implementation import Settings


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
    settings = implementation.settings(options)
    # A trace is begun only once nothing is wrong with all else.
    ready = _job(options, settings) if options.trace else None
    with _trace(options.trace) as trace:
        done = running.judged(settings, trace, lambda: ready or _job(options, settings))
    return done.job.told(done.run, done.signal)


def _job(options: argparse.Namespace, settings: Settings) -> Job:
    # What judges and reports is loaded, and the goldens are read, while the implementation starts.
    from acrn_conformance.cli import job

    return job.of(options, settings)


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
