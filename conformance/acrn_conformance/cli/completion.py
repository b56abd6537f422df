"""``acrn-conformance completion SHELL``: a script with which a shell completes the commands."""

import argparse
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import entry_points
from typing import Final

from acrn_conformance.cli.fault import InputError
from acrn_conformance.cli.parser import Parser

_SHELLS: Final = ("bash", "zsh", "tcsh")
_COMMANDS: Final = ("acrn-conformance", "acrn-arch", "acrn-hwtests")
_WORDS: Final = frozenset({"FILE", "VM", "CMD ARGS"})
"""What options and arguments are called that name files."""


def configure(parser: Parser) -> None:
    """Declare the options."""
    parser.epilog = (
        "bash: acrn-conformance completion bash > "
        "~/.local/share/bash-completion/completions/acrn-conformance; zsh: acrn-conformance "
        "completion zsh > DIR/_acrn-conformance, where DIR is in $fpath; both complete from the "
        "next shell on. The other commands each have a script of their own: --command."
    )
    parser.add_argument("shell", choices=_SHELLS, help="the shell")
    parser.add_argument(
        "--command", choices=_COMMANDS, default=_COMMANDS[0], help="what to complete (%(default)s)"
    )
    parser.set_defaults(do=_do)


def _do(options: argparse.Namespace) -> int:
    try:
        import shtab  # noqa: PLC0415 - it is an extra
    except ModuleNotFoundError:
        remedy = "pip install 'acrn-conformance[completion]'"
        raise InputError(f"shtab is not installed; {remedy}") from None
    parser = _parser(options.command)
    for action in _actions(parser):
        if action.metavar in _WORDS:
            action.complete = shtab.FILE  # type: ignore[attr-defined]  # shtab's own attribute
        elif action.metavar == "DIR":
            action.complete = shtab.DIRECTORY  # type: ignore[attr-defined]  # as above
    print(shtab.complete(parser, options.shell))
    return 0


def _parser(command: str) -> argparse.ArgumentParser:
    """Return the parser of a command: each has it beside its ``main``."""
    for script in entry_points(group="console_scripts", name=command):
        parser: argparse.ArgumentParser = import_module(script.module).parser()
        return parser
    raise InputError(f"{command} is not installed; pip install acrn-conformance")


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """Yield all that a parser takes, and its commands'."""
    for action in parser._actions:  # noqa: SLF001 - argparse has no other way to them
        yield action
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - nor to these
            for command in action.choices.values():
                yield from _actions(command)
