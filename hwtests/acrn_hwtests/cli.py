"""The command ``acrn-hwtests --board FILE``: preflight, the checks under pytest, the reports."""

import argparse
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import IO

import pytest

from acrn_conformance.results import whole_file
from acrn_conformance.tokens import printable
from acrn_hwtests import boardfile, fixtures, report
from acrn_hwtests.board import host_of, taken
from acrn_hwtests.boardfile import BoardFile, BoardFileError
from acrn_hwtests.farm import FarmError
from acrn_hwtests.hosts.host import HostError
from acrn_hwtests.preflight import preflight, table
from acrn_hwtests.tier import Tier
from acrn_testguest import BuildError

_RUNS = Path("acrn-hwtests-runs")
_PYTEST = ("-q", "-s", "--no-header", "--tb=no", "-rN", "-p", "no:cacheprovider", "-W", "error")


class _UnusableError(Exception):
    """Something that the user has to mend first."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return 0, 1 where a check does not pass, 2 for what cannot be used."""
    options = _parser().parse_args(arguments)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _terminated)
    try:
        with _output(options.json) as file:
            return _run(options, file)
    except (BoardFileError, HostError, FarmError, BuildError, _UnusableError) as error:
        print(f"acrn-hwtests: {printable(str(error))}", file=sys.stderr)
        return 2
    except pytest.exit.Exception as error:  # outside of pytest's own run
        print(f"acrn-hwtests: {error.msg}", file=sys.stderr)
        return error.returncode or 1
    except KeyboardInterrupt:
        print("acrn-hwtests: interrupted", file=sys.stderr)
        return 128 + signal.SIGINT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="acrn-hwtests",
        description="Boot guests on a board, and check them on their serial consoles.",
        epilog="Exit status: 0 all checks pass, 1 some do not, 2 the board cannot be used.",
    )
    add = parser.add_argument
    add("--board", type=Path, required=True, metavar="FILE", help="the board, a TOML file")
    add("--select", action="append", default=[], metavar="GLOB", help="only these checks")
    add("--console", action="store_true", help="show all consoles live, on stderr")
    add("--preflight", action="store_true", help="tell what the board lacks, and start nothing")
    add("--soak", type=_count, default=0, metavar="N", help="boot N guests in a row instead")
    add("--json", type=Path, metavar="FILE", help="write every verdict as JSON")
    add("--junit", type=Path, metavar="FILE", help="write every verdict as JUnit XML")
    runs = f"where transcripts go, in a folder a run (default: {_RUNS})"
    add("--transcripts", type=Path, default=_RUNS, metavar="DIR", help=runs)
    return parser


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def _run(options: argparse.Namespace, file: IO[bytes] | None) -> int:
    board = boardfile.read(options.board)
    with host_of(board) as host:
        items = list(preflight(board, host))
        print("\n".join(table(items, printable)), flush=True)
        if missing := [item.what for item in items if item.remedy]:
            raise _UnusableError(f"nothing was started: see to {', '.join(missing)} first")
        if options.preflight:
            return 0
        transcripts = _folder(options.transcripts)
        with taken(board, host, transcripts) as ready:
            tier = Tier(
                ready,
                select=options.select,
                show_console=options.console,
                soak=options.soak,
            )
            status = _checked(options, tier)
        results = tier.results()
    if file:
        file.write(report.encoded(results))
    if tier.refusal or tier.unmatched:
        unmatched = f"no check matches {', '.join(tier.unmatched)}; see hwtests/README.md"
        raise _UnusableError(tier.refusal or unmatched)
    _close(board, results)
    return status


def _checked(options: argparse.Namespace, tier: Tier) -> int:
    """Run the checks; return the command's exit status."""
    for remark in tier.board.remarks:
        print(f"note: {printable(remark)}", flush=True)
    words = [*_PYTEST, "-c", os.devnull, f"--rootdir={Path(__file__).parent}"]
    words += ["--import-mode=importlib", "-o", f"junit_suite_name=acrn-hwtests {tier.board_class}"]
    words += [f"--junit-xml={options.junit}"] if options.junit else []
    words += ["--pyargs", "acrn_hwtests.soak" if options.soak else "acrn_hwtests.checks"]
    # Plugins that happen to be installed have no say in what happens on a board.
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    code = int(pytest.main(words, plugins=[tier, fixtures]))
    if code == pytest.ExitCode.INTERRUPTED and not tier.refusal:
        raise KeyboardInterrupt
    return code


def _close(board: BoardFile, results: report.Results) -> None:
    print(f"board class: {board.board_class}; transcripts: {results.transcripts}")


def _folder(parent: Path) -> Path:
    """Make the folder of this run."""
    now = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    path = parent / f"{now}-{os.getpid()}"
    try:
        path.mkdir(parents=True)
    except OSError as error:
        raise _UnusableError(
            f"--transcripts {parent}: {error.strerror}; name a folder to write in"
        ) from None
    return path.absolute()


@contextmanager
def _output(path: Path | None) -> Iterator[IO[bytes] | None]:
    """Open the results file before anything is started, so that no verdict is lost to it."""
    with ExitStack() as stack:
        try:
            file = stack.enter_context(whole_file(path)) if path else None
        except OSError as error:
            raise _UnusableError(f"--json {path}: {error.strerror}; name a file to write") from None
        yield file


def _terminated(number: int, _frame: FrameType | None) -> None:
    """End as a Ctrl-C does: the guests first."""
    pytest.exit(f"ended by {signal.Signals(number).name}", 128 + number)
