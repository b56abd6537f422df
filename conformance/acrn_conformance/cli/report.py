"""``acrn-conformance report RESULT.json...``: reports of results, of one run or of many."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

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


class _Given(NamedTuple):
    """Results, the files that they come from, and why others are missing: a job may have died."""

    files: tuple[Path, ...]
    runs: tuple[recorded.Results, ...]
    missing: tuple[str, ...]


def _do(options: argparse.Namespace) -> int:
    report_options.check(options)
    given = _given(options.results)
    try:
        runs = merging.merged(given.runs)
    except merging.ShardsError as error:
        raise InputError(str(error)) from None
    against = _read(options.against) if options.against else None
    if against and not any(changes.alike(run, against) for run in runs):
        raise InputError("--against: a run and a search cannot be compared; give two of a kind")
    files = [*given.files, *([options.against] if options.against else [])]
    told = [f"not in this report: {why}" for why in given.missing]
    try:
        report_options.show(options, results_text.lines(runs, against, told), lambda: runs)
    finally:
        # Also where nobody reads the report to its end.
        status = report_options.write(options, runs, against, files, told)
    for why in given.missing:
        print(f"acrn-conformance: {why}", file=sys.stderr)
    return status or 2 * bool(given.missing) or int(not all(map(recorded_text.passes, runs)))


def _given(paths: Sequence[Path]) -> _Given:
    """Return the results that can be read, and why others cannot.

    Raises InputError where none can, or where a file is another thing than results.
    """
    files: list[Path] = []
    runs: list[recorded.Results] = []
    missing: list[str] = []
    for path in paths:
        try:
            runs.append(results_file.read(path))
            files.append(path)
        except results_file.NothingThereError as error:
            missing.append(visible(str(error)))
        except results_file.ResultsError as error:
            raise InputError(visible(str(error))) from None
    if not runs:
        raise InputError(missing[0])
    return _Given(tuple(files), tuple(runs), tuple(missing))


def _read(path: Path) -> recorded.Results:
    try:
        return results_file.read(path)
    except results_file.ResultsError as error:
        raise InputError(visible(str(error))) from None
