"""``acrn-hwtests --dry``: what a real acrn-dm does with the tier's argvs, without a hypervisor."""

import argparse
import hashlib
import io
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from typing import IO, Literal, NoReturn

import msgspec

from acrn_arch import Console, PortType
from acrn_base import places, reading
from acrn_base.files import whole_file
from acrn_base.item_lines import item_a_line
from acrn_base.signals import ENDING, ended_by
from acrn_base.text import counted, printable
from acrn_conformance import __version__
from acrn_dm import KATA_UUIDS, UnknownReleaseError, stands_for
from acrn_dry import (
    Bench,
    DryError,
    NotApplicableError,
    Programs,
    Wish,
    build,
    checks,
    recording,
    release_of,
    version,
)
from acrn_hwtests import outputs, report
from acrn_hwtests.boardfile import BoardFile
from acrn_hwtests.plan import Claim, Request, plan
from acrn_hwtests.releases import RELEASE, VmKey
from acrn_hwtests.report import CheckResult, Verdict

_CLASS: Literal["dry"] = "dry"
_SIGNALLED = 128


class Results(msgspec.Struct, frozen=True):
    """A dry run; times in seconds, ``started`` as ISO 8601 in UTC; ``said`` is what ``-v`` says."""

    format: Literal[1]
    suite: Literal["acrn-hwtests"]
    version: str
    board_class: Literal["dry"]
    acrn_dm: str
    acrn_dm_sha256: str
    acrnctl: str
    release: str
    said: str
    started: str
    seconds: float
    passed: bool
    summary: dict[Verdict, int]
    checks: tuple[CheckResult, ...]


def main(arguments: Sequence[str]) -> int:
    """Run the command; return 0, 1 where something is not as expected, 2 for what cannot be."""
    options = _parser().parse_args(arguments)
    ended_by(_ended)
    try:
        with _folder() as folder:
            places.check(options.json, "--json")
            given = _listed(options.record) if options.record else []
            programs = Programs(options.acrn_dm, folder / "shim.so", options.acrnctl, folder)
            build(programs.shim)
            said = version(programs)
            release = options.release or release_of(said)
            if options.record:
                return _record(programs, release, given, options.json)
            return _check(Bench(programs, release, partial(argv, release)), said, options)
    except (DryError, places.PlaceError) as error:
        print(f"acrn-hwtests: {printable(str(error))}", file=sys.stderr)
    except OSError as error:
        print(f"acrn-hwtests: {error}; mend that, and start again", file=sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="acrn-hwtests --dry",
        description="Run a real acrn-dm on a stood-in hypervisor device: no board, no guest.",
        epilog="Exit status: 0 all checks pass, or no verdict differs from lint's model; 1 some do "
        "not; 2 no dry run can be made; 129, 130, 143: ended by a signal.",
    )
    add = parser.add_argument
    add("--dry", action="store_true", help=argparse.SUPPRESS)
    add("--acrn-dm", type=_program, required=True, metavar="PATH", help="the acrn-dm to run")
    add("--acrnctl", type=_program, metavar="PATH", help="the acrnctl that came with it")
    add("--release", type=_release, help="take it for this one (default: as acrn-dm -v says)")
    add("--select", action="append", default=[], metavar="GLOB", help="only these checks")
    listed = (
        "instead: verdicts on argvs, a JSON object with argv a line; where lint's model differs"
    )
    add("--record", type=Path, metavar="LIST", help=listed)
    written = "write every verdict as JSON; with --record in the form of the recorded ones"
    add("--json", type=Path, metavar="FILE", help=written)
    return parser


def _program(text: str) -> Path:
    path = Path(text)
    if not (path.is_file() and os.access(path, os.X_OK)):
        raise argparse.ArgumentTypeError(f"{text} is no program; name one that can be executed")
    return path


def _release(text: str) -> str:
    try:
        return stands_for(text)
    except UnknownReleaseError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def argv(release: str, wish: Wish) -> tuple[str, ...]:
    """Have the tier build an argv for a release."""
    extra = (Console("", "pty", PortType.SERIAL, "unused"),) if wish.pty else ()
    board = BoardFile(
        kind="local", release=release, kernel="/boot/vmlinuz", image="/disk.img", tap=wish.tap
    )
    request = Request(network=bool(wish.tap), extra=extra)
    facts = RELEASE[release]
    claim = Claim(
        uuid=KATA_UUIDS[0] if facts.vm_key is VmKey.UUID else "",
        cpu=0 if facts.cpu_ids else None,
    )
    return plan(board, "/run/acrn-hwtests", "dry0001", request, claim).argv


