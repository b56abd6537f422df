"""The record of a capture: one call of acrn-dm or acrnctl a line, as the stand-ins write it."""

from collections.abc import Iterator
from typing import IO

import msgspec

from acrn_base.reading import size
from acrn_base.text import counted

_LONGEST = 1 << 26
"""Bytes of a line; no argv that the kernel takes needs more."""

_REMEDY = "give a record that capture --out wrote"


class RecordError(ValueError):
    """A line that is no call; the text says which, why, and the remedy."""


class Call(msgspec.Struct, frozen=True):
    """One call; its texts are bytes as PEP 383 has them, the time is ISO 8601 in UTC.

    ``argv`` is without the program. ``parent_command`` is the kernel's name of it, which has at
    most 15 bytes, and is empty where the parent was gone.
    """

    program: str
    argv: tuple[str, ...]
    cwd: str
    time: str
    pid: int
    parent_pid: int
    parent_command: str


class _Line(msgspec.Struct, frozen=True):
    """A call as it is written: what is not UTF-8 stands as ``NAME_base64`` instead of ``NAME``."""

    program: str
    time: str
    pid: int
    parent_pid: int
    argv: tuple[str, ...] | None = None
    argv_base64: tuple[bytes, ...] | None = None
    cwd: str | None = None
    cwd_base64: bytes | None = None
    parent_command: str | None = None
    parent_command_base64: bytes | None = None

    def __post_init__(self) -> None:
        """Insist on one form of each."""
        for name in ("argv", "cwd", "parent_command"):
            if (getattr(self, name) is None) == (getattr(self, f"{name}_base64") is None):
                raise ValueError(f"give either {name} or {name}_base64")


_decoder = msgspec.json.Decoder(_Line)


def read(file: IO[bytes]) -> Iterator[Call]:
    """Yield the calls of a record, one at a time. Raises RecordError, and OSError.

    It raises at the end where a call was lost, for which a stand-in leaves a NUL.
    """
    number = lost = 0
    while line := file.readline(_LONGEST + 1):
        number += 1
        if len(line) > _LONGEST:
            raise RecordError(f"line {number} is over {size(_LONGEST)}; {_REMEDY}")
        call = line.lstrip(b"\0")
        lost += len(line) - len(call)
        if call and not call.isspace():
            yield _call(call, number)
    if lost:
        raise RecordError(
            f"{counted(lost, 'call')} could not be recorded; make room, and capture anew"
        )


def _call(line: bytes, number: int) -> Call:
    try:
        found = _decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RecordError(f"line {number} is no call: {error}; {_REMEDY}") from None
    argv = found.argv if found.argv is not None else map(_text, found.argv_base64 or ())
    return Call(
        found.program,
        tuple(argv),
        found.cwd if found.cwd is not None else _text(found.cwd_base64 or b""),
        found.time,
        found.pid,
        found.parent_pid,
        found.parent_command
        if found.parent_command is not None
        else _text(found.parent_command_base64 or b""),
    )


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")
