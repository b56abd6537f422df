"""``acrn-conformance list``: the ids, levels and titles of the cases."""

import argparse

from acrn_base.text import visible
from acrn_conformance.cli import choice, dialects
from acrn_conformance.reports import Styled, terminal


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    choice.add_options(parser)
    dialects.add_option(parser, "the cases of this dialect; default: kata-1")
    parser.set_defaults(do=_do)


def _do(options: argparse.Namespace) -> int:
    cases = choice.chosen(options, choice.load().golden, dialects.chosen(options))
    width = max(len(case.id) for case in cases)
    terminal.write(
        Styled(f"{case.id:<{width}}  {case.level:<9}  {visible(case.title)}") for case in cases
    )
    return 0
