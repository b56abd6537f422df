"""``acrn-conformance capture [-- CMD ARGS...]``: see and judge what a runtime calls, unmodified."""

import argparse
import sys
from contextlib import closing
from pathlib import Path
from typing import IO

from acrn_base.text import visible
from acrn_cmdline.capture import (
    Captured,
    CaptureError,
    Reach,
    RecordError,
    Vms,
    Wish,
    capture,
    read,
)
from acrn_cmdline.captured import Tally, Wanted, judged
from acrn_conformance.cli import dialects, linting
from acrn_conformance.cli.fault import InputError
from acrn_conformance.reports import capture_text, terminal

_SIGNALLED = 128
_WARNING = (
    "acrn-conformance: warning: whatever else the command does really happens (devices, "
    "processors, files, the network); --harmless prevents it. Folders that got "
    "stand-ins are read-only to it"
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.usage = "acrn-conformance capture [OPTIONS] (-- CMD ARGS... | --read FILE)"
    parser.epilog = (
        "Exit status: 0 calls were captured, and nothing is wrong with them; 1 none was captured, "
        "one differs from what it is compared with or is refused by a release named with "
        "--release, or a rescan succeeds in no release; 2 unusable input; 128 + N where signal N "
        "ended the capture."
    )
    add = parser.add_argument
    out = "write each call there as it comes, a JSON object a line (in NAME_base64: not UTF-8)"
    add("--out", type=Path, metavar="FILE", help=out)
    harmless = "nothing else that the command does takes effect: it can write in /tmp and /run "
    harmless += "only, what it writes is gone, and it sees no device, no network and no service"
    add("--harmless", action="store_true", help=harmless)
    stand_ins = "put stand-ins into this new or empty folder too, for services that run already, "
    stand_ins += "and for machines that forbid namespaces"
    add("--stand-ins", type=Path, metavar="DIR", help=stand_ins)
    stay = "the stand-in for acrn-dm runs on, as a VM does, until SIGINT or SIGTERM"
    add("--stay", action="store_true", help=stay)
    add("--read", type=Path, metavar="FILE", help="judge what an earlier capture has written")
    linting.configure(parser)
    against = parser.add_mutually_exclusive_group()
    against.add_argument("--golden", metavar="ID", help="compare with the argv of a golden case")
    described = "compare with what the reference builds for a VM description"
    against.add_argument("--sandbox", metavar="VM", help=described)
    add("command", nargs="*", metavar="CMD ARGS", help="what to run: it, or its children, call")
    parser.set_defaults(do=_do)


def _do(options: argparse.Namespace) -> int:
    if bool(options.command) == bool(options.read):
        raise InputError("give a command after --, or --read FILE")
    if options.read and (options.out or options.stay or options.harmless or options.stand_ins):
        raise InputError("--read runs nothing; leave out --out, --stay, --stand-ins and --harmless")
    wanted = _wanted(options)
    if options.read:
        return _read(options, wanted)
    captured = _captured(options)
    with closing(captured.record):
        print(f"the command ended: {captured.ending}")
        tally, status = _judge(captured.record, options, wanted)
    if not tally.calls:
        harmless: bool = options.harmless
        terminal.write(capture_text.no_call(captured.ending, captured.reach, harmless=harmless))
    return _SIGNALLED + captured.interrupted if captured.interrupted else status


def _captured(options: argparse.Namespace) -> Captured:
    def announce(reach: Reach) -> None:
        if not options.harmless:
            print(_WARNING, file=sys.stderr, flush=True)
        terminal.write(capture_text.reach(reach, harmless=options.harmless))
        sys.stdout.flush()

    wish = Wish(options.command, options.out, options.stand_ins, options.stay, options.harmless)
    try:
        return capture(wish, announce)
    except CaptureError as error:
        raise InputError(visible(str(error))) from None


def _read(options: argparse.Namespace, wanted: Wanted | None) -> int:
    try:
        with options.read.open("rb") as record:
            return _judge(record, options, wanted)[1]
    except OSError as error:
        raise InputError(f"--read {options.read}: {error.strerror}; name a record") from None


def _wanted(options: argparse.Namespace) -> Wanted | None:
    if options.golden is None and options.sandbox is None:
        return None
    from acrn_conformance.cli import wanted  # noqa: PLC0415 - nobody else pays for the reference

    if options.golden is not None:
        return wanted.golden(options.golden)
    return wanted.described(dialects.chosen(options), options.sandbox)


def _judge(
    record: IO[bytes], options: argparse.Namespace, wanted: Wanted | None
) -> tuple[Tally, int]:
    """Show every call and what is to say of it; return the exit status. Raises InputError."""
    lint = linting.wanted(options)
    tally = Tally()
    vms = [Vms(release, lint.host) for release in lint.releases]
    try:
        for each in judged(read(record), lint.judge, vms, wanted):
            tally = tally.plus(each)
            terminal.write(capture_text.call(each))
    except RecordError as error:
        raise InputError(str(error)) from None
    passed = tally.passed(wanted, named=lint.named)
    terminal.write(capture_text.summary(tally, wanted, passed=passed))
    return tally, 0 if passed else 1
