"""The command ``acrn-conformance``; each of its commands is a file of its own."""

import argparse
import signal
import sys
from collections.abc import Collection, Sequence
from importlib import import_module
from typing import NoReturn

from acrn_base import streams
from acrn_base.gate import guarded
from acrn_base.lasting import lasting
from acrn_base.places import PlaceError
from acrn_base.signals import Interrupted, ended_by
from acrn_conformance import __version__
from acrn_conformance.cli.fault import InputError
from acrn_conformance.cli.parser import Parser, nearest

_PROGRAM = "acrn-conformance"
_PURPOSE = "Judge implementations of the ACRN arch layer against golden command lines."

COMMANDS = {
    "smoke": "try a new implementation step by step, and tell what comes next",
    "run": "judge an implementation",
    "report": "report on results, of one run or of many",
    "fuzz": "search for requests that an implementation answers wrongly",
    "lint": "tell what each acrn-dm release makes of an argv",
    "list": "list the cases",
    "show": "show a case, or a slot map",
    "capture": "run a command, and see and judge its calls of acrn-dm",
    "serve": "be the built-in reference implementation on the wire",
    "doctor": "tell what is installed, and what each mode would still need",
    "completion": "print a script that completes the commands in a shell",
    "help": "tell of a command and its options",
}
"""What there is; each but ``help`` is a module of this folder."""

_NAMES = ", ".join(COMMANDS)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return 0, 1 where something judged does not pass, 2 for unusable input."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    streams.prepare()
    ended_by(_ended)
    with guarded():
        return _status(words)


def _status(words: Sequence[str]) -> int:
    """Run the command, and tell in a line what ended it."""
    try:
        words = _asked(words)
        options = _parsed(words)
        status: int = options.do(options)
        sys.stdout.flush()
    except (InputError, PlaceError) as error:
        print(f"acrn-conformance: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("acrn-conformance: interrupted", file=sys.stderr)
        return 128 + signal.SIGINT
    except Interrupted as end:
        print(f"acrn-conformance: {end}", file=sys.stderr)
        return 128 + end.number
    except OSError as error:
        return streams.ended(_PROGRAM, error)
    return status


def _asked(words: Sequence[str]) -> Sequence[str]:
    """Return the words as argparse takes them (``help run`` is ``run --help``).

    Raises InputError where they name no command.
    """
    match words:
        case []:
            raise InputError(f"name a command: {_NAMES}; acrn-conformance help tells of each")
        case ["help"]:
            return ["--help"]
        case ["help" | "-h" | "--help", name, *_] if name in COMMANDS:
            return [name, "--help"]
        case ["help", name, *_] | [name, *_] if name not in COMMANDS and name[:1] != "-":
            near = nearest(name, COMMANDS)
            remedy = f"did you mean {near}?" if near else f"name one of {_NAMES}"
            raise InputError(f"no command {name!a}; {remedy}")
    return words


def _parsed(words: Sequence[str]) -> argparse.Namespace:
    """Return what the words ask for; nobody pays for the parsers of other commands."""
    name, *rest = words
    if name not in COMMANDS or name == "help":
        return parser(()).parse_args(words)
    command = Parser(prog=f"{_PROGRAM} {name}", description=_described(name))
    with lasting():
        import_module(f"acrn_conformance.cli.{name}").configure(command)
    return command.parse_args(rest)


def parser(configured: Collection[str] = tuple(COMMANDS)) -> Parser:
    """Return the parser of all; only the modules of the ``configured`` commands are imported."""
    top = Parser(prog=_PROGRAM, description=_PURPOSE)
    top.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = top.add_subparsers(required=True, metavar="COMMAND", prog=_PROGRAM)
    for name, summary in COMMANDS.items():
        command = commands.add_parser(name, help=summary, description=_described(name))
        if name == "help":
            command.add_argument("command", nargs="?", choices=tuple(COMMANDS), metavar="COMMAND")
        elif name in configured:
            import_module(f"acrn_conformance.cli.{name}").configure(command)
    return top


def _described(name: str) -> str:
    return f"{COMMANDS[name].capitalize()}."


def _ended(number: int) -> NoReturn:
    raise KeyboardInterrupt if number == signal.SIGINT else SystemExit(128 + number)
