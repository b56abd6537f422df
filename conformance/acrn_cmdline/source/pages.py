"""Pages of documentation, in Markdown or reStructuredText: the blocks of code in them."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final, NamedTuple

from acrn_cmdline.source.bounds import BLOCKS, SCRIPT

_MARKDOWN: Final = (".md", ".markdown", ".mkd")
_RESTRUCTURED: Final = (".rst", ".rest")
_FENCE: Final = re.compile(r"[ \t>]*(?P<fence>```+|~~~+)\s*(?P<language>[\w+-]*)")
_DIRECTIVE: Final = re.compile(
    r"\s*\.\. (?:code-block|code|sourcecode|parsed-literal|prompt)::\s*(?P<language>[\w+-]*)"
)
_LITERAL: Final = re.compile(r"(?!\s*\.\. ).*::\s*\Z")
_OPTION: Final = re.compile(r"\s*:[\w-]+:")
_LISTED: Final = re.compile(r"\s*(?:[-*+]|(?:\d+|#|[a-zA-Z])[.)])\s+")
_OTHER: Final = frozenset({"c", "cpp", "diff", "ini", "kconfig", "python", "rst", "toml", "xml"})
"""Languages in which a command is but quoted."""

_CODE: Final = 4
"""Blanks in front of code that Markdown has without a fence."""


class Block(NamedTuple):
    """A block of code: the text with the lines before it empty, and its indentation."""

    text: str
    indent: int = 0


def blocks(text: str, name: str) -> Iterator[Block] | None:
    """Return the blocks of a page that may hold a call, None for a text that is no page."""
    if len(text) > SCRIPT:
        return None
    lines = text.split("\n")
    if name.endswith(_RESTRUCTURED) or any(map(_DIRECTIVE.match, lines)):
        spans = _restructured(lines)
    elif any(map(_FENCE.match, lines)):
        spans = _fenced(lines)
    elif name.endswith(_MARKDOWN):
        spans = _indented(lines)
    else:
        return None
    return islice(_told(lines, spans), BLOCKS)


def _told(lines: Sequence[str], spans: Iterator[range]) -> Iterator[Block]:
    """Yield the blocks in which a call, or options of one, may stand."""
    for span in spans:
        block = "\n".join(lines[span.start : span.stop])
        if "acrn-dm" in block or "-s " in block:
            blanks = (len(line) - len(line.lstrip()) for line in block.split("\n") if line.strip())
            indent = min(blanks, default=0)
            yield Block("\n" * span.start + block, indent)


def _fenced(lines: Sequence[str]) -> Iterator[range]:
    """Yield what stands between fences; the last one may be missing."""
    opened: re.Match[str] | None = None
    start = 0
    for number, line in enumerate([*lines, ""]):
        found = _FENCE.match(line)
        if opened is None:
            opened, start = found, number + 1
        elif number == len(lines) or (found and found["fence"].startswith(opened["fence"])):
            if opened["language"].lower() not in _OTHER:
                yield range(start, number)
            opened = None


def _indented(lines: Sequence[str]) -> Iterator[range]:
    """Yield what is indented as code below a blank line, and belongs to no list."""
    number, in_list = 0, False
    while number < len(lines):
        line = lines[number]
        if line.strip() and _indent(line) < _CODE:
            in_list = bool(_LISTED.match(line))
        blank_before = number == 0 or not lines[number - 1].strip()
        if line.strip() and _indent(line) >= _CODE and blank_before and not in_list:
            stop = _end(lines, number, _CODE - 1)
            yield range(number, stop)
            number = stop
        else:
            number += 1


def _restructured(lines: Sequence[str]) -> Iterator[range]:
    """Yield the blocks behind directives for code, and behind paragraphs that end in ``::``."""
    number = 0
    while number < len(lines):
        directive = _DIRECTIVE.match(lines[number])
        listed = _LISTED.match(lines[number])
        base = listed.end() if listed else _indent(lines[number])
        if not directive and not _LITERAL.match(lines[number]):
            number += 1
            continue
        start = number + 1
        while directive and start < len(lines) and _OPTION.match(lines[start]):
            start += 1
        number = _end(lines, start, base)
        if directive is None or directive["language"].lower() not in _OTHER:
            yield range(start, number)


def _end(lines: Sequence[str], start: int, base: int) -> int:
    """Return the first line from one on that is indented no more than so much."""
    for number in range(start, len(lines)):
        if lines[number].strip() and _indent(lines[number]) <= base:
            return number
    return len(lines)


def _indent(line: str) -> int:
    """Return the column at which a line begins; a tab goes to the next multiple of eight."""
    blanks = line[: len(line) - len(line.lstrip())]
    return len(blanks.expandtabs())
