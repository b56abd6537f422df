"""``acrn-conformance show ID``: a case in full, or the line to pipe into an adapter."""

import argparse
import sys

from acrn_conformance import report, terminal, wire
from acrn_conformance.cli import choice
from acrn_conformance.cli.fault import InputError


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("id", metavar="ID", help="the id of a case")
    parser.add_argument("--request", action="store_true", help="print only the request line")
    parser.set_defaults(do=_do)


def _do(options: argparse.Namespace) -> int:
    golden, rules = choice.load()
    case = next((case for case in golden.cases() if case.id == options.id), None)
    if case is None:
        raise InputError(f"no case has the id {options.id!a}; acrn-conformance list shows all")
    if options.request:
        sys.stdout.buffer.write(wire.prepare(case.request).line(1))
    else:
        terminal.write(report.shown_case(case, rules.get(case.rule)))
    return 0
