"""``acrn-conformance serve``: the reference on the wire, judged like anybody else."""

import argparse

from acrn_conformance.cli import dialects
from acrn_conformance.oracle import replying, serve


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the option."""
    dialects.add_option(parser, "answer in this dialect; default: kata-1")
    parser.set_defaults(do=_do)


def _do(options: argparse.Namespace) -> int:
    serve(replying(dialects.chosen(options)))
    return 0
