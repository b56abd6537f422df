"""The options of ``lint --upgrade``; what upgrades is loaded when it is wanted."""

import argparse

from acrn_conformance.cli import lint_options
from acrn_conformance.cli.fault import InputError


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    group = parser.add_argument_group(
        "upgrading",
        "Exit status: 0 upgraded, 1 not possible (what is in the way is said), 2 unusable input.",
    )
    text = "rewrite the argv so that release R does with it what it did; prints each change with "
    text += "its reason, what is not kept, and the new line for a shell"
    group.add_argument("--upgrade", type=lint_options.release, metavar="R", help=text)
    text = "the release that the argv was for (default: the newest that takes it with the fewest "
    text += "traps)"
    group.add_argument("--from", type=lint_options.release, metavar="R", dest="source", help=text)
    text = "what to write in --cpu_affinity where R must be told (default: a hole named $cpus)"
    group.add_argument("--cpus", metavar="LIST", help=text)


def refuse_alone(options: argparse.Namespace) -> None:
    """Refuse the options of an upgrade where none is asked for. Raises InputError."""
    for name, value in (("--from", options.source), ("--cpus", options.cpus)):
        if value is not None:
            raise InputError(f"{name} belongs to an upgrade; add --upgrade R")
