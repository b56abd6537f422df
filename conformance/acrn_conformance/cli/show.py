"""``acrn-conformance show``: a case in full or as the line for an adapter, and any slot map."""

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from acrn_base.files import whole_file
from acrn_base.text import excerpt, visible
from acrn_cmdline.lint import LATEST
from acrn_cmdline.slotmap import slot_map
from acrn_conformance.cases import DIALECTS, tokens_in
from acrn_conformance.cli import case, choice, lint_options, sources
from acrn_conformance.cli.fault import InputError
from acrn_conformance.cli.parser import Parser
from acrn_conformance.implementation import wire
from acrn_conformance.reports import (
    Styled,
    run_text,
    slotmap_svg,
    slotmap_text,
    source_text,
    terminal,
)


class _Subject(NamedTuple):
    """Whose slot map is asked for."""

    title: str
    argv: Sequence[str]
    block_slots: Sequence[int] = ()
    remarks: tuple[Styled, ...] = ()
    kata: bool = False


def configure(parser: Parser) -> None:
    """Declare the options."""
    parser.usage = (
        "acrn-conformance show [OPTIONS] (ID | --file FILE | --pid N | -- acrn-dm ARGS...)"
    )
    parser.begins = sources.is_acrn_dm
    add = parser.add_argument
    add("--request", action="store_true", help="print only the request line")
    slots = "the slot map of the case; of command lines it is what is shown anyway"
    add("--slots", action="store_true", help=slots)
    add(
        "--svg",
        type=Path,
        metavar="FILE",
        help="write the slot map as a picture (-: standard output)",
    )
    add("--file", metavar="FILE", help=sources.FILE_HELP)
    sources.declare_set(parser)
    release = "the release that reads the command line for its slot map (default: the latest)"
    add("--release", type=lint_options.release, default=LATEST, metavar="R", help=release)
    add("--pid", type=sources.process, metavar="N", help="the running acrn-dm with this process id")
    add("words", nargs="*", metavar="ID", help="the id of a case, or acrn-dm with its arguments")
    parser.set_defaults(do=_do)


def _do(options: argparse.Namespace) -> int:
    words: list[str] = options.words
    if (options.pid is not None) + (options.file is not None) + bool(words) != 1:
        raise InputError("give one of an id, --file FILE, --pid N, or -- acrn-dm ARGS...")
    is_case = len(words) == 1 and not sources.is_acrn_dm(words[0])
    if options.slots or options.svg or not is_case:
        if options.request:
            raise InputError("--request prints a request, and no slot map; leave one out")
        return _show_slots(_of_case(words[0]) if is_case else _command_lines(options), options)
    golden, rules = choice.load()
    shown = case.find(golden, words[0])
    if options.request:
        sys.stdout.buffer.write(wire.prepare(shown.request).line(1))
    else:
        terminal.write(run_text.shown_case(shown, rules.get(shown.rule)))
    return 0


def _show_slots(subjects: Iterable[_Subject], options: argparse.Namespace) -> int:
    for index, subject in enumerate(subjects):
        if options.svg and index:
            raise InputError(f"--svg {visible(str(options.svg))}: several command lines; give one")
        found = slot_map(subject.argv, subject.block_slots, options.release, kata=subject.kata)
        if options.slots or not options.svg:
            terminal.write([Styled("")] * bool(index))
            terminal.write([Styled(excerpt(subject.title)), *subject.remarks])
            terminal.write(slotmap_text.lines(found))
        if options.svg:
            _write(options.svg, slotmap_svg.picture(found, subject.title))
    return 0


def _write(path: Path, picture: bytes) -> None:
    if path == Path("-"):
        sys.stdout.buffer.write(picture)
        return
    try:
        with whole_file(path) as file:
            file.write(picture)
    except OSError as error:
        shown = visible(str(path))
        raise InputError(f"--svg {shown}: {error.strerror}; name a file to write") from None


def _of_case(name: str) -> Iterator[_Subject]:
    shown = case.find(choice.load().golden, name)
    result = shown.expect.result
    method = DIALECTS[shown.dialects[0]].method(shown.request.method)
    argv = tokens_in(result, method.built) if method and method.builds_on_slots else None
    if argv is None or not isinstance(result, dict):
        raise InputError(f"the case {shown.id} has no devices, so no slot map; try an argv case")
    yield _Subject(shown.id, argv, msgspec.convert(result["block_slots"], list[int]), kata=True)


def _files(options: argparse.Namespace) -> Sequence[str]:
    return () if options.file is None else (options.file,)


def _command_lines(options: argparse.Namespace) -> Iterator[_Subject]:
    values = sources.given(options.values)
    for found in sources.argvs(_files(options), options.pid, options.words, values):
        yield _Subject(str(found.where), found.tokens, (), tuple(source_text.lines(found)))
