"""The option that names a dialect, shared by the commands that build or judge an argv."""

import argparse

from acrn_conformance.cases import DIALECTS, KATA_1, Dialect


def add_option(parser: argparse.ArgumentParser, what: str) -> None:
    """Add ``--dialect``; ``what`` it is for, in a word."""
    parser.add_argument(
        "--dialect", choices=DIALECTS, metavar="NAME", help=f"{what} ({', '.join(DIALECTS)})"
    )


def chosen(options: argparse.Namespace) -> Dialect:
    """Return the dialect that is named, kata-1 where none is."""
    return named(options) or KATA_1


def named(options: argparse.Namespace) -> Dialect | None:
    """Return the dialect that is named, None where none is."""
    return DIALECTS[options.dialect] if options.dialect else None
