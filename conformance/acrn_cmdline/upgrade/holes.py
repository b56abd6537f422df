"""Holes of an argv, as one character each while it is rewritten.

A hole then cannot be mistaken for text, and whoever cuts a token does not cut through it.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple, Self

from acrn_cmdline.source import Argv, Hole, SourceError

_PRIVATE: Final = range(0xF0000, 0x10FFFE)
"""Characters that nobody gives a meaning to (Unicode's private use planes)."""


class Holes(NamedTuple):
    """The characters that stand for holes, by the hole's name."""

    characters: dict[str, str]

    @classmethod
    def of(cls, argv: Argv, more: Iterable[str] = ()) -> Self:
        """Choose characters for all holes of an argv, and ``more``. Raises SourceError."""
        used = set().union(*argv.tokens)
        free = (chr(code) for code in _PRIVATE if chr(code) not in used)
        names = (*argv.unknown, *more)
        found = dict(zip(names, free, strict=False))
        if len(found) < len(set(names)):
            text = f"more than {len(found)} things are not known; give some with --set"
            raise SourceError(f"{argv.where}: {text}")
        return cls(found)

    def closed(self, argv: Argv) -> list[str]:
        """Return the tokens of an argv, with a character in the place of each hole."""
        return [self._closed(text, argv.holes.get(n, ())) for n, text in enumerate(argv.tokens)]

    def _closed(self, token: str, holes: Sequence[Hole]) -> str:
        parts, at = [], 0
        for hole in holes:
            parts += [token[at : hole.start], self.characters[hole.name]]
            at = hole.end
        return "".join([*parts, token[at:]])

    def unknown(self, text: str) -> bool:
        """Tell whether something of a text is not known."""
        return any(character in text for character in self.characters.values())

    def begin(self, text: str) -> bool:
        """Tell whether a token begins with what is not known: it may be several, or none."""
        return text[:1] in self.characters.values()

    def opened(self, text: str) -> tuple[str, tuple[Hole, ...]]:
        """Return a text with ``$name`` for each hole, and where they are."""
        names = {character: name for name, character in self.characters.items()}
        if not names:
            return text, ()
        holes: list[Hole] = []
        shown, at = "", 0
        for found in re.finditer(f"[{''.join(names)}]", text):
            shown += text[at : found.start()]
            name = names[found[0]]
            holes.append(Hole(len(shown), len(shown) + 1 + len(name), name))
            shown += f"${name}"
            at = found.end()
        return shown + text[at:], tuple(holes)

    def shown(self, text: str) -> str:
        """Return a text with ``$name`` for each hole."""
        return self.opened(text)[0]
