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

from acrn_base.files import whole_file
from acrn_base.gate import guarded
from acrn_base.text import printable
from acrn_hwtests import boardfile, catalog, dry, fixtures, init, junit, report, runs
from acrn_hwtests.board import host_of, taken
from acrn_hwtests.boardfile import BoardFileError
from acrn_hwtests.farm import FarmError
from acrn_hwtests.hosts.host import HostError
from acrn_hwtests.options import parser
from acrn_hwtests.preflight import preflight, table
from acrn_hwtests.tier import Tier
from acrn_testguest import BuildError

_PYTEST = (
    *("-s", "-p", "no:terminal", "-p", "no:cacheprovider"),
    *("-W", "error"),
)

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_COMMANDS = {"init": init.command, "runs": runs.command}
"""Commands beside the checks, by their first word."""

_SIGNALLED = 128
"""Exit statuses above it say which signal ended the run."""


class _UnusableError(Exception):
    """Something that the user has to mend first."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return 0, 1 where a check does not pass, 2 for what cannot be used."""
    with guarded():
        return _status(sys.argv[1:] if arguments is None else arguments)


def _status(words: Sequence[str]) -> int:
    """Run the command, and tell in a line what ended it."""
    if "--dry" in words:
        return dry.main(words)
    try:
        if words and words[0] in _COMMANDS:
            return _COMMANDS[words[0]](words[1:])
        return _judged(parser().parse_args(words))
    except (BoardFileError, HostError, FarmError, BuildError, _UnusableError) as error:
        print(f"acrn-hwtests: {printable(str(error))}", file=sys.stderr)
        return 2
    except OSError as error:  # what nobody foresees, such as a full disk
        print(f"acrn-hwtests: {error}; mend that, and start again", file=sys.stderr)
        return 2
    except pytest.exit.Exception as error:  # outside of pytest's own run
        print(f"acrn-hwtests: {error.msg}", file=sys.stderr)
        return error.returncode or 1


def _judged(options: argparse.Namespace) -> int:
    """Run the checks, or the preflight alone, with the signals that end it in hand."""
    for number in _ENDING:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _ended_by)
    with _output(None if options.preflight else options.json) as file:
        return _run(options, file)


def _run(options: argparse.Namespace, file: IO[bytes] | None) -> int:
    board = boardfile.read(options.board)
    if not options.soak and (told := catalog.unknown(options.select)):
        raise _UnusableError(told)
    xml = options.junit
    if xml and (xml.is_dir() or not os.access(xml.parent, os.W_OK)):
        raise _UnusableError(f"--junit {xml} cannot be written; name a file in a folder of yours")
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
            try:
                status = _checked(options, tier)
            finally:
                encoded = report.encoded(tier.results())
                (transcripts / runs.RESULTS).write_bytes(encoded)
                if file:
                    file.write(encoded)
    print(f"board class: {board.board_class}; transcripts: {printable(str(transcripts))}")
    return status


def _checked(options: argparse.Namespace, tier: Tier) -> int:
    """Run the checks; return the command's exit status."""
    for remark in tier.board.remarks:
        print(f"note: {printable(remark)}", flush=True)
    words = [*_PYTEST, "-c", os.devnull, f"--rootdir={Path(__file__).parent}"]
    words += ["--import-mode=importlib", "-o", f"junit_suite_name=acrn-hwtests {tier.board_class}"]
    words += [f"--junit-xml={options.junit}"] if options.junit else []
    words += ["--pyargs", "acrn_hwtests.soak" if options.soak else "acrn_hwtests.checks"]
    # What happens to be installed or set has no say in what happens on a board.
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS"):
        os.environ.pop(name, None)
    code = int(pytest.main(words, plugins=[tier, fixtures]))
    if options.junit and options.junit.exists():
        junit.rename(options.junit, f"{tier.board_class}/{tier.board.file.kind}")
    if code in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}:
        tier.given_up = ""
        results = tier.results()
        print(report.closing(results))
        return 0 if results.passed else 1
    if code < _SIGNALLED:
        print(f"acrn-hwtests: {printable(tier.given_up)}", file=sys.stderr)
        return 2
    return code


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


def _ended_by(number: int, _frame: FrameType | None) -> None:
    """End the run, the guests first; who asks twice is not heard, lest something is left."""
    for other in _ENDING:
        signal.signal(other, signal.SIG_IGN)
    pytest.exit(f"ended by {signal.Signals(number).name}", _SIGNALLED + number)
