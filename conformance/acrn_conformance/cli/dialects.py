"""The option that names a dialect, shared by the commands that build or judge an argv.

The dialects themselves are loaded when one is wanted: lint starts without.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import argparse

    from acrn_conformance.cases import Dialect

NAMES: Final = ("kata-1", "kata-3", "acrn-3")
"""The dialects that there are; the first is meant where none is named."""


def add_option(parser: argparse.ArgumentParser, what: str) -> None:
    """Add ``--dialect``; ``what`` it is for, and its default."""
    parser.add_argument(
        "--dialect", choices=NAMES, metavar="NAME", help=f"{what} ({', '.join(NAMES)})"
    )


def chosen(options: argparse.Namespace) -> Dialect:
    """Return the dialect that is named, kata-1 where none is."""
    return of(options.dialect or NAMES[0])


def named(options: argparse.Namespace) -> Dialect | None:
    """Return the dialect that is named, None where none is."""
    return of(options.dialect) if options.dialect else None


def of(name: str) -> Dialect:
    """Return the dialect with one of the names."""
    from acrn_conformance.cases import DIALECTS  # noqa: PLC0415 - not everybody pays for it

    return DIALECTS[name]
