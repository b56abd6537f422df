"""``acrn-conformance run [-- CMD ARGS...]``: judge an implementation, case by case."""

import argparse
import functools
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec

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
    complaints,
    folded,
    run,
)
from acrn_conformance.reports import results, run_text, terminal


def configure(parser: Parser) -> None:
    """Declare the options."""
    parser.usage = "acrn-conformance run [OPTIONS] [-- CMD ARGS...]"
    parser.epilog = "Exit status: 0 every judged case passes, 1 some do not, 2 unusable input."
    choice.add_options(parser)
    implementation.add_options(parser)
    add = parser.add_argument
    cases = "judge the cases of this file instead of the golden ones"
    add("--cases", type=Path, metavar="FILE", help=cases)
    may_fail = "cases that may fail, an id and the reason a line"
    add("--known-failures", type=Path, metavar="FILE", help=may_fail)
    require = "fail if this method, or any for `all`, is not claimed (may be repeated)"
    add("--require", action="append", default=[], metavar="METHOD", help=require)
    add("--fail-fast", action="store_true", help="stop at the first failing case")
    add("--json", type=output.named, metavar="FILE", help="write every verdict as JSON")
    add("--trace", type=Path, metavar="FILE", help="write all that goes over the wire, as it does")
    parser.set_defaults(do=_do)


def _do(options: argparse.Namespace) -> int:
    golden, rules = choice.load(options.cases)
    cases = choice.chosen(options, golden)
    excuses = _known(options.known_failures)
    with output.opened(options.json, "--json") as file:
        found = _run(options, cases, excuses)
        stale = complaints(excuses, found.verdicts, {c.id for c in golden.cases()})
        found = msgspec.structs.replace(found, complaints=tuple(stale))
        if file:
            results.write(file, results.results(golden, found))
    again = functools.partial(_again, options)
    terminal.write(run_text.whole(golden, rules, found, again))
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
    return folded(cases, settings, log)


def _nothing() -> None:
    """Show no progress before anything is judged."""


def _check_required(required: Sequence[str], dialect: str) -> None:
    known_here = (*DIALECTS[dialect].method_names, ALL)
    for name in required:
        if name not in known_here:
            raise InputError(
                f"--require {name}: no method of {dialect}; name one of {', '.join(known_here)}"
            )


def _again(options: argparse.Namespace, case: str) -> str:
    """Return the one command that judges a case again."""
    return implementation.again(options, *_cases(options), "--select", case)


def _cases(options: argparse.Namespace) -> list[str]:
    return ["--cases", str(options.cases)] if options.cases else []


def _known(path: Path | None) -> dict[str, str]:
    try:
        return known.read(path) if path else {}
    except KnownFailuresError as error:
        raise InputError(str(error)) from None


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
