"""The argvs of a file or of standard input, in whichever form they stand there."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BufferedReader
from typing import BinaryIO

from acrn_cmdline.source.argv import PROGRAM, Argv, SourceError


def from_file(path: str, values: Mapping[str, str] | None = None) -> Iterator[Argv]:
    """Yield the argvs of acrn-dm in a file as ``from_open`` does. Raises SourceError."""
    with opened(path) as file:
        for argv in from_open(file, path, values or {}):
            if argv.program == PROGRAM:
                yield argv


def from_open(file: BinaryIO, path: str, values: Mapping[str, str]) -> Iterator[Argv]:
    """Yield the argvs of acrn-dm and acrnctl in a file that is open.

    ``path`` is what it was opened as, ``values`` what the user knows of holes, by name. One JSON
    value a line (``X.jsonl``, and any input whose first line is an array or an object) is read
    when it is asked for, anything else as a whole. Raises SourceError, and OSError.
    """
    from acrn_cmdline.source import content

    yield from content.argvs(file, _name(path), values, lines=path.endswith(".jsonl"))


@contextmanager
def opened(path: str) -> Iterator[BufferedReader]:
    """Open a file, ``-`` being standard input. Raises SourceError, also while it is read."""
    from acrn_base import reading

    try:
        with reading.opened(path) as file:
            yield file
    except reading.ReadingError as error:
        raise SourceError(str(error)) from None


def _name(path: str) -> str:
    return "standard input" if path == "-" else path
