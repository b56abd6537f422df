"""The argvs of a file or of standard input, in whichever form they stand there."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BufferedReader
from typing import BinaryIO

from acrn_base import reading
from acrn_cmdline.source import decoded, forms
from acrn_cmdline.source.argv import PROGRAM, Argv, Place, SourceError
from acrn_cmdline.source.bounds import LINE


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
    yield from _argvs(file, _name(path), values, lines=path.endswith(".jsonl"))


@contextmanager
def opened(path: str) -> Iterator[BufferedReader]:
    """Open a file, ``-`` being standard input. Raises SourceError, also while it is read."""
    try:
        with reading.opened(path) as file:
            yield file
    except reading.ReadingError as error:
        raise SourceError(str(error)) from None


def _name(path: str) -> str:
    return "standard input" if path == "-" else path


def _argvs(file: BinaryIO, place: str, values: Mapping[str, str], *, lines: bool) -> Iterator[Argv]:
    first = _line(file, place)
    if lines or _is_value(first):
        yield from _values(first, file, place)
        return
    content = first + file.read(LINE)
    if len(content) > LINE:
        raise SourceError(f"{place}: over {LINE >> 20} MiB; give one argv, or the script alone")
    yield from forms.argvs(content, place, values)


def _is_value(line: bytes) -> bool:
    """Tell whether a line is a whole array or object."""
    try:
        return line.lstrip()[:1] in {b"[", b"{"} and bool(
            isinstance(decoded.parsed(line), list | dict)
        )
    except (ValueError, RecursionError):
        return False


def _values(line: bytes, file: BinaryIO, place: str) -> Iterator[Argv]:
    """Yield the argvs of lines that hold a JSON value each; empty lines are skipped."""
    number, empty, found = 1, True, False
    while line:
        if line.strip():
            empty = False
            value = decoded.value(line, f"{place}:{number}")
            for argv in decoded.argvs(value, Place(place, number)):
                found = found or argv.program == PROGRAM
                yield argv
        line = _line(file, f"{place}:{number + 1}")
        number += 1
    if empty:
        raise SourceError(f"{place}: empty; give one JSON array of strings a line")
    if not found:
        raise SourceError(f"{place}: no call of acrn-dm found; {forms.REMEDY}")


def _line(file: BinaryIO, place: str) -> bytes:
    line = file.readline(LINE + 1)
    if len(line) > LINE:
        raise SourceError(f"{place}: a line over {LINE >> 20} MiB; give one argv a line")
    return line
