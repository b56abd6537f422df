"""The options that choose cases, shared by the commands that have them."""

import argparse
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from acrn_conformance.cases import (
    Case,
    Dialect,
    Golden,
    GoldenError,
    Level,
    Rule,
    Selection,
    SelectionError,
    golden,
)
from acrn_conformance.cli.fault import InputError
from acrn_conformance.cli.parser import one_of


class Goldens(NamedTuple):
    """The goldens and their rules."""

    golden: Golden
    rules: dict[str, Rule]


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add ``--select``, ``--deselect`` and ``--level``."""
    for name, text in (("select", "judge only"), ("deselect", "leave out")):
        parser.add_argument(
            f"--{name}",
            action="append",
            default=[],
            metavar="GLOB",
            help=f"{text} the cases whose id matches (may be repeated)",
        )
    parser.add_argument(
        "--level",
        action="append",
        default=[],
        type=one_of(Level),
        choices=list(Level),
        help="only cases of this level (may be repeated; default: all)",
    )


def load(cases: Path | None = None) -> Goldens:
    """Load the goldens, or a file of cases in their place. Raises InputError."""
    root = golden.folder()
    try:
        chosen = golden.load_cases(cases) if cases else golden.load(root)
        return Goldens(chosen, golden.rules(root))
    except GoldenError as error:
        raise InputError(str(error)) from None


def chosen(
    options: argparse.Namespace, cases: Golden, dialect: Dialect | None = None
) -> tuple[Case, ...]:
    """Return the chosen cases, of all dialects or of one. Raises InputError."""
    selection = Selection(tuple(options.select), tuple(options.deselect), tuple(options.level))
    try:
        found = selection.of(cases.cases())
    except SelectionError as error:
        raise InputError(str(error)) from None
    return of(dialect, found) if dialect else found


def exactly(ids: Iterable[str]) -> tuple[str, ...]:
    """Return the options that choose the cases with these ids, whatever characters they have."""
    words: list[str] = []
    for name in ids:
        escaped = re.sub(r"[*?\[]", r"[\g<0>]", name)
        words += [f"--select={escaped}"] if escaped.startswith("-") else ["--select", escaped]
    return tuple(words)


def again(options: argparse.Namespace) -> tuple[str, ...]:
    """Return the options that make the same choice as these."""
    given = (("select", options.select), ("deselect", options.deselect), ("level", options.level))
    return tuple(f"--{name}={value}" for name, values in given for value in values)


def of(dialect: Dialect, cases: Iterable[Case]) -> tuple[Case, ...]:
    """Return the cases of a dialect. Raises InputError where there is none."""
    found = tuple(case for case in cases if dialect.name in case.dialects)
    if not found:
        raise InputError(f"no case chosen is of the dialect {dialect.name}; select others")
    return found
