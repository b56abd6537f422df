"""Lines folded to the width of a terminal, in its cells; what marks a line stays under it."""

import re
from collections.abc import Callable, Iterable, Iterator

from acrn_base.text import columns
from acrn_conformance.reports.styled import COMMAND, Styled

_NARROWEST = 20
"""Cells below which nothing is folded any further."""

_WORD = re.compile(r"""(?:^ *)?(?:'[^']*'|"[^"]*"|[^\s'"]|['"])+""")
"""A word of a shell, the blanks before the first one with it."""

_EXACT = frozenset("-+")
"""Styles of lines in which every character counts: they are not folded at blanks."""


def folded(lines: Iterable[Styled], width: Callable[[], int]) -> Iterator[Styled]:
    """Yield the lines, none wider than so many cells; ``width`` is asked again for each.

    A line of carets belongs to the line before it: each piece of that one is followed by the carets
    that stand under it. Prose is folded at blanks, and goes on indented as it began.
    """
    before: Styled | None = None
    for line in _single(lines):
        cells = max(width(), _NARROWEST)
        if before is not None and _marks(line):
            yield from _marked(before, line, cells)
            before = None
            continue
        if before is not None:
            yield from _plain(before, cells)
        before = line
    if before is not None:
        yield from _plain(before, max(width(), _NARROWEST))


def _single(lines: Iterable[Styled]) -> Iterator[Styled]:
    for line in lines:
        yield from (Styled(part, line.style) for part in line.text.split("\n"))


def _marks(line: Styled) -> bool:
    """Tell whether a line is nothing but carets under the one before it."""
    carets = line.text.replace("?", "", 1).strip()
    return line.style == "?" and bool(carets) and not carets.strip("^")


def _plain(line: Styled, width: int) -> Iterator[Styled]:
    if line.style == COMMAND:
        return _command(line, width)
    pieces = _pieces(line.text, width, at_blanks=line.style not in _EXACT)
    return (Styled(lead + piece, line.style) for lead, piece in pieces)


def _command(line: Styled, width: int) -> Iterator[Styled]:
    """Yield a command for a shell with a backslash at the end of each line but the last.

    So it can be copied as it stands. A word that is too wide by itself is left to the terminal,
    which wraps it without adding anything.
    """
    first, *words = _WORD.findall(line.text)
    indent = " " * min(len(first) - len(first.lstrip()) + 2, width // 4)
    piece = first
    for word in words:
        if columns(f"{piece} {word} \\") > width:
            yield Styled(f"{piece} \\", line.style)
            piece = indent + word
        else:
            piece += f" {word}"
    yield Styled(piece, line.style)


def _marked(line: Styled, carets: Styled, width: int) -> Iterator[Styled]:
    """Yield a line and its carets piece for piece; one behind the end marks what is missing."""
    sign, first, last = carets.text.find("?"), carets.text.index("^"), len(carets.text.rstrip())
    total, begins = columns(line.text), 0
    for lead, piece in _pieces(line.text, width - 1, at_blanks=False):
        yield Styled(lead + piece, line.style)
        ends = begins + columns(piece)
        left, right = max(first, begins), min(last, ends + (ends == total))
        if left < right:
            blank = " " * (len(lead) + left - begins)
            blank = blank if sign < 0 else f"{blank[:sign]}?{blank[sign + 1 :]}"
            yield Styled(blank + "^" * (right - left), carets.style)
        begins = ends


def _pieces(text: str, width: int, *, at_blanks: bool) -> Iterator[tuple[str, str]]:
    """Yield the pieces of a line, each with what is to stand before it."""
    indent = len(text) - len(text.lstrip())
    lead = ""
    while columns(text) > width - len(lead):
        end = _fitting(text, width - len(lead))
        blank = text.rfind(" ", 0, end + 1) if at_blanks else -1
        # Not at the blanks that a line begins with.
        end = blank if text[: max(blank, 0)].strip() else end
        yield lead, text[:end]
        text = text[end:].lstrip(" ") if at_blanks else text[end:]
        lead = " " * min(indent + 2, width // 4)
    yield lead, text


def _fitting(text: str, cells: int) -> int:
    """Return how many characters fit; what combines with the last of them goes with it."""
    used = 0
    for position, character in enumerate(text):
        used += columns(character)
        if used > cells:
            return max(position, 1)
    return len(text)
