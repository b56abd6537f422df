"""The argvs that a command is about: behind ``--``, of a process, or in a file of any form."""

import argparse
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence

from acrn_base.text import visible
from acrn_cmdline.source import Argv, Place, SourceError, from_file, from_pid, from_words
from acrn_conformance.cli.fault import InputError

FILE_HELP = (
    "read a launch script, a log of a runtime, a list of processes, a systemd unit, JSON, "
    "NUL-separated words or a shell line; nothing in it is run; - is standard input"
)
_GREATEST_ID = (1 << 31) - 1
"""The greatest that Linux's pid_t holds."""
_GIVEN = re.compile(r"\$?(?P<name>\{.+?\}|\(.+?\)|[^=]+)=(?P<value>.*)", re.DOTALL)
"""A name and its value; the equals signs of a name stand in brackets."""

_SET_HELP = "what $NAME of a file is (may be repeated); another $ in NAME stays: in quotes"


def is_acrn_dm(word: str) -> bool:
    """Tell whether a word is acrn-dm or a path of it, so that its arguments follow."""
    return word.rpartition("/")[2] == "acrn-dm"


def process(text: str) -> int:
    """Read the id of a process. Raises ArgumentTypeError."""
    if not (text.isascii() and text.isdecimal() and 0 < int(text[:20]) <= _GREATEST_ID):
        raise argparse.ArgumentTypeError(f"{text!a} is no id of a process; give its number")
    return int(text)


def declare_set(parser: argparse.ArgumentParser) -> None:
    """Declare the option that says what is not known of a script."""
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", dest="values", help=_SET_HELP
    )


class Given(Mapping[str, str]):
    """The values of ``--set`` by name; ``unused`` are those that nobody has asked for yet."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self.unused = dict.fromkeys(values)

    def __getitem__(self, name: str) -> str:
        value = self._values[name]
        self.unused.pop(name, None)
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def given(texts: Sequence[str]) -> Given:
    """Return the values of ``--set`` by name. Raises InputError."""
    values: dict[str, str] = {}
    for text in texts:
        found = _GIVEN.match(text)
        if found is None:
            raise InputError(f"--set {visible(text)}: no NAME=VALUE; name a variable as shown")
        values[found["name"]] = found["value"]
    return Given(values)


def argvs(
    files: Sequence[str],
    pid: int | None,
    words: Sequence[str],
    values: Given,
    advance: Callable[[], None] | None = None,
    unread: list[str] | None = None,
) -> Iterator[Argv]:
    """Yield the argvs of files, a process or words; each as it is read. Raises InputError.

    ``advance`` is called when all of a file have been taken. ``unread`` gets what is wrong with a
    file, and the next one is read; without it, that is raised.
    """
    if values and not files:
        raise InputError("--set says what a script leaves open; give one with --file")
    try:
        for file in files:
            try:
                yield from from_file(file, values)
            except SourceError as error:
                if unread is None:
                    raise
                unread.append(visible(str(error)))
            if advance:
                advance()
        if pid is not None:
            yield from_pid(pid)
        elif not files:
            yield from_words(words, Place("the command line"))
        if not unread:
            tell_unused(values)
    except SourceError as error:
        raise InputError(visible(str(error))) from None


def refuse(unread: Sequence[str]) -> None:
    """Raise as InputError, behind all that there is to show, what is wrong with files."""
    if unread:
        sys.stdout.flush()
        raise InputError("\nacrn-conformance: ".join(unread))


def tell_unused(values: Given) -> None:
    """Tell of names given that nothing asked for."""
    for name in values.unused:
        shown = visible(name)
        text = f"--set {shown}: no ${shown} is left open, so nothing takes it"
        print(f"acrn-conformance: warning: {text}", file=sys.stderr)
