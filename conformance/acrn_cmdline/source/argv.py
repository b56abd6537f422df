"""An argv that somebody else built, with what is known of where its tokens stand."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple, Self

PROGRAM: Final = "acrn-dm"
CONTROL: Final = "acrnctl"


class SourceError(ValueError):
    """Input that holds no argv; the text says where, why, and the remedy."""


class Place(NamedTuple):
    """A file or what stands for it, with line and column counted from 1, None where unknown."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        """Return ``file:line:column``, as far as it is known."""
        known = (number for number in (self.line, self.column) if number is not None)
        return ":".join([self.file, *map(str, known)])


class Hole(NamedTuple):
    """A part of a token that is not known: its text reads ``$name`` from ``start`` to ``end``.

    ``name`` is a variable's (``mac``), or what else stands behind the dollar (``(cat /etc/mac)``).
    """

    start: int
    end: int
    name: str


class Argv(NamedTuple):
    """An argv without the program's name, which ``program`` has without its folder.

    ``where`` is the place of the program's name, or what to call the input as a whole. ``places``
    has one a token, None where a token stands nowhere. ``holes`` are those of a token by its index.
    ``notes`` are what a reader had to assume, or could not read: a sentence each. ``origins`` has
    for each token of a script's call the place of the word that it came of; elsewhere empty.
    ``left_out`` are parts of its input in which there may be more calls: a sentence each.
    """

    where: Place
    tokens: tuple[str, ...]
    places: tuple[Place | None, ...]
    holes: Mapping[int, tuple[Hole, ...]] = MappingProxyType({})
    notes: tuple[str, ...] = ()
    program: str = PROGRAM
    origins: tuple[Place, ...] = ()
    left_out: tuple[str, ...] = ()

    @classmethod
    def known(cls, where: Place, tokens: Sequence[str], program: str = PROGRAM) -> Self:
        """Return an argv whose tokens are all there is to know."""
        return cls(where, tuple(tokens), (None,) * len(tokens), program=program)

    def noted(self, notes: Iterable[str]) -> Self:
        """Return the argv with more notes, each but once."""
        return self._replace(notes=tuple(dict.fromkeys((*self.notes, *notes))))

    def place(self, token: int | None) -> Place:
        """Return the place of a token, or of the argv where the token stands nowhere."""
        return (None if token is None else self.places[token]) or self.where

    def begins_unknown(self, token: int) -> bool:
        """Tell whether a token begins with a hole: it may be several words, or none."""
        return any(not hole.start for hole in self.holes.get(token, ()))

    @property
    def unknown(self) -> tuple[str, ...]:
        """The names of the holes, in the order of the tokens, each but once."""
        ordered = (hole.name for index in sorted(self.holes) for hole in self.holes[index])
        return tuple(dict.fromkeys(ordered))