def _check(bench: Bench, said: str, options: argparse.Namespace) -> int:
    """Make the checks, a line each; return the command's exit status."""
    chosen = [c for c in checks.CHECKS if _selected(c.id, options.select)]
    if not chosen:
        raise DryError(f"no check matches {', '.join(options.select)}; see hwtests/README.md")
    print(f"acrn-dm: {printable(said)}; taken for {bench.release}", flush=True)
    started, clock = datetime.now(UTC), time.monotonic()
    found = tuple(_checked(check, bench) for check in chosen)
    passed, counts = report.passed(found), Counter(check.verdict for check in found)
    told = ", ".join(f"{number} {verdict}" for verdict, number in counts.items())
    print(f"board class: {_CLASS}, neither hardware nor stand-in; {told}", flush=True)
    results = Results(
        format=1,
        suite="acrn-hwtests",
        version=__version__,
        board_class=_CLASS,
        acrn_dm=str(bench.programs.acrn_dm),
        acrn_dm_sha256=hashlib.sha256(bench.programs.acrn_dm.read_bytes()).hexdigest(),
        acrnctl=str(bench.programs.acrnctl or ""),
        release=bench.release,
        said=said,
        started=started.isoformat(timespec="milliseconds"),
        seconds=round(time.monotonic() - clock, 3),
        passed=passed,
        summary={verdict: counts[verdict] for verdict in Verdict},
        checks=found,
    )
    failed = outputs.written("--json", options.json, item_a_line(results)) if options.json else 0
    return failed or (0 if passed else 1)


def _selected(name: str, patterns: Sequence[str]) -> bool:
    return not patterns or any(fnmatchcase(name, pattern) for pattern in patterns)


def _checked(check: checks.Check, bench: Bench) -> CheckResult:
    clock = time.monotonic()
    try:
        verdict, told = Verdict.PASS, check.show(bench)
    except NotApplicableError as error:
        verdict, told = Verdict.NOT_APPLICABLE, str(error)
    except AssertionError as error:
        verdict, told = Verdict.FAIL, str(error)
    except (OSError, subprocess.TimeoutExpired) as error:
        verdict, told = Verdict.ERROR, str(error)
    seconds = round(time.monotonic() - clock, 3)
    result = CheckResult(check.id, check.title, verdict, seconds, told)
    print(printable(report.line(result, _CLASS)), flush=True)
    return result


def _listed(path: Path) -> list[recording.Entry]:
    try:
        return list(recording.entries(io.BytesIO(reading.whole(path))))
    except reading.ReadingError as error:
        raise DryError(str(error)) from None


def _record(
    programs: Programs, release: str, given: Sequence[recording.Entry], verdicts_file: Path | None
) -> int:
    """Record verdicts, and print where lint's model differs; return the exit status."""
    differ = hung = 0
    verdicts = recording.record(programs, release, given)
    with _output(verdicts_file) as file, closing(verdicts):
        for number, each in enumerate(verdicts, 1):
            if file:
                file.write(msgspec.json.encode(each) + b"\n")
            hung += each.dm[release].exit is None
            if difference := recording.difference(each, release):
                differ += 1
                print(f"line {number}: {printable(difference)}", flush=True)
    told = counted(len(given), "argv")
    differing = f"{differ} differ from lint's model of {release}"
    print(f"board class: {_CLASS}; {told}; {differing}; {hung} hung, uncompared")
    return 1 if differ else 0


@contextmanager
def _output(path: Path | None) -> Iterator[IO[bytes] | None]:
    if path is None:
        yield None
        return
    with whole_file(path) as file:
        yield file


@contextmanager
def _folder() -> Iterator[Path]:
    """Make a folder for all of a dry run; it goes, whatever ends the run, and cut short by none."""
    with tempfile.TemporaryDirectory(prefix="acrn-dry-", ignore_cleanup_errors=True) as name:
        try:
            yield Path(name)
        finally:
            _ignore_signals()


def _ignore_signals() -> None:
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)


def _ended(number: int) -> NoReturn:
    print(f"acrn-hwtests: ended by {signal.Signals(number).name}", file=sys.stderr)
    sys.exit(_SIGNALLED + number)
