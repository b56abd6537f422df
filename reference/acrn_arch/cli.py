"""The command ``acrn-arch``: print the acrn-dm command line of a VM description."""

import argparse
import json
import logging
import os
import shlex
import sys
from collections.abc import Iterable

from acrn_arch import vm
from acrn_arch.config import Command, command
from acrn_arch.dialect import DIALECTS, KATA_1
from acrn_arch.errors import ArchError
from acrn_arch.explain import explain
from acrn_arch.launch import PROGRAM, encode_argument


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit status: 0, or 2 for bad input."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(format="acrn-arch: %(message)s", level=logging.INFO)
    try:
        dialect = DIALECTS[options.dialect]
        config = vm.read(options.file, dialect)
        text = _text(options.form, config.path or PROGRAM, command(config, dialect))
        sys.stdout.buffer.write(text)
        sys.stdout.buffer.flush()
    except ArchError as error:
        line = str(error).encode("ascii", "backslashreplace").decode()
        print(f"acrn-arch: {line}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        _silence_stdout()
    except (OSError, AttributeError) as error:
        # A full disk; a stream that was closed is None.
        _silence_stdout()
        print(f"acrn-arch: cannot read or write: {error}", file=sys.stderr)
        return 2
    return 0


def _silence_stdout() -> None:
    """Keep the interpreter's last flush from complaining that nobody takes the output."""
    if sys.stdout:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="acrn-arch", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    argv = commands.add_parser("argv", help="print the command line of a VM description")
    argv.add_argument("file", metavar="VM", help="a .toml or .json file, or - for standard input")
    argv.add_argument(
        "--dialect", choices=DIALECTS, default=KATA_1.name, help="what to build as (%(default)s)"
    )
    form = argv.add_mutually_exclusive_group()
    for name, text in (
        ("json", "as a JSON array"),
        ("null", "each token ended by a NUL"),
        ("explain", "a line a token: slot, token, meaning"),
    ):
        form.add_argument(f"--{name}", dest="form", action="store_const", const=name, help=text)
    parser.set_defaults(form="shell")
    return parser


def _text(form: str, program: str, built: Command) -> bytes:
    """Return the output; raises ArgumentError where a shell or NUL form could not carry a token."""
    tokens = (program, *built.argv)
    match form:
        case "json":
            return _line(json.dumps(tokens).encode())
        case "explain":
            return b"".join(_line(line.encode()) for line in explain(program, built))
        case "null":
            return b"".join(token + b"\0" for token in _encoded(tokens))
        case _:
            return _line(
                b" ".join(shlex.quote(token.decode()).encode() for token in _encoded(tokens))
            )


def _encoded(tokens: Iterable[str]) -> list[bytes]:
    return [encode_argument(position, token) for position, token in enumerate(tokens)]


def _line(text: bytes) -> bytes:
    return text + b"\n"
