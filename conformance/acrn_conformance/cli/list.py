"""``acrn-conformance list``: the ids, levels and titles of the cases."""

import argparse

from acrn_base.text import visible
from acrn_conformance.cli import choice
from acrn_conformance.reports import Styled, terminal


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    choice.add_options(parser)
    parser.set_defaults(do=_do)


def _do(options: argparse.Namespace) -> int:
    cases = choice.chosen(options, choice.load().golden)
    width = max(len(case.id) for case in cases)
    terminal.write(
        Styled(f"{case.id:<{width}}  {case.level:<9}  {visible(case.title)}") for case in cases
    )
    return 0
