"""Recorded runs as a badge: a picture of one line, for a README."""

from collections.abc import Sequence
from html import escape
from typing import Final

from acrn_base.text import columns, excerpt
from acrn_conformance.reports import merging, recorded_text
from acrn_conformance.reports.recorded import Results

_GOOD: Final = "#2c7a3f"
_BAD: Final = "#b3261e"
_OPEN: Final = "#6b6b6b"
_LONGEST: Final = 60
_COLUMN: Final = 7
"""Pixels of a column of text, at most: fonts differ from one reader to the next."""
_EDGE: Final = 7
_HEIGHT: Final = 20
_BASE: Final = 14


def svg(runs: Sequence[Results], *, incomplete: bool = False) -> str:
    """Return the picture: the dialects, and how many of the judged cases pass.

    It is red where a run fails, grey where one did not come to its end, a shard is missing, or the
    results are ``incomplete`` otherwise. It needs no other file.
    """
    counts = [recorded_text.count(run) for run in runs]
    dialects = dict.fromkeys(run.golden.dialect for run in runs)
    search = " search" if runs and all(run.search for run in runs) else ""
    left = excerpt(f"acrn {', '.join(dialects)}{search}", _LONGEST)
    right = f"{sum(each.passed for each in counts)}/{sum(each.judged for each in counts)}"
    colour, remark = _state(runs, incomplete=incomplete)
    return _picture(left, f"{right}{remark}", colour)


def _state(runs: Sequence[Results], *, incomplete: bool) -> tuple[str, str]:
    if any(recorded_text.count(run).failing for run in runs) or any(
        run.ended and not recorded_text.passes(run) for run in runs
    ):
        return _BAD, _beyond(runs)
    if any(run.ended is None for run in runs):
        return _OPEN, ", interrupted"
    if any(merging.missing_shards(runs)):
        return _OPEN, ", shards missing"
    if incomplete:
        return _OPEN, ", results missing"
    return _GOOD, ""


def _beyond(runs: Sequence[Results]) -> str:
    """Say why runs fail of which no case does: the numbers alone would read like a pass."""
    if any(recorded_text.count(run).failing for run in runs):
        return ""
    kinds = {trouble.kind for run in runs for trouble in recorded_text.troubles(run)}
    broken = any(kind.startswith("protocol-") for kind in kinds)
    return ", contract of the wire broken" if broken else ", but it fails"


def _picture(left: str, right: str, colour: str) -> str:
    first, second = (columns(text) * _COLUMN + 2 * _EDGE for text in (left, right))
    width, told = first + second, escape(f"{left}: {right}")
    middle = first + second // 2
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{_HEIGHT}" role="img"'
        f' aria-label="{told}"><title>{told}</title>'
        f'<rect width="{first}" height="{_HEIGHT}" fill="#3b3b3b"/>'
        f'<rect x="{first}" width="{second}" height="{_HEIGHT}" fill="{colour}"/>'
        '<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif"'
        ' font-size="11">'
        f'<text x="{first // 2}" y="{_BASE}">{escape(left)}</text>'
        f'<text x="{middle}" y="{_BASE}">{escape(right)}</text></g></svg>\n'
    )
