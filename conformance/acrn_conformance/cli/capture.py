"""``acrn-conformance capture [-- CMD ARGS...]``: see and judge what a runtime calls, unmodified."""

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import IO, NamedTuple

from acrn_base.diff import diff
from acrn_base.starting import StartError
from acrn_base.text import counted, excerpt
from acrn_cmdline import lint
from acrn_cmdline.capture import PROGRAMS, Call, Captured, CaptureError, RecordError, capture, read
from acrn_cmdline.slotmap import slot_map
from acrn_conformance import oracle
from acrn_conformance.cases import tokens_in
from acrn_conformance.cli import case, choice
from acrn_conformance.cli.fault import InputError
from acrn_conformance.cli.profile import Profile, rules
from acrn_conformance.oracle import DescriptionError
from acrn_conformance.reports import Styled, lint_text, slotmap_text, terminal

_ACRN_DM, _ACRNCTL = PROGRAMS
_SIGNALLED = 128
_TOKENS = 40
"""Tokens of a call without devices that are shown."""


class Wanted(NamedTuple):
    """What the calls of a program are compared with, and where it comes from."""

    name: str
    program: str
    argv: Sequence[str]


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.usage = "acrn-conformance capture [OPTIONS] (-- CMD ARGS... | --read FILE)"
    parser.epilog = (
        "Exit status: 0 all calls compare equal, or nothing to compare; 1 some differ, or none was "
        "captured; 2 unusable input; 128 + N where signal N ended the capture."
    )
    add = parser.add_argument
    out = "write each call there as it comes, a JSON object a line (in NAME_base64: not UTF-8)"
    add("--out", type=Path, metavar="FILE", help=out)
    stay = "the stand-in for acrn-dm runs on, as a VM does, until SIGINT or SIGTERM"
    add("--stay", action="store_true", help=stay)
    add("--read", type=Path, metavar="FILE", help="judge what an earlier capture has written")
    against = parser.add_mutually_exclusive_group()
    against.add_argument("--golden", metavar="ID", help="compare with the argv of a golden case")
    described = "compare with what the reference builds for a VM description"
    against.add_argument("--sandbox", metavar="VM", help=described)
    add("command", nargs="*", metavar="CMD ARGS", help="what to run: it, or its children, call")
    parser.set_defaults(do=_do)


def _do(options: argparse.Namespace) -> int:
    if bool(options.command) == bool(options.read):
        raise InputError("give a command after --, or --read FILE")
    if options.read and (options.out or options.stay):
        raise InputError("--read runs nothing; leave out --out and --stay")
    wanted = _wanted(options)
    if options.read:
        return _read(options.read, wanted)
    captured = _captured(options)
    with closing(captured.record):
        terminal.write([Styled(f"the command ended: {captured.ending}")])
        status = _judge(captured.record, wanted)
    return _SIGNALLED + captured.interrupted if captured.interrupted else status


def _captured(options: argparse.Namespace) -> Captured:
    try:
        return capture(options.command, options.out, _announce, stay=options.stay)
    except (CaptureError, StartError) as error:
        raise InputError(str(error)) from None


def _announce(folder: Path) -> None:
    """Say where the stand-ins are: a runtime may have their paths in its configuration."""
    for program in PROGRAMS:
        print(f"{program}: {folder / program}", flush=True)


def _read(path: Path, wanted: Wanted | None) -> int:
    try:
        with path.open("rb") as record:
            return _judge(record, wanted)
    except OSError as error:
        raise InputError(f"--read {path}: {error.strerror}; name a record") from None


def _wanted(options: argparse.Namespace) -> Wanted | None:
    if options.golden is not None:
        return _golden(options.golden)
    if options.sandbox is None:
        return None
    try:
        argv = oracle.described(options.sandbox)
    except DescriptionError as error:
        text = str(error).encode("ascii", "backslashreplace").decode()
        raise InputError(f"--sandbox {options.sandbox}: {text}") from None
    return Wanted(f"the argv for {excerpt(options.sandbox)}", _ACRN_DM, argv)


def _golden(name: str) -> Wanted:
    golden = case.find(choice.load().golden, name)
    argvs = [tokens_in(answer.result, "argv") for answer in golden.accepted]
    argv = next((argv for argv in argvs if argv is not None), None)
    if argv is None:
        raise InputError(f"the case {name} expects no argv; try an argv or sandbox_argv case")
    program = _ACRNCTL if golden.request.method == "block_rescan" else _ACRN_DM
    return Wanted(name, program, argv)


def _judge(record: IO[bytes], wanted: Wanted | None) -> int:
    """Show every call and what is to say of it; return the exit status. Raises InputError."""
    programs: Counter[str] = Counter()
    equal = 0
    try:
        for number, call in enumerate(read(record), start=1):
            compared = wanted if wanted and wanted.program == call.program else None
            programs[call.program] += 1
            equal += bool(compared and _agrees(call, compared))
            terminal.write(_shown(number, call, compared))
    except RecordError as error:
        raise InputError(str(error)) from None
    passed = wanted is None or equal == programs[wanted.program] > 0
    terminal.write(_summary(programs, wanted, equal, passed=passed))
    return 0 if passed else 1


def _agrees(call: Call, wanted: Wanted) -> bool:
    return list(call.argv) == list(wanted.argv)


def _shown(number: int, call: Call, wanted: Wanted | None) -> Iterator[Styled]:
    parent = excerpt(call.parent_command) or "one that is gone"
    yield Styled("")
    yield Styled(
        f"call {number}: {excerpt(call.program)}, {counted(len(call.argv), 'argument')}", "good"
    )
    yield Styled(
        f"  {excerpt(call.time)}, process {call.pid}, called by {parent} ({call.parent_pid}) "
        f"in {excerpt(call.cwd)}",
        "faint",
    )
    devices = slot_map(call.argv) if call.program == _ACRN_DM else None
    if devices and devices.busy:
        yield from slotmap_text.lines(devices, whole=False)
    else:
        yield from _tokens(call.argv)
    if call.program == _ACRN_DM:
        found = lint_text.lines(lint.judge(call.argv, lint.RECORDING, rules=rules(Profile.KATA)))
        yield from (Styled(f"  {line.text}".rstrip(), line.style) for line in found)
    if wanted:
        yield from _comparison(call, wanted)


def _tokens(argv: Sequence[str]) -> Iterator[Styled]:
    yield from (Styled(f"  {excerpt(token)}" if token else "  ''") for token in argv[:_TOKENS])
    if len(argv) > _TOKENS:
        yield Styled(f"  and {len(argv) - _TOKENS:,} more")


def _comparison(call: Call, wanted: Wanted) -> Iterator[Styled]:
    if _agrees(call, wanted):
        yield Styled(f"  equal to {wanted.name}", "good")
        return
    yield Styled(f"  differs from {wanted.name} (- expected, + got):", "bad")
    for line in diff(wanted.argv, call.argv):
        yield Styled(f"  {line.sign} {line.text}", line.sign.strip())


def _summary(
    programs: Counter[str], wanted: Wanted | None, equal: int, *, passed: bool
) -> Iterator[Styled]:
    listed = ", ".join(f"{times} of {excerpt(name)}" for name, times in programs.items())
    text = f"{counted(programs.total(), 'call')} captured" + (f": {listed}" if listed else "")
    if wanted:
        of = programs[wanted.program]
        text += f"; {equal} of {of} equal to {wanted.name}" if of else ""
        text += "" if of else f"; none of {wanted.program} to compare with {wanted.name}"
    yield Styled("")
    yield Styled(text, "good" if passed else "bad")
