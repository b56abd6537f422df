"""The argvs that a command is about: behind ``--``, of a process, or in a file of any form."""

import argparse
from collections.abc import Iterator, Mapping, Sequence

from acrn_base.text import excerpt, visible
from acrn_cmdline.source import Argv, Place, SourceError, from_file, from_pid, from_words
from acrn_conformance.cli.fault import InputError
from acrn_conformance.reports import Styled

FILE_HELP = (
    "read a launch script, a log of a runtime, a list of processes, a systemd unit, JSON, "
    "NUL-separated words or a shell line; nothing in it is run; - is standard input"
)
_SET_HELP = "what $NAME of a file is (may be repeated)"
_NOTES = 12


def declare_set(parser: argparse.ArgumentParser) -> None:
    """Declare the option that says what is not known of a script."""
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", dest="values", help=_SET_HELP
    )


def given(texts: Sequence[str]) -> Mapping[str, str]:
    """Return the values of ``--set`` by name. Raises InputError."""
    values: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise InputError(f"--set {visible(text)}: no NAME=VALUE; name a variable as shown")
        values[name.removeprefix("$")] = value
    return values


def argvs(
    files: Sequence[str], pid: int | None, words: Sequence[str], values: Mapping[str, str]
) -> Iterator[Argv]:
    """Yield the argvs of files, a process or words; each as it is read. Raises InputError."""
    if values and not files:
        raise InputError("--set says what a script leaves open; give one with --file")
    try:
        for file in files:
            yield from from_file(file, values)
        if pid is not None:
            yield from_pid(pid)
        elif not files:
            yield from_words(words, Place("the command line"))
    except SourceError as error:
        raise InputError(visible(str(error))) from None


def remarks(argv: Argv) -> Iterator[Styled]:
    """Yield what is to say of how an argv was read: what is not known, and what was assumed."""
    if argv.unknown:
        listed = " ".join(f"${name}" for name in argv.unknown)
        yield Styled(f"not known: {excerpt(listed)}; give it with --set NAME=VALUE", "?")
    for note in argv.notes[:_NOTES]:
        yield Styled(f"note: {excerpt(note)}", "faint")
    if len(argv.notes) > _NOTES:
        yield Styled(f"note: and {len(argv.notes) - _NOTES} more", "faint")
