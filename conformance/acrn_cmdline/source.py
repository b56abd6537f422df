"""Where argvs come from: words, a running acrn-dm, a file, standard input.

argvs are bytes: what is no UTF-8 stands as surrogates (PEP 383). The program's name is left out.
"""

import json
import os
import re
import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import dropwhile
from pathlib import Path
from typing import IO, Final, NamedTuple

_PROGRAM: Final = "acrn-dm"
_STARTERS: Final = frozenset(
    {"chrt", "doas", "env", "exec", "nice", "nohup", "numactl", "setsid", "sudo", "taskset"}
)
_ASSIGNMENT: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=")
_INTERPRETER: Final = re.compile(r"(?:ba|da|k|z)?sh\Z|python[0-9.]*\Z")
_LONGEST: Final = 64 << 20
"""Bytes of one argv that are read: some thirty times what Linux lets a command line have."""


class SourceError(ValueError):
    """Input that holds no argv; the text says where, why, and the remedy."""


class Source(NamedTuple):
    """An argv without the program's name, and what to call the place where it was found."""

    place: str
    argv: tuple[str, ...]


def from_words(words: Sequence[str], place: str) -> Source:
    """Take the program's name off, where it is there.

    It is the first word, if that is called acrn-dm; behind sudo, env, an assignment and the like,
    the first word so called. Other words are all taken for arguments. Raises SourceError.
    """
    for index, word in enumerate(words):
        if "\0" in word:
            raise SourceError(f"{place}: word {index} holds a NUL, which no argv can; remove it")
    first = os.path.basename(words[0]) if words else ""  # noqa: PTH119 - a word need be no path
    if first == _PROGRAM:
        return Source(place, tuple(words[1:]))
    if first in _STARTERS or (words and _ASSIGNMENT.match(words[0])):
        for index, word in enumerate(words):
            if word.rpartition("/")[2] == _PROGRAM:
                return Source(place, tuple(words[index + 1 :]))
        raise SourceError(f"{place}: no acrn-dm behind {first!a}; give the command line of acrn-dm")
    return Source(place, tuple(words))


def from_pid(pid: int) -> Source:
    """Read the argv of a running acrn-dm. Raises SourceError."""
    place = f"pid {pid}"
    try:
        content = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        raise SourceError(f"{place}: no such process; name a running acrn-dm") from None
    except OSError as error:
        raise SourceError(f"{place}: {error.strerror}; run as the user of acrn-dm") from None
    words = _words(content)
    program = list(words)
    if program and _INTERPRETER.match(_base(program[0])):
        # A script: the interpreter and its options stand before it.
        program = list(dropwhile(lambda word: word.startswith("-"), program[1:]))
    if not program or _base(program[0]) != _PROGRAM:
        shown = repr(_base(words[0])) if words else "a process without a command line"
        raise SourceError(f"{place}: not an acrn-dm but {shown}; name a running acrn-dm")
    return Source(place, tuple(program[1:]))


def _base(word: str) -> str:
    return word.rpartition("/")[2]


def from_file(path: str) -> Iterator[Source]:
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


def _argvs(file: IO[bytes], place: str, *, lines: bool) -> Iterator[Source]:
    first = _line(file, place)
    if lines or (first.lstrip().startswith(b"[") and _array(first) is not None):
        yield from _arrays(first, file, place)
        return
    content = first + file.read(_LONGEST)
    if len(content) > _LONGEST:
        raise SourceError(f"{place}: over {_LONGEST >> 20} MiB; give one argv")
    yield from_words(_parsed(content, place), place)


def _arrays(line: bytes, file: IO[bytes], place: str) -> Iterator[Source]:
    """Yield the argvs of lines that hold a JSON array each; empty lines are skipped."""
    number, found = 1, False
    while line:
        if line.strip():
            found = True
            yield from_words(_json(line, f"{place}:{number}"), f"{place}:{number}")
        line = _line(file, f"{place}:{number + 1}")
        number += 1
    if not found:
        raise SourceError(f"{place}: empty; give one JSON array of strings a line")


def _line(file: IO[bytes], place: str) -> bytes:
    line = file.readline(_LONGEST + 1)
    if len(line) > _LONGEST:
        raise SourceError(f"{place}: a line over {_LONGEST >> 20} MiB; give one argv a line")
    return line


def _parsed(content: bytes, place: str) -> list[str]:
    """Return the words of a whole file, whichever of the three forms it has."""
    if not content.strip():
        raise SourceError(f"{place}: empty; give a JSON array, NUL-separated words or a shell line")
    if content.lstrip().startswith(b"["):
        return _json(content, place)
    return _words(content) if b"\0" in content else _shell(content, place)


def _words(content: bytes) -> list[str]:
    """Return words that end with NUL, as in ``/proc/N/cmdline``."""
    return [os.fsdecode(word) for word in content.removesuffix(b"\0").split(b"\0")] * bool(content)


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
