"""The command ``acrn-conformance``; each of its commands is a file of its own."""

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from types import FrameType
from typing import NoReturn

from acrn_conformance import __version__
from acrn_conformance.cli.fault import InputError

_PURPOSE = "Judge implementations of the ACRN arch layer against golden command lines."

COMMANDS = {
    "run": "judge an implementation",
    "fuzz": "search for requests that an implementation answers wrongly",
    "list": "list the cases",
    "show": "show a case",
    "serve": "be the built-in reference implementation on the wire",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return 0, 1 where something judged does not pass, 2 for unusable input."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    options = _parser(words).parse_args(words)
    signal.signal(signal.SIGTERM, _terminated)
    try:
        status: int = options.do(options)
        sys.stdout.flush()
    except InputError as error:
        print(f"acrn-conformance: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("acrn-conformance: interrupted", file=sys.stderr)
        return 128 + signal.SIGINT
    except BrokenPipeError:
        # Whoever read the output has gone: keep the interpreter's last flush from complaining.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    return status


def _parser(words: Sequence[str]) -> argparse.ArgumentParser:
    """Build the parser; only the module of the command at hand is imported."""
    parser = argparse.ArgumentParser(prog="acrn-conformance", description=_PURPOSE)
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, summary in COMMANDS.items():
        command = commands.add_parser(name, help=summary, description=f"{summary.capitalize()}.")
        if name in words[:1]:
            import_module(f"acrn_conformance.cli.{name}").configure(command)
    return parser


def _terminated(number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)
