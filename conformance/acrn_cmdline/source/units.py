"""Units of systemd: the commands that a service starts."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from acrn_cmdline.source.argv import Argv, Place
from acrn_cmdline.source.shell import Piece, Text, calls

_COMMAND: Final = re.compile(r"\s*Exec(?:Start|StartPre|StartPost)\s*=\s*[-@:+!|]*", re.ASCII)
_VARIABLE: Final = re.compile(r"\s*Environment\s*=\s*(.*)")
_SECTION: Final = re.compile(r"\[(?:Unit|Service|Install)\]\s*\Z")


def is_unit(lines: list[str]) -> bool:
    """Tell whether lines are a unit, or were cut out of one."""
    return any(_SECTION.match(line) or _COMMAND.match(line) for line in lines)


def started(lines: list[str], name: str, values: Mapping[str, str]) -> Iterator[Argv]:
    """Yield the calls of acrn-dm in a unit's commands; their quotes are near enough a shell's.

    A specifier (``%i``) is a hole, and so is a variable that the unit does not set itself.
    """
    variables: list[Piece] = []
    for number, line in _whole(lines):
        if found := _VARIABLE.match(line):
            variables.append(Piece(f"export {found[1]}\n", Place(name, number, 1)))
        elif found := _COMMAND.match(line):
            command = line[found.end() :]
            start = Place(name, number, found.end() + 1)
            yield from calls(Text((*variables, *_pieces(command, start))), values)


def _whole(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Yield lines with those that go on from them, and their numbers."""
    number = 0
    while number < len(lines):
        first, text = number, lines[number]
        while text.endswith("\\") and number + 1 < len(lines):
            number += 1
            text += "\n" + lines[number]
        yield first + 1, text
        number += 1


def _pieces(command: str, start: Place) -> Iterator[Piece]:
    """Yield a command with its specifiers as variables, which stay unknown."""
    whole = Piece(command, start)
    at = 0
    for found in re.finditer(r"%(%|[a-zA-Z])", command):
        yield whole.cut(at, found.start())
        text = "%" if found[1] == "%" else f"${{specifier_{found[1]}}}"
        yield Piece(text, whole.at(found.start()))
        at = found.end()
    yield whole.cut(at, len(command))
