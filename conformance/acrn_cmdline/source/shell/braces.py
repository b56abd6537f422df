"""Braces: the words that one with ``{a,b}`` or ``{1..3}`` in it stands for, before all else."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from acrn_cmdline.source.bounds import ROUNDS
from acrn_cmdline.source.shell.grammar import Script
from acrn_cmdline.source.shell.text import Text

if TYPE_CHECKING:
    from tree_sitter import Node

_PLAIN: Final = frozenset({"word", "number", "brace_expression", "extglob_pattern"})
_ATOM: Final = re.compile(r"\\.|[{},]|[^\\{},]+|\\", re.DOTALL)
_NUMBERS: Final = re.compile(r"(-?[0-9]{1,9})\.\.(-?[0-9]{1,9})(?:\.\.(-?[0-9]{1,9}))?")
_LETTERS: Final = re.compile(r"([A-Za-z])\.\.([A-Za-z])(?:\.\.(-?[0-9]{1,9}))?")


_MOST: Final = 200
"""Atoms of a word: the braces of one that has more are not looked for."""


class TooManyError(ValueError):
    """A word stands for more than are followed."""


class Atom(NamedTuple):
    """A part of a word that is not taken apart: text as written, or what has a node of its own."""

    text: Text
    node: "Node | None" = None

    @property
    def mark(self) -> str:
        """The text, as far as it may be a brace or comma, or a range between two."""
        return "" if self.node else str(self.text)


Atoms = tuple[Atom, ...]


def expanded(script: Script, node: "Node") -> Sequence[Atoms] | None:
    """Return the words that a word stands for, None: itself alone. Raises TooManyError."""
    if node.type not in {*_PLAIN, "concatenation"} or "{" not in str(script.text(node)):
        return None
    atoms = tuple(_atoms(script, node))
    if len(atoms) > _MOST:
        raise TooManyError
    found = _words(atoms)
    return None if found == [atoms] else found


def _atoms(script: Script, node: "Node") -> Iterator[Atom]:
    """Yield the atoms of a word; what stands between its nodes is text as well."""
    at = node.start_byte + script.blanks(node)
    for child in node.children if node.type == "concatenation" else ():
        if child.type not in _PLAIN:
            yield from _split(script.between(at, child.start_byte))
            yield Atom(script.text(child), child)
            at = child.end_byte
    yield from _split(script.between(at, node.end_byte))


def _split(text: Text) -> Iterator[Atom]:
    return (Atom(text.cut(*found.span())) for found in _ATOM.finditer(str(text)))


def _words(atoms: Atoms) -> list[Atoms]:
    for start, atom in enumerate(atoms):
        if atom.mark == "{" and (group := _group(atoms, start)):
            end, inside = group
            behind = _words(atoms[end + 1 :])
            if len(inside) * len(behind) > ROUNDS:
                raise TooManyError
            return [(*atoms[:start], *each, *rest) for each in inside for rest in behind]
    return [atoms]


def _group(atoms: Atoms, start: int) -> tuple[int, list[Atoms]] | None:
    """Return where a brace is closed, and what stands between the two; None: it is but text."""
    depth, edges = 0, [start]
    for place in range(start, len(atoms)):
        mark = atoms[place].mark
        depth += (mark == "{") - (mark == "}")
        if not depth:
            edges.append(place)
            break
        if depth == 1 and mark == ",":
            edges.append(place)
    else:
        return None
    if len(edges) == 2:  # noqa: PLR2004 - the braces alone
        counted = _range(atoms[start + 1 : place])
        return (place, counted) if counted else None
    parts = [atoms[edge + 1 : end] for edge, end in pairwise(edges)]
    words: list[Atoms] = []
    for part in parts:
        words += _words(part)
        if len(words) > ROUNDS:
            raise TooManyError
    return place, words


def _range(inside: Atoms) -> list[Atoms] | None:
    """Return the numbers or letters of a range, both ends among them; zeros in front are kept."""
    written = inside[0].mark if len(inside) == 1 else ""
    place = inside[0].text.place if inside else None
    if found := _NUMBERS.fullmatch(written):
        ends = found[1], found[2]
        padded = any(re.match("-?0.", end) for end in ends)
        width = max(map(len, ends)) if padded else 0
        texts = [f"{each:0{width}d}" for each in _counted(int(ends[0]), int(ends[1]), found[3])]
    elif found := _LETTERS.fullmatch(written):
        texts = [chr(each) for each in _counted(ord(found[1]), ord(found[2]), found[3])]
    else:
        return None
    return [(Atom(Text.known(text, place)),) for text in texts] if place else None


def _counted(first: int, last: int, step: str | None) -> range:
    by = abs(int(step or 1)) or 1
    numbers = range(first, last + 1, by) if last >= first else range(first, last - 1, -by)
    if len(numbers) > ROUNDS:
        raise TooManyError
    return numbers
