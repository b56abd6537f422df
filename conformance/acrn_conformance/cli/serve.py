"""``acrn-conformance serve``: the reference on the wire, judged like anybody else."""

import argparse

from acrn_conformance.cases import KATA_1
from acrn_conformance.oracle import replying, serve


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser.set_defaults(do=_do)


def _do(_options: argparse.Namespace) -> int:
    serve(replying(KATA_1))
    return 0
