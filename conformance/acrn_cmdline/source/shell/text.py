"""Text of a script: every stretch of it knows where it was written, or that it is not known."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple, Self

from acrn_cmdline.source.argv import PROGRAM, Argv, Hole, Place


class Piece(NamedTuple):
    """A stretch of text that stands in one place; ``hole`` names one that is not known."""

    text: str
    place: Place
    hole: str | None = None

    def cut(self, start: int, end: int) -> "Piece":
        """Return a part; a hole has none but itself."""
        if self.hole is not None:
            return self
        return Piece(self.text[start:end], self.at(start))

    def at(self, offset: int) -> Place:
        """Return the place of a character."""
        if self.hole is not None or not offset:
            return self.place
        file, line, column = self.place
        before = self.text[:offset]
        lines = before.count("\n")
        if lines:
            return Place(file, (line or 0) + lines, offset - before.rindex("\n"))
        return Place(file, line, (column or 0) + offset)


class Text:
    """Pieces one after the other; no two values with the same text differ in meaning.

    It is never changed; a tuple it cannot be, since its length is that of the text.
    """

    __slots__ = ("pieces",)

    def __init__(self, pieces: tuple[Piece, ...] = ()) -> None:
        self.pieces = pieces

    @classmethod
    def known(cls, text: str, place: Place) -> Self:
        """Return text that is wholly known."""
        return cls((Piece(text, place),))

    @classmethod
    def hole(cls, name: str, place: Place) -> Self:
        """Return text of which nothing is known but what to call it."""
        return cls((Piece(f"${name}", place, name),))

    @classmethod
    def joined(cls, texts: Iterable["Text"], between: "Text") -> "Text":
        """Return texts one after the other with one between each two."""
        pieces: list[Piece] = []
        for number, text in enumerate(texts):
            pieces += (between.pieces if number else ()) + text.pieces
        return cls(tuple(pieces))

    def __str__(self) -> str:
        """Return the text, ``$name`` where it is not known."""
        return "".join(piece.text for piece in self.pieces)

    def __len__(self) -> int:
        """Return the number of characters."""
        return sum(len(piece.text) for piece in self.pieces)

    def __add__(self, other: "Text") -> "Text":
        return Text(self.pieces + other.pieces)

    @property
    def holes(self) -> tuple[Hole, ...]:
        """The stretches that are not known."""
        return tuple(self._holes())

    def _holes(self) -> Iterator[Hole]:
        start = 0
        for piece in self.pieces:
            end = start + len(piece.text)
            if piece.hole is not None:
                yield Hole(start, end, piece.hole)
            start = end

    @property
    def certain(self) -> str | None:
        """The text, or None where some of it is not known."""
        return None if any(piece.hole is not None for piece in self.pieces) else str(self)

    @property
    def filled(self) -> bool | None:
        """Whether there is any text at all; None where that is not known."""
        if any(piece.text and piece.hole is None for piece in self.pieces):
            return True
        return None if any(piece.hole for piece in self.pieces) else False

    @property
    def place(self) -> Place | None:
        """Where its first character stands."""
        pieces = [piece for piece in self.pieces if piece.text] or self.pieces
        return pieces[0].place if pieces else None

    def cut(self, start: int, end: int | None = None) -> "Text":
        """Return the text from one character to another; holes are kept whole."""
        kept, at, end = [], 0, len(self) if end is None else end
        for piece in self.pieces:
            after = at + len(piece.text)
            if after > start and at < end:
                kept.append(piece.cut(max(0, start - at), end - at))
            at = after
        return Text(tuple(kept))

    def lines(self) -> Iterator["Text"]:
        """Yield the lines, without their ends; a hole is part of one."""
        pieces: list[Piece] = []
        for piece in self.pieces:
            start = 0
            ends = () if piece.hole else re.finditer("\n", piece.text)
            for end in ends:
                yield Text((*pieces, piece.cut(start, end.start())))
                pieces, start = [], end.end()
            pieces.append(piece.cut(start, len(piece.text)))
        yield Text(tuple(pieces))

    def stripped(self, characters: str) -> "Text":
        """Return the text without some characters at its end."""
        pieces = list(self.pieces)
        while pieces and pieces[-1].hole is None:
            last = pieces.pop()
            left = len(last.text.rstrip(characters))
            if left:
                return Text((*pieces, last.cut(0, left)))
        return Text(tuple(pieces))


NOTHING: Final = Text()


def argv(where: Place, tokens: Sequence[Text], program: str = PROGRAM) -> Argv:
    """Return tokens as what the readers of an argv take."""
    holes = {index: token.holes for index, token in enumerate(tokens) if token.holes}
    places = tuple(token.place for token in tokens)
    return Argv(where, tuple(map(str, tokens)), places, holes, program=program)
