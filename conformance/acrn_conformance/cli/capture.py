"""``acrn-conformance capture [-- CMD ARGS...]``: see and judge what a runtime calls, unmodified."""

import argparse
import os
import re
import sys
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

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
from acrn_cmdline.captured import Heard, JudgedCall, Tally, Wanted, judged
from acrn_cmdline.source import SourceError, from_open, opened
from acrn_conformance.cli import dialects, lint_options, pages, sources
from acrn_conformance.cli.fault import InputError
from acrn_conformance.cli.parser import Parser
from acrn_conformance.reports import capture_json, capture_text, terminal

if TYPE_CHECKING:
    from acrn_conformance.reports import html

_SIGNALLED = 128
_STDOUT, _STDERR = 1, 2
_RECORD: Final = re.compile(rb'\s*\{"program":')
"""How a record begins, as stand-ins write it."""

_WARNING = (
    "acrn-conformance: warning: whatever else the command does really happens (devices, "
    "processors, files, the network); --harmless prevents it. Folders that got "
    "stand-ins are read-only to it"
)


def configure(parser: Parser) -> None:
    """Declare the options."""
    parser.usage = "acrn-conformance capture [OPTIONS] (-- CMD ARGS... | --read FILE)"
    parser.epilog = (
        "Exit status: 0 calls were captured, and nothing is wrong with them; 1 none was captured, "
        "one differs from what it is compared with or is refused by a release named with "
        "--release, a rescan succeeds in no release, or there is what --fail-on names (then any "
        "refusal and nothing to boot fail as well); 2 unusable input; 128 + N where signal N ended "
        "the capture."
    )
    parser.begins = bool
    parser.printing = frozenset({"--json"})
    add = parser.add_argument
    json = "print an object a call in place of the report; what the command prints goes to stderr"
    add("--json", action="store_true", help=json)
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
    text = "judge the calls in a file, of an earlier capture or as lint takes them: "
    add("--read", metavar="FILE", help=text + sources.FILE_HELP)
    sources.declare_set(parser)
    lint_options.configure(parser)
    pages.configure(parser)
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
    if options.values and not options.read:
        raise InputError("--set says what a script leaves open; give one with --read")
    wanted = _wanted(options)
    if options.read:
        return _judge(_read(options.read, sources.given(options.values)), options, wanted)[1]
    captured = _captured(options)
    with closing(captured.record):
        if not options.json:
            print(f"the command ended: {captured.ending}")
        tally, status = _judge(map(Heard.of, read(captured.record)), options, wanted)
    if not tally.calls and not options.json:
        harmless: bool = options.harmless
        terminal.write(capture_text.no_call(captured.ending, captured.reach, harmless=harmless))
    return _SIGNALLED + captured.interrupted if captured.interrupted else status


def _captured(options: argparse.Namespace) -> Captured:
    def announce(reach: Reach) -> None:
        if not options.harmless:
            print(_WARNING, file=sys.stderr, flush=True)
        if not options.json:
            terminal.write(capture_text.reach(reach, harmless=options.harmless))
            sys.stdout.flush()

    wish = Wish(options.command, options.out, options.stand_ins, options.stay, options.harmless)
    try:
        with _aside() if options.json else nullcontext():
            return capture(wish, announce)
    except CaptureError as error:
        raise InputError(visible(str(error))) from None


@contextmanager
def _aside() -> Iterator[None]:
    """Let what the command prints go to standard error: standard output is for JSON alone."""
    sys.stdout.flush()
    own = os.dup(_STDOUT)
    os.dup2(_STDERR, _STDOUT)
    try:
        yield
    finally:
        os.dup2(own, _STDOUT)
        os.close(own)


def _read(path: str, values: sources.Given) -> Iterator[Heard]:
    """Yield the calls in a file of any form; one that is empty is a record of none."""
    try:
        with opened(path) as file:
            head = file.peek()
            if _RECORD.match(head) or not head:
                yield from map(Heard.of, read(file))
            else:
                yield from map(Heard, from_open(file, path, values))
        sources.tell_unused(values)
    except SourceError as error:
        raise InputError(f"--read {visible(str(error))}") from None


def _wanted(options: argparse.Namespace) -> Wanted | None:
    if options.golden is None and options.sandbox is None:
        return None
    from acrn_conformance.cli import wanted  # noqa: PLC0415 - nobody else pays for the reference

    if options.golden is not None:
        return wanted.golden(options.golden)
    return wanted.described(dialects.chosen(options), options.sandbox)


def _judge(
    calls: Iterable[Heard], options: argparse.Namespace, wanted: Wanted | None
) -> tuple[Tally, int]:
    """Show every call and what is to say of it; return the exit status.

    Raises InputError, behind all that there is to show.
    """
    lint = lint_options.wanted(options)
    tally, failed = Tally(), False
    fault: RecordError | InputError | None = None
    vms = [Vms(release, lint.host) for release in lint.releases]
    with pages.gathering(options) as gather:
        try:
            for each in judged(calls, lint.judge, vms, wanted):
                tally = tally.plus(each)
                failed |= _fails(each, options.fail_on)
                if options.json:
                    print(capture_json.document(each))
                else:
                    terminal.write(capture_text.call(each))
                gather(partial(_view, each))
        except RecordError as error:
            fault = error
        except InputError as error:
            if not tally.calls:
                raise
            fault = error
        passed = tally.passed(wanted, named=lint.named) and not failed and not fault
        if not options.json:
            terminal.write(capture_text.summary(tally, wanted, passed=passed))
    if fault:
        raise InputError(visible(str(fault)))
    return tally, 0 if passed else 1


def _view(call: JudgedCall) -> "html.CallView":
    from acrn_conformance.reports import html  # noqa: PLC0415 - only who asks for a page pays

    return html.captured(call)


def _fails(call: JudgedCall, on: Collection[lint_options.FailOn]) -> bool:
    """Tell whether a call fails by --fail-on, which nobody need give."""
    return bool(on) and call.judgement is not None and lint_options.fails(call.judgement, on)
