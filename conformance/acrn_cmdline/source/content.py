"""What a file holds: one JSON value a line, read when it is asked for, or a whole of some form."""

from collections.abc import Iterator, Mapping
from typing import BinaryIO

from acrn_cmdline.source import decoded, forms
from acrn_cmdline.source.argv import PROGRAM, Argv, Place, SourceError
from acrn_cmdline.source.bounds import LINE


def argvs(file: BinaryIO, place: str, values: Mapping[str, str], *, lines: bool) -> Iterator[Argv]:
    """Yield the argvs of what is open; ``lines``: one JSON value a line. Raises SourceError."""
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
