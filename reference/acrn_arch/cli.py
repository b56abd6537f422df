"""The command ``acrn-arch``: print the acrn-dm command line of a VM description."""

import argparse
import json
import logging
import os
import shlex
import sys
from collections.abc import Iterable
from typing import NoReturn

from acrn_arch import vm
from acrn_arch.config import Command, command
from acrn_arch.dialect import DIALECTS, KATA_1
from acrn_arch.errors import ArchError
from acrn_arch.explain import explain, visible
from acrn_arch.launch import PROGRAM, encode_argument


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit status: 0, or 2 for bad input."""
    options = parser().parse_args(arguments)
    logging.basicConfig(format="acrn-arch: %(message)s", level=logging.INFO)
    try:
        dialect = DIALECTS[options.dialect]
        config = vm.read(options.file, dialect)
        text = _text(options.form, config.path or PROGRAM, command(config, dialect))
        sys.stdout.buffer.write(text)
        sys.stdout.buffer.flush()
    except ArchError as error:
        print(f"acrn-arch: {visible(str(error))}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        _silence_stdout()
    except (OSError, AttributeError) as error:
        # A full disk; a stream that was closed is None.
        _silence_stdout()
        print(f"acrn-arch: cannot read or write: {visible(str(error))}", file=sys.stderr)
        return 2
    return 0


def _silence_stdout() -> None:
    """Keep the interpreter's last flush from complaining that nobody takes the output."""
    if sys.stdout:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Parser(argparse.ArgumentParser):
    """A parser whose messages, which quote the words given, are harmless too."""

    def error(self, message: str) -> NoReturn:
        """End with the message."""
        super().error(visible(message))


def parser() -> argparse.ArgumentParser:
    """Return the parser."""
    top = _Parser(prog="acrn-arch", description=__doc__)
    commands = top.add_subparsers(required=True, metavar="COMMAND")
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
    top.set_defaults(form="shell")
    return top


def _text(form: str, program: str, built: Command) -> bytes:
    """Return the output; raises ArgumentError where a shell or NUL form could not carry a token."""
    tokens = (program, *built.argv)
    match form:
        case "json":
            return _line(json.dumps(tokens).replace("\x7f", "\\u007f").encode())
        case "explain":
            return b"".join(_line(line.encode()) for line in explain(program, built))
        case "null":
            return b"".join(token + b"\0" for token in _encoded(tokens))
        case _:
            quote = _shown if sys.stdout.isatty() else shlex.quote
            return _line(b" ".join(quote(token.decode()).encode() for token in _encoded(tokens)))


def _encoded(tokens: Iterable[str]) -> list[bytes]:
    return [encode_argument(position, token) for position, token in enumerate(tokens)]


def _line(text: bytes) -> bytes:
    return text + b"\n"


def _shown(token: str) -> str:
    """Quote a token for a shell before a person's eyes: bash's quotes where there is no other way.

    A file or a pipe gets the token itself between quotes that every shell has.
    """
    if token.isprintable():
        return shlex.quote(token)
    return (
        "$'"
        + "".join(
            c if c.isprintable() and c not in "\\'" else "".join(f"\\x{b:02x}" for b in c.encode())
            for c in token
        )
        + "'"
    )
