"""``acrn-conformance smoke -- CMD ARGS...``: a new implementation, step by step."""

import argparse
import shlex
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from acrn_base.orphans import adopting_orphans
from acrn_base.starting import StartError
from acrn_base.text import excerpt
from acrn_conformance.cases import (
    DIALECTS,
    KATA_1,
    Case,
    Description,
    Dialect,
    Golden,
    Level,
    Request,
)
from acrn_conformance.cli import choice, implementation
from acrn_conformance.cli.fault import InputError
from acrn_conformance.cli.parser import Parser
from acrn_conformance.implementation import (
    UNFLUSHED,
    Heard,
    NotAReplyError,
    Outcome,
    Result,
    Trial,
    prepare,
    wire,
)
from acrn_conformance.judging import claims, judge
from acrn_conformance.reports import Styled, terminal, verdict_text

_DEFAULT_SECONDS = 10.0
_SHOWN = 400

_TYPICAL = frozenset(("sandbox-composition", "kata-3-sandbox", "acrn-3-sandbox"))
"""Rules of what a method does as a whole, where its shortest request is one that nobody makes."""


class _Hurdle(NamedTuple):
    """What is wrong at a step, with the remedy; the case asked, and the lines of both."""

    text: str
    asked: bytes
    heard: bytes | None
    case: str


def configure(parser: Parser) -> None:
    """Declare the options."""
    parser.usage = "acrn-conformance smoke [--timeout SECONDS] -- CMD ARGS..."
    parser.epilog = "Exit status: 0 no hurdle, 1 one, which is told, 2 it cannot be started."
    parser.begins = bool
    wait = f"for each reply (default: {_DEFAULT_SECONDS:.0f})"
    seconds = implementation.seconds
    parser.add_argument(
        "--timeout", type=seconds, default=_DEFAULT_SECONDS, metavar="SECONDS", help=wait
    )
    parser.add_argument("command", nargs="+", metavar="CMD ARGS", help="the implementation")
    parser.set_defaults(do=_do)


def _do(options: argparse.Namespace) -> int:
    golden, _ = choice.load()
    command: list[str] = options.command
    try:
        with adopting_orphans(), Trial(command) as trial:
            terminal.write([Styled(f"started: {excerpt(shlex.join(command))}", "good")])
            return _conversation(trial, golden, options.timeout, command)
    except StartError as error:
        raise InputError(str(error)) from None


def _conversation(trial: Trial, golden: Golden, seconds: float, command: Sequence[str]) -> int:
    """Ask for describe and then for a case of each method; return the exit status."""
    met = _asked(trial, _simplest(golden, KATA_1, "describe"), 1, seconds)
    said = met if isinstance(met, _Hurdle) else _described(met)
    if isinstance(said, _Hurdle):
        return _stopped(said)
    dialect = DIALECTS[said.dialect or KATA_1.name]
    terminal.write([Styled(f"describe: {excerpt(said.name)}, in {dialect.name}", "good")])
    claimed = [name for name in dialect.method_names if name in said.methods]
    for number, name in enumerate((name for name in claimed if name != "describe"), 2):
        case = _simplest(golden, dialect, name)
        met = _asked(trial, case, number, seconds)
        hurdle = met if isinstance(met, _Hurdle) else _judged(case, met, number)
        if hurdle:
            return _stopped(hurdle)
        terminal.write([Styled(f"{name}: right ({case.id})", "good")])
    terminal.write(_next(said, dialect, command))
    return 0


def _simplest(golden: Golden, dialect: Dialect, method: str) -> Case:
    """Return the required case of a method that has a result, is typical, and is shortest."""
    return min(
        (
            case
            for case in golden.cases()
            if case.request.method == method and dialect.name in case.dialects
        ),
        key=lambda case: (
            case.expect.refused,
            case.level is not Level.REQUIRED,
            case.rule not in _TYPICAL,
            len(msgspec.json.encode(case.request.params)),
        ),
    )


