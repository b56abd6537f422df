"""Text as people paste it: Markdown around it, prompts in front, what a terminal showed between.

What is no command is replaced by blanks, so that every character stays where it is.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from acrn_cmdline.source.bounds import BLOCKS

_FENCE: Final = re.compile(r"\s*(?:```+|~~~+)")
_PROMPT: Final = re.compile(
    r"\s{0,80}(?:\([\w.-]{1,80}\)\s*)?"
    r"(?:\[[^\]\n]{0,200}\]\s?[$#]"
    r"|[\w.-]{1,80}@[\w.-]{1,80}\s?[: ][^$#%>\n]{0,200}[$#%>]"
    r"|[\w./~-]{0,80}:[\w./~-]{0,200}\s?[$#]"
    r"|~[\w./-]{0,200}\s?[$#]"
    r"|[$%>\u276f])[ \t]+"
)
_ROOT: Final = re.compile(r"#\s+(?=(?:sudo\s+)?[\w./-]*acrn-dm\s+-)")
_TRACE: Final = re.compile(r"(?:[^\s:]{1,200}:\s?)?\+{1,80} (?=\S)")
_STAMP: Final = re.compile(
    r"(?:\w{3} [ \d]\d \d\d:\d\d:\d\d \S+ [^\s:]+(?:\[\d+\])?: |\[ *\d+\.\d+\] "
    r"|\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[\d.,:+Z-]*\]? +(?=\S))"
)
_TRAILING: Final = re.compile(r"\\([ \t\r]+)$", re.MULTILINE)


def straightened(text: str) -> tuple[str, list[int]]:
    """Return text with the ends of lines that a shell takes, and the lines that had blanks there.

    A blank behind a backslash ends a command for a shell, and is not seen; it is not meant.
    """
    mended = [
        1 + text.count("\n", 0, found.start())
        for found in _TRAILING.finditer(text)
        if found[1].strip("\r")
    ]
    text = _TRAILING.sub(lambda found: " " * len(found[1]) + "\\", text)
    return text.replace("\r\n", " \n").replace("\r", " "), mended


def blocks(text: str) -> Iterator[str]:
    """Yield the blocks of code in Markdown, each with the rest of the text as blank lines."""
    lines = text.split("\n")
    fences = [number for number, line in enumerate(lines) if _FENCE.match(line)]
    if not fences:
        yield text
        return
    spans = zip(fences[::2], [*fences[1::2], len(lines)], strict=False)
    told = ((start, end) for start, end in spans if _tells("\n".join(lines[start + 1 : end])))
    for start, end in islice(told, BLOCKS):
        yield "\n" * (start + 1) + "\n".join(lines[start + 1 : end])


def _tells(block: str) -> bool:
    """Tell whether a block may hold a call, or options of one."""
    return "acrn-dm" in block or "-s " in block


def commands(text: str) -> str:
    """Return what was typed, or traced: without the prompts, and what was shown between."""
    lines = [_blanked(_STAMP, line) for line in text.split("\n")]
    if any("acrn-dm" in line and _TRACE.match(line) for line in lines):
        return _kept(lines, _TRACE)
    if any("acrn-dm" in line and _PROMPT.match(line) for line in lines):
        return _kept(lines, _PROMPT)
    first = next((line for line in lines if line.strip()), "")
    if _ROOT.match(first):
        return _kept(lines, _ROOT)
    return "\n".join(lines)


def _kept(lines: list[str], mark: re.Pattern[str]) -> str:
    """Return the lines with a mark in front, and those that go on from them."""
    kept: list[str] = []
    goes_on = False
    for line in lines:
        if mark.match(line):
            kept.append(_blanked(mark, line))
        else:
            kept.append(_blanked(_CONTINUED, line) if goes_on else "")
        goes_on = kept[-1].endswith("\\") or _open_quote(kept[-1], goes_on=goes_on, kept=kept)
    return "\n".join(kept)


_CONTINUED: Final = re.compile(r"\s*> (?=\s*\S)")


def _open_quote(line: str, *, goes_on: bool, kept: list[str]) -> bool:
    """Tell whether a quote is open at the end of a line, as in a value of several lines."""
    if "'" not in line and '"' not in line:
        return goes_on and _odd(kept)
    return _odd(kept)


def _odd(kept: list[str]) -> bool:
    start = max((n for n, line in enumerate(kept) if not line), default=-1)
    text = re.sub(r"\\.", "", "\n".join(kept[start + 1 :]), flags=re.DOTALL)
    text = re.sub(r"'[^']*'|\"[^\"]*\"", "", text)
    return "'" in text or '"' in text


def _blanked(pattern: re.Pattern[str], line: str) -> str:
    found = pattern.match(line)
    return line if found is None else " " * found.end() + line[found.end() :]
