"""``acrn-conformance show``: a case in full or as the line for an adapter, and any slot map."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from acrn_base.files import whole_file
from acrn_base.text import excerpt, visible
from acrn_cmdline.slotmap import slot_map
from acrn_cmdline.source import Place, SourceError, from_pid, from_words
from acrn_conformance.cases import KATA_1, tokens_in
from acrn_conformance.cli import case, choice
from acrn_conformance.cli.fault import InputError
from acrn_conformance.cli.implementation import number
from acrn_conformance.implementation import wire
from acrn_conformance.reports import Styled, run_text, slotmap_svg, slotmap_text, terminal

_PROGRAM = "acrn-dm"
_MOST_PID = 1 << 22


class _Subject(NamedTuple):
    """Whose slot map is asked for."""

    title: str
    argv: Sequence[str]
    block_slots: Sequence[int] = ()
    kata: bool = False


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.usage = "acrn-conformance show [OPTIONS] (ID | --pid N | -- acrn-dm ARGS...)"
    add = parser.add_argument
    add("--request", action="store_true", help="print only the request line")
    slots = "the slot map of the case, the process or the command line"
    add("--slots", action="store_true", help=slots)
    add("--svg", type=Path, metavar="FILE", help="write the slot map as a picture")
    add("--pid", type=_pid, metavar="N", help="the running acrn-dm with this process id")
    add("words", nargs="*", metavar="ID", help="the id of a case, or acrn-dm with its arguments")
    parser.set_defaults(do=_do)


def _do(options: argparse.Namespace) -> int:
    words: list[str] = options.words
    if (options.pid is None) == (not words):
        raise InputError("give one of an id, --pid N, or -- acrn-dm ARGS...")
    if options.slots or options.svg:
        if options.request:
            raise InputError("--request prints a request, and no slot map; leave one out")
        return _show_slots(_subject(options), options)
    if options.pid is not None or len(words) > 1 or words[0].rpartition("/")[2] == _PROGRAM:
        raise InputError("a command line has only a slot map to show; give --slots or --svg FILE")
    golden, rules = choice.load()
    shown = case.find(golden, words[0])
    if options.request:
        sys.stdout.buffer.write(wire.prepare(shown.request).line(1))
    else:
        terminal.write(run_text.shown_case(shown, rules.get(shown.rule)))
    return 0


def _show_slots(subject: _Subject, options: argparse.Namespace) -> int:
    found = slot_map(subject.argv, subject.block_slots, kata=subject.kata)
    if options.svg:
        _write(options.svg, slotmap_svg.picture(found, subject.title))
    if options.slots:
        terminal.write([Styled(excerpt(subject.title)), *slotmap_text.lines(found)])
    return 0


def _write(path: Path, picture: bytes) -> None:
    try:
        with whole_file(path) as file:
            file.write(picture)
    except OSError as error:
        raise InputError(f"--svg {path}: {error.strerror}; name a file to write") from None


def _subject(options: argparse.Namespace) -> _Subject:
    words: list[str] = options.words
    if options.pid is not None or len(words) > 1 or words[0].rpartition("/")[2] == _PROGRAM:
        return _command_line(options.pid, words)
    shown = case.find(choice.load().golden, words[0])
    result = shown.expect.result
    method = KATA_1.method(shown.request.method)
    argv = tokens_in(result, method.built) if method and method.builds_on_slots else None
    if argv is None or not isinstance(result, dict):
        raise InputError(f"the case {shown.id} has no devices, so no slot map; try an argv case")
    return _Subject(shown.id, argv, msgspec.convert(result["block_slots"], list[int]), kata=True)


def _command_line(pid: int | None, words: Sequence[str]) -> _Subject:
    try:
        found = from_words(words, Place("the command line")) if pid is None else from_pid(pid)
    except SourceError as error:
        raise InputError(visible(str(error))) from None
    return _Subject(str(found.where), found.tokens)


def _pid(text: str) -> int:
    return number(text, 1, _MOST_PID)
