"""The command ``acrn-hwtests`` itself: its help, and what stands in the wheel, need no extra."""

import signal
import sys
from collections.abc import Sequence

from acrn_base import streams
from acrn_hwtests import examples
from acrn_hwtests.options import parser

_TELLING = ("-h", "--help", "--list")

_PACKAGES = {"qemu": "qemu.qmp"}
"""Packages whose name is more than that of the module found missing, which is a program's too."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return 2 and say in a line how to install what it needs and is not there."""
    streams.prepare()
    try:
        status = _status(list(sys.argv[1:] if arguments is None else arguments))
        sys.stdout.flush()
    except OSError as error:
        return streams.ended("acrn-hwtests", error)
    except KeyboardInterrupt:  # where no run has begun that would end its guests first
        print("acrn-hwtests: ended by SIGINT", file=sys.stderr)
        return 128 + signal.SIGINT
    return status


def _status(words: list[str]) -> int:
    if words[:1] == ["examples"]:
        return examples.command(words[1:])
    if words[:1] and words[0] in _TELLING:
        parser().parse_args(words)  # which prints, and ends
    try:
        from acrn_hwtests import cli  # noqa: PLC0415 - what it imports is an extra
    except ModuleNotFoundError as error:
        remedy = "pip install 'acrn-conformance[hw]'"
        package = _PACKAGES.get(error.name or "", error.name)
        told = f"the Python package {package} is not installed; {remedy}"
        print(f"acrn-hwtests: {told}", file=sys.stderr)
        return 2
    return cli.main(words)
