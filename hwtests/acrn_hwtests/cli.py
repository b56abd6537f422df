"""The command ``acrn-hwtests --board FILE``: preflight, the checks under pytest, the reports."""

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

import pytest

from acrn_base.gate import guarded
from acrn_base.places import PlaceError
from acrn_base.text import printable
from acrn_hwtests import boardfile, catalog, dry, fixtures, init, outputs, report, runs
from acrn_hwtests.board import host_of, taken
from acrn_hwtests.boardfile import BoardFileError
from acrn_hwtests.farm import FarmError
from acrn_hwtests.hosts.host import HostError
from acrn_hwtests.options import parser
from acrn_hwtests.preflight import preflight, table
from acrn_hwtests.record import Record
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

_UNUSABLE = 2


class _UnusableError(Exception):
    """Something that the user has to mend first."""


_TOLD = (BoardFileError, HostError, FarmError, BuildError, _UnusableError)
"""Errors that say all there is to say."""


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
    except (*_TOLD, PlaceError) as error:
        print(f"acrn-hwtests: {printable(str(error))}", file=sys.stderr)
        return 2
    except pytest.exit.Exception as error:  # a signal, when all was over but the reports
        print(f"acrn-hwtests: {error.msg}", file=sys.stderr)
        return error.returncode or 1


def _judged(options: argparse.Namespace) -> int:
    """Run the checks, or the preflight alone, and write the reports whatever comes of it."""
    ending = _Ending()
    ending.listen()
    if not options.soak and (told := catalog.unknown(options.select)):
        raise _UnusableError(told)
    outputs.check(options)
    wanted = () if options.preflight else catalog.wanted(options.select, options.soak)
    record = Record(options.board, wanted)
    try:
        status = _run(options, record)
    except _TOLD as error:
        record.given_up, status = str(error), _UNUSABLE
    except OSError as error:  # what nobody foresees, such as a full disk
        record.given_up, status = f"{error}; mend that, and start again", _UNUSABLE
    except pytest.exit.Exception as error:  # outside of pytest's own run
        record.given_up, status = error.msg, error.returncode or 1
    except (Exception, BaseExceptionGroup) as error:
        if not ending.number:
            raise
        # What was in use when the signal came may not end as it should; pytest passes that on.
        record.given_up, status = f"{ending.message}; then {error}", _SIGNALLED + ending.number
    if ending.number and status < _SIGNALLED:
        # It came while an object was finalised, where Python drops what is raised.
        record.given_up, status = ending.message, _SIGNALLED + ending.number
    if status >= _UNUSABLE:
        print(f"acrn-hwtests: {printable(record.given_up)}", file=sys.stderr, flush=True)
    return outputs.write(options, record.results()) or status


def _run(options: argparse.Namespace, record: Record) -> int:
    board = boardfile.read(options.board)
    record.board_class = board.board_class
    with host_of(board) as host:
        record.preflight = tuple(preflight(board, host))
        print("\n".join(table(record.preflight, printable)), flush=True)
        if missing := [item.what for item in record.preflight if item.remedy]:
            raise _UnusableError(f"nothing was started: see to {', '.join(missing)} first")
        if options.preflight:
            record.given_up = ""
            return 0
        transcripts = _folder(options.transcripts)
        with taken(board, host, transcripts) as ready:
            transcripts.mkdir(parents=True)
            record.transcripts, record.facts = transcripts, ready.facts
            record.remarks = tuple(ready.remarks)
            tier = Tier(
                ready,
                record,
                select=options.select,
                show_console=options.console,
                soak=options.soak,
            )
            status = _checked(tier)
    print(f"board class: {board.board_class}; transcripts: {printable(str(transcripts))}")
    return status


def _checked(tier: Tier) -> int:
    """Run the checks; return the command's exit status."""
    for remark in tier.board.remarks:
        print(f"note: {printable(remark)}", flush=True)
    words = [*_PYTEST, "-c", os.devnull, f"--rootdir={Path(__file__).parent}"]
    words += ["--import-mode=importlib"]
    words += ["--pyargs", "acrn_hwtests.soak" if tier.soak else "acrn_hwtests.checks"]
    # What happens to be installed or set has no say in what happens on a board.
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS"):
        os.environ.pop(name, None)
    code = int(pytest.main(words, plugins=[tier, fixtures]))
    record = tier.record
    if code in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}:
        record.given_up = ""
        results = record.results()
        print(report.closing(results))
        return 0 if results.passed else 1
    if code > _SIGNALLED:
        record.given_up = f"ended by {signal.Signals(code - _SIGNALLED).name}"
        return code
    return _UNUSABLE


def _folder(parent: Path) -> Path:
    """Return the folder of this run, which is made once the board is ours."""
    there = next(path for path in (parent.absolute(), *parent.absolute().parents) if path.exists())
    if not (there.is_dir() and os.access(there, os.W_OK)):
        raise _UnusableError(f"--transcripts {parent}: name a folder to write in")
    now = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    return parent.absolute() / f"{now}-{os.getpid()}"


class _Ending:
    """What a signal does that ends the run; ``number`` is the one that came, 0 before."""

    def __init__(self) -> None:
        self.number = 0

    def listen(self) -> None:
        """Hear the signals that ask for an end, but for those that are ignored from the start."""
        for number in _ENDING:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self)

    @property
    def message(self) -> str:
        """How it is told."""
        return f"ended by {signal.Signals(self.number).name}"

    def __call__(self, number: int, _frame: FrameType | None) -> None:
        """End the run, the guests first; who asks twice is not heard, lest something is left."""
        self.number = number
        for other in _ENDING:
            signal.signal(other, signal.SIG_IGN)
        pytest.exit(self.message, _SIGNALLED + number)
