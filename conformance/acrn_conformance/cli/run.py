"""``acrn-conformance run [-- CMD ARGS...]``: judge an implementation, case by case."""

import argparse
import functools
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec

from acrn_base.files import whole_file
from acrn_base.orphans import adopting_orphans
from acrn_base.starting import StartError
from acrn_base.text import visible
from acrn_conformance.cases import DIALECTS, Case, KnownFailuresError, known
from acrn_conformance.cli import choice, dialects, implementation, output
from acrn_conformance.cli.fault import InputError
from acrn_conformance.cli.parser import Parser
from acrn_conformance.implementation import Trace
from acrn_conformance.judging import (
    ALL,
    CannotStartError,
    Demands,
    Described,
    Judged,
    Run,
    RunEvent,
    Verdict,
    complaints,
    examined,
    folded,
    relisted,
    run,
)
from acrn_conformance.reports import results, run_text, terminal

_MOST_NAMED = 20
"""Cases of a sequence that a command names."""


def configure(parser: Parser) -> None:
    """Declare the options."""
    parser.usage = "acrn-conformance run [OPTIONS] [-- CMD ARGS...]"
    parser.epilog = "Exit status: 0 every judged case passes, 1 some do not, 2 unusable input."
    choice.add_options(parser)
    implementation.add_options(parser)
    add = parser.add_argument
    cases = "judge the cases of this file instead of the golden ones"
    add("--cases", type=Path, metavar="FILE", help=cases)
    may_fail = "cases that may fail, an id or a glob and the reason a line"
    add("--known-failures", type=Path, metavar="FILE", help=may_fail)
    listed = "write the failures of this run as such a list; reasons that are there stay"
    add("--write-known-failures", type=Path, metavar="FILE", help=listed)
    require = "fail if this method, or any for `all`, is not claimed (may be repeated)"
    add("--require", action="append", default=[], metavar="METHOD", help=require)
    everything = "show every failing case, however many; default: what fits two screens"
    add("--all", action="store_true", help=everything)
    add("--fail-fast", action="store_true", help="stop at the first failing case")
    add("--json", type=output.named, metavar="FILE", help="write every verdict as JSON")
    add("--trace", type=Path, metavar="FILE", help="write all that goes over the wire, as it does")
    parser.set_defaults(do=_do)


def _do(options: argparse.Namespace) -> int:
    golden, rules = choice.load(options.cases)
    cases = choice.chosen(options, golden)
    excuses = _known(options.known_failures)
    listed: Path | None = options.write_known_failures
    before = _known(listed) if listed and listed.exists() else {}
    with output.opened(options.json, "--json") as file:
        found = _run(options, cases, excuses)
        stale = complaints(excuses, found.verdicts, {c.id for c in golden.cases()})
        found = msgspec.structs.replace(found, complaints=(*found.complaints, *stale))
        if file:
            results.write(file, results.results(golden, found))
    if listed:
        _write_known(listed, relisted(excuses | before, found.verdicts))
    again = functools.partial(_again, options)
    terminal.write(run_text.whole(golden, rules, found, again, everything=options.all))
    return 0 if found.passed else 1


def _run(options: argparse.Namespace, cases: tuple[Case, ...], excuses: dict[str, str]) -> Run:
    settings = implementation.settings(options)
    demands = Demands(
        frozenset(options.require), excuses, options.fail_fast, options.tolerate_protocol_faults
    )
    log: list[RunEvent] = []
    with ExitStack() as stack:
        trace = stack.enter_context(_trace(options.trace))
        stack.enter_context(adopting_orphans())
        advance = _nothing
        try:
            for event in run(cases, settings, demands, dialects.named(options), trace):
                log.append(event)
                match event:
                    case Described(dialect=name):
                        _check_required(options.require, name)
                        mine = choice.of(DIALECTS[name], cases)
                        advance = stack.enter_context(terminal.bar(len(mine), "judging"))
                    case Judged():
                        advance()
        except (StartError, CannotStartError) as error:
            raise InputError(str(error)) from None
        return examined(folded(cases, settings, log), len(os.sched_getaffinity(0)))


def _nothing() -> None:
    """Show no progress before anything is judged."""


def _check_required(required: Sequence[str], dialect: str) -> None:
    known_here = (*DIALECTS[dialect].method_names, ALL)
    for name in required:
        if name not in known_here:
            raise InputError(
                f"--require {name}: no method of {dialect}; name one of {', '.join(known_here)}"
            )


def _again(options: argparse.Namespace, verdict: Verdict) -> str:
    """Return the one command that judges a case again, behind those that it takes to fail.

    That is all of them where they are not known, or too many to name.
    """
    ids = verdict.leak or (verdict.case.id,)
    known = not verdict.leak or 1 < len(ids) <= _MOST_NAMED
    chosen = choice.exactly(ids) if known and not verdict.by_chance else choice.again(options)
    return implementation.again(options, *_cases(options), *chosen)


def _cases(options: argparse.Namespace) -> list[str]:
    return ["--cases", str(options.cases)] if options.cases else []


def _known(path: Path | None) -> dict[str, str]:
    try:
        return known.read(path) if path else {}
    except KnownFailuresError as error:
        raise InputError(str(error)) from None


def _write_known(path: Path, listed: dict[str, str]) -> None:
    try:
        with whole_file(path) as file:
            file.write(known.written(listed).encode())
    except OSError as error:
        raise InputError(
            f"--write-known-failures {visible(str(path))}: {error.strerror}; name a file to write"
        ) from None


@contextmanager
def _trace(path: Path | None) -> Iterator[Trace | None]:
    try:
        trace = Trace(path) if path else None
    except OSError as error:
        raise InputError(
            f"--trace {visible(str(path))}: {error.strerror}; name a file to write"
        ) from None
    try:
        yield trace
    finally:
        if trace:
            trace.close()
