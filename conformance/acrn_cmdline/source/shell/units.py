"""Units of systemd: the commands that a service starts, each as a script of a line."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from acrn_cmdline.source.shell.text import Piece, Text

_COMMAND: Final = re.compile(r"\s*Exec(?:Start|StartPre|StartPost)\s*=\s*[-@:+!|]*", re.ASCII)
_VARIABLE: Final = re.compile(r"\s*Environment\s*=\s*")
_SECTION: Final = re.compile(r"\[(?:Unit|Service|Install)\]\s*\Z")
_OWN: Final = re.compile(r"\s*(?:[#;]|\Z|\[[\w.-]+\]\s*\Z|[A-Z][\w-]*\s*=)", re.ASCII)
_SPECIFIER: Final = re.compile(r"%(%|[a-zA-Z])")


def is_unit(lines: Sequence[str]) -> bool:
    """Tell whether lines are a unit, or were cut out of one: there is nothing else among them."""
    if not has_unit(lines) or any(line.startswith("#!") for line in lines[:1]):
        return False
    follows = pairwise(["", *lines])
    return all(_OWN.match(line) or before.endswith("\\") for before, line in follows)


def has_unit(lines: Sequence[str]) -> bool:
    """Tell whether a unit, or a command of one, is among lines."""
    return any(_SECTION.match(line) or _COMMAND.match(line) for line in lines)


def started(lines: Sequence[Text]) -> Iterator[Text]:
    """Yield the commands of a unit as scripts; its quotes are near enough a shell's.

    A specifier (``%i``) is a hole, and so is a variable that the unit does not set itself.
    """
    variables: list[Piece] = []
    for line in _whole(lines):
        written, place = str(line), line.place
        if place is None:
            continue
        if found := _VARIABLE.match(written):
            value = line.cut(found.end()).pieces
            variables += Piece("export ", place), *value, Piece("\n", place)
        elif found := _COMMAND.match(written):
            command = line.cut(found.end()).pieces
            yield Text((*variables, *(part for piece in command for part in _specified(piece))))


def _whole(lines: Sequence[Text]) -> Iterator[Text]:
    """Yield lines with those that go on from them."""
    pieces: list[Piece] = []
    for line in lines:
        pieces += line.pieces
        if str(line).endswith("\\") and pieces:
            pieces.append(Piece("\n", pieces[-1].place))
        else:
            yield Text(tuple(pieces))
            pieces = []
    yield Text(tuple(pieces))


def _specified(command: Piece) -> Iterator[Piece]:
    """Yield a part of a command with its specifiers as variables, which stay unknown."""
    at = 0
    for found in () if command.hole else _SPECIFIER.finditer(command.text):
        yield command.cut(at, found.start())
        text = "%" if found[1] == "%" else f"${{specifier_{found[1]}}}"
        yield Piece(text, command.at(found.start()))
        at = found.end()
    yield command.cut(at, len(command.text))
