"""The argvs of a file or of standard input, in whichever form they stand there."""

import json
import os
import shlex
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import IO

from acrn_cmdline.source.argv import Argv, Place, SourceError
from acrn_cmdline.source.bounds import LINE
from acrn_cmdline.source.process import split
from acrn_cmdline.source.words import from_words


def from_file(path: str) -> Iterator[Argv]:
    """Yield the argvs of a file, ``-`` being standard input; each is read when it is asked for.

    A file holds one argv: a JSON array of strings, words that end with NUL, or a line as for a
    shell (quotes and continued lines, but no variables). Or one JSON array a line: ``X.jsonl``,
    and any input whose first line is one. Raises SourceError.
    """
    place = "standard input" if path == "-" else path
    try:
        with _opened(path) as file:
            yield from _argvs(file, place, lines=path.endswith(".jsonl"))
    except OSError as error:
        raise SourceError(f"{place}: {error.strerror}; name a readable file") from None
    except ValueError as error:
        if isinstance(error, SourceError):
            raise
        raise SourceError(f"{place}: no path ({error}); name a readable file") from None


def _opened(path: str) -> AbstractContextManager[IO[bytes]]:
    return nullcontext(sys.stdin.buffer) if path == "-" else Path(path).open("rb")


def _argvs(file: IO[bytes], place: str, *, lines: bool) -> Iterator[Argv]:
    first = _line(file, place)
    if lines or (first.lstrip().startswith(b"[") and _array(first) is not None):
        yield from _arrays(first, file, place)
        return
    content = first + file.read(LINE)
    if len(content) > LINE:
        raise SourceError(f"{place}: over {LINE >> 20} MiB; give one argv")
    yield from_words(_parsed(content, place), Place(place))


def _arrays(line: bytes, file: IO[bytes], place: str) -> Iterator[Argv]:
    """Yield the argvs of lines that hold a JSON array each; empty lines are skipped."""
    number, found = 1, False
    while line:
        if line.strip():
            found = True
            words = _json(line, f"{place}:{number}")
            yield from_words(words, Place(place, number))
        line = _line(file, f"{place}:{number + 1}")
        number += 1
    if not found:
        raise SourceError(f"{place}: empty; give one JSON array of strings a line")


def _line(file: IO[bytes], place: str) -> bytes:
    line = file.readline(LINE + 1)
    if len(line) > LINE:
        raise SourceError(f"{place}: a line over {LINE >> 20} MiB; give one argv a line")
    return line


def _parsed(content: bytes, place: str) -> list[str]:
    """Return the words of a whole file, whichever of the three forms it has."""
    if not content.strip():
        raise SourceError(f"{place}: empty; give a JSON array, NUL-separated words or a shell line")
    if content.lstrip().startswith(b"["):
        return _json(content, place)
    return split(content) if b"\0" in content else _shell(content, place)


def _array(content: bytes) -> object:
    """Return what JSON holds, None where it is not valid or too deep."""
    try:
        return json.loads(content.decode("utf-8", "surrogateescape"))
    except (ValueError, RecursionError):
        return None


def _json(content: bytes, place: str) -> list[str]:
    """Return a JSON array of strings."""
    try:
        value = json.loads(content.decode("utf-8", "surrogateescape"))
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise SourceError(f"{place}: not JSON: {error.msg} at {where}; give an array") from None
    except (ValueError, RecursionError):
        raise SourceError(f"{place}: not JSON that can be read; give an array of strings") from None
    if not isinstance(value, list):
        kind = type(value).__name__
        raise SourceError(f"{place}: JSON, but {kind} and no array; give an array of strings")
    for index, item in enumerate(value):
        if not isinstance(item, str):
            kind = type(item).__name__
            raise SourceError(f"{place}: item {index} is {kind}, not a string; put it in quotes")
    return value


def _shell(content: bytes, place: str) -> list[str]:
    """Return the words of a line as a shell splits it; a backslash at its end continues it.

    Lines that begin with # are left out; nothing is expanded.
    """
    lines = os.fsdecode(content).replace("\\\n", "").split("\n")
    text = "\n".join(line for line in lines if not line.startswith("#")).strip()
    lexer = shlex.shlex(text, posix=True, punctuation_chars="\n")
    lexer.whitespace, lexer.whitespace_split, lexer.commenters = " \t\r", True, ""
    try:
        words = list(lexer)
    except ValueError as error:
        raise SourceError(f"{place}: {str(error).lower()}; give one shell command line") from None
    if any(word and not word.strip("\n") for word in words):
        raise SourceError(f"{place}: several command lines; give one, or X.jsonl with arrays")
    return words
