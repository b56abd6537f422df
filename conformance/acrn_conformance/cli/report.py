"""``acrn-conformance report RESULT.json...``: reports of results, of one run or of many."""

import argparse
from pathlib import Path

from acrn_base.text import visible
from acrn_conformance.cli import report_options
from acrn_conformance.cli.fault import InputError
from acrn_conformance.cli.parser import Parser
from acrn_conformance.reports import (
    changes,
    merging,
    recorded,
    recorded_text,
    results_file,
    results_text,
)


def configure(parser: Parser) -> None:
    """Declare the options."""
    parser.usage = "acrn-conformance report [OPTIONS] RESULT.json [RESULT.json ...]"
    parser.epilog = "Exit status: 0 all runs pass, 1 some do not, 2 unusable input."
    files = "results that --json of run has written; the shards of a run are put together"
    parser.add_argument("results", nargs="+", type=Path, metavar="RESULT.json", help=files)
    against = "tell what is fixed, broken, new and gone since these results"
    parser.add_argument("--against", type=Path, metavar="OLD.json", help=against)
    report_options.declare(parser)
    parser.set_defaults(do=_do)


def _do(options: argparse.Namespace) -> int:
    report_options.check(options)
    try:
        runs = merging.merged([_read(path) for path in options.results])
    except merging.ShardsError as error:
        raise InputError(str(error)) from None
    against = _read(options.against) if options.against else None
    if against and not any(changes.alike(run, against) for run in runs):
        raise InputError("--against: a run and a search cannot be compared; give two of a kind")
    files = [*options.results, *([options.against] if options.against else [])]
    try:
        report_options.show(options, results_text.lines(runs, against), lambda: runs)
    finally:
        # Also where nobody reads the report to its end.
        status = report_options.write(options, runs, against, files)
    return status or int(not all(map(recorded_text.passes, runs)))


def _read(path: Path) -> recorded.Results:
    try:
        return results_file.read(path)
    except results_file.ResultsError as error:
        raise InputError(visible(str(error))) from None