def _asked(trial: Trial, case: Case, number: int, seconds: float) -> Outcome | _Hurdle:
    line = prepare(case.request).line(number)
    heard = trial.ask(line, seconds)
    text = _unheard(heard, seconds)
    if heard.line is None or text:
        return _Hurdle(text, line, heard.line, case.id)
    try:
        answered, outcome = wire.reply(heard.line)
    except NotAReplyError as error:
        return _Hurdle(_with_remedy(str(error)), line, heard.line, case.id)
    if answered != number:
        text = f"the reply carries the id {answered}, and the request {number}: send that back"
        return _Hurdle(text, line, heard.line, case.id)
    return outcome


def _unheard(heard: Heard, seconds: float) -> str:
    """Return why there is no answer that could be read, or nothing."""
    if heard.ended and not heard.late:
        return (
            f"it ended without an answer ({heard.ended}); run it by hand and give it the line, "
            "and let it answer until its input ends"
        )
    if heard.line is None:
        return (
            f"no answer within {seconds:g} s, nor when its input ended; answer each line of "
            "standard input with one on standard output (--timeout gives it longer)"
        )
    return UNFLUSHED.message if heard.late else ""


def _with_remedy(fault: str) -> str:
    """Return what is wrong with a line, and what to write in its place, if that is not told yet."""
    form = 'answer with {"jsonrpc":"2.0","id":...,"result":{...}} on one line'
    return fault if fault.endswith(wire.LOGS) else f"{fault}; {form}"


def _described(outcome: Outcome) -> Description | _Hurdle:
    request = prepare(Request("describe")).line(1)
    told = getattr(outcome, "message", "") or "there is no result"
    if isinstance(outcome, Result):
        try:
            said = msgspec.convert(outcome.value, Description)
        except msgspec.ValidationError as error:
            told = str(error)
        else:
            dialect = DIALECTS.get(said.dialect or KATA_1.name)
            told = (
                _unusable(said, dialect)
                if dialect
                else f"its dialect is none of {', '.join(DIALECTS)}"
            )
            if not told:
                return said
    text = f"describe is not answered as it must be: {excerpt(told, _SHOWN)}"
    return _Hurdle(text, request, msgspec.json.encode(outcome), "describe-protocol")


def _unusable(said: Description, dialect: Dialect) -> str:
    """Return what a run would complain of in the methods that are claimed, or nothing."""
    return "; ".join(claims.complaints(said.methods, dialect))


def _judged(case: Case, outcome: Outcome, number: int) -> _Hurdle | None:
    verdict = judge(case, outcome)
    if not verdict.failing:
        return None
    got = msgspec.json.encode(outcome.value) if isinstance(outcome, Result) else None
    line = prepare(case.request).line(number)
    return _Hurdle(verdict_text.shown(verdict), line, got, case.id)


def _stopped(hurdle: _Hurdle) -> int:
    terminal.write(_hurdle_lines(hurdle))
    return 1


def _hurdle_lines(hurdle: _Hurdle) -> Iterator[Styled]:
    yield Styled(f"hurdle at the case {hurdle.case}:", "bad")
    yield Styled(f"  asked: {excerpt(hurdle.asked.decode().rstrip(), _SHOWN)}")
    if hurdle.heard is not None:
        yield Styled(f"  heard: {excerpt(hurdle.heard.decode(errors='backslashreplace'), _SHOWN)}")
    yield Styled(f"  {hurdle.text}")
    yield Styled(f"  the case in full: acrn-conformance show {hurdle.case}", "faint")


def _next(said: Description, dialect: Dialect, command: Sequence[str]) -> Iterator[Styled]:
    """Yield what is missing, in the order worth doing, and what comes next."""
    missing = [name for name in dialect.method_names if name not in said.methods]
    if missing := [name for name in missing if name != "describe"]:
        yield Styled(f"not claimed yet, the most useful first: {', '.join(missing)}", "?")
    run = shlex.join(("acrn-conformance", "run", "--", *command))
    yield Styled(f"no hurdle; next, every case: {excerpt(run, _SHOWN)}", "good")
