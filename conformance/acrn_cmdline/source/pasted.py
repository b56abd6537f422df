"""Text as people paste it: prompts in front, and what a terminal showed between.

What is no command is replaced by blanks, so that every character stays where it is.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from typing import Final

from acrn_cmdline.source.argv import Place
from acrn_cmdline.source.bounds import PLACEHOLDERS, SCRIPT
from acrn_cmdline.source.shell import Piece

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
_OPTION: Final = re.compile(r"\s*--?[A-Za-z][\w-]*(?:\s|=|\Z)")
_BEGUN: Final = re.compile(r"(?:\A|[\s/])acrn-dm(?:\s|\Z)")
_ENDS: Final = re.compile(r"(?:\\|[;&|(){}<>'\"`])\s*\Z")
_PLACEHOLDER: Final = re.compile(
    r"(?<![\w<&])<(?P<name>[A-Za-z](?:[\w ./:-]{0,58}\w)?)>"
    r"|(?<=\s)(?:\.\.\.|\[\.\.\.\]|\u2026|\u22ee)(?=\s)"
)
LEFT_OUT: Final = "left_out"
"""The name of what three dots stand for."""


def straightened(text: str) -> tuple[str, list[tuple[int, str]]]:
    """Return text with the ends of lines that a shell takes, and what was not: line and reason.

    A blank behind a backslash ends a command for a shell, and is not seen; it is not meant. Neither
    is the end of a line in front of options.
    """
    notes = [
        (1 + text.count("\n", 0, found.start()), "a blank behind the backslash; read as without it")
        for found in _TRAILING.finditer(text)
        if found[1].strip("\r")
    ]
    text = _TRAILING.sub(lambda found: " " * len(found[1]) + "\\", text)
    text = text.replace("\r\n", " \n").replace("\r", " ")
    if len(text) > SCRIPT or not _BEGUN.search(text):
        return text, notes
    lines = text.split("\n")
    for number in _cut_off(lines):
        lines[number] += " \\"
        notes.append((number + 1, "no backslash in front of options; read as if there were one"))
    return "\n".join(lines), sorted(notes)


def _cut_off(lines: Sequence[str]) -> Iterator[int]:
    """Yield the lines of a call that a missing backslash cuts off in front of options."""
    in_call = False
    for number, (line, following) in enumerate(pairwise(lines)):
        goes_on = line.rstrip().endswith("\\")
        in_call = in_call or bool(_BEGUN.search(line))
        if in_call and not _ENDS.search(line) and _OPTION.match(following) and line.strip():
            yield number
            goes_on = True
        in_call = in_call and goes_on


def opened(text: str, place: Place) -> Iterator[Piece]:
    """Yield the pieces of a text in which ``<what>`` and three dots are variables, never set."""
    whole, at = Piece(text, place), 0
    for found in islice(_PLACEHOLDER.finditer(text), PLACEHOLDERS):
        name = re.sub(r"\W", "_", found["name"] or LEFT_OUT)
        yield whole.cut(at, found.start())
        yield Piece(f"${{{name}}}", whole.at(found.start()))
        at = found.end()
    yield whole.cut(at, len(text))


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
