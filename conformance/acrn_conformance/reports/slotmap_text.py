"""The slot map in a terminal: a line a slot, free ones folded, slot 2 hatched, faults in place."""

import shlex
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import assert_never

from acrn_base.text import excerpt, visible
from acrn_cmdline.slotmap import Row, SlotMap, State
from acrn_conformance.reports.styled import Styled

HATCHED = "///// GVT-g /////"

_STYLES = {State.FREE: "faint", State.RESERVED: "faint", State.TAKEN: "good", State.FAULTY: "bad"}
_NAME = 19
_INDENT = " " * (17 + _NAME)
_PORTS = 16
"""Details of one function that are shown; a console has no more ports."""


def lines(found: SlotMap, *, whole: bool = True) -> Iterator[Styled]:
    """Yield the picture; without ``whole`` only the slots in which something sits."""
    for free, alike in groupby(found.rows if whole else found.busy, _free):
        rows = list(alike)
        if free and len(rows) > 1:
            yield Styled(f"  {rows[0].place + '-' + rows[-1].place:>8}  free", _STYLES[State.FREE])
        else:
            for row in rows:
                yield from _row(row)
    if found.left_out:
        yield Styled(f"  and {found.left_out:,} more -s", "bad")
    if found.derived:
        yield Styled("  [n]: block index, as in a sandbox with these disks", "faint")
    if found.rest:
        yield Styled(f"  besides: {excerpt(joined(found.rest), 400)}", "faint")


def short(text: str, longest: int) -> str:
    """Return a text made visible, cut off where it is longer than there is room for."""
    shown = visible(text[: longest + 1])
    return shown if len(shown) <= longest else shown[: longest - 3] + "..."


def joined(tokens: Sequence[str]) -> str:
    """Return the first tokens as a shell would take them, safe to make visible."""
    most = 60
    left_out = f" ... {len(tokens) - most:,} more" if len(tokens) > most else ""
    return shlex.join(token[:1000] for token in tokens[:most]) + left_out


def _free(row: Row) -> bool:
    return row.state is State.FREE and not row.remark


def _row(row: Row) -> Iterator[Styled]:
    style = "?" if row.remark and row.state is not State.FAULTY else _STYLES[row.state]
    index = "".join(f"[{index}]" for index in row.indices)
    details = [excerpt(detail) for detail in row.details[:_PORTS]]
    if len(row.details) > _PORTS:
        details.append(f"and {len(row.details) - _PORTS:,} more")
    head = f"  {short(row.place, 8):>8}  {_name(row):<{_NAME}} {index:<4} "
    first = details[0] if details else ""
    remark = f"{'!' if row.state is State.FAULTY else '?'} {excerpt(row.remark)}"
    yield Styled((head + first).rstrip(), style)
    yield from (Styled(_INDENT + detail, style) for detail in details[1:])
    if row.remark:
        yield Styled(_INDENT + remark, style)


def _name(row: Row) -> str:
    match row.state:
        case State.FREE:
            return "free"
        case State.RESERVED:
            return HATCHED
        case State.TAKEN | State.FAULTY:
            if row.place or row.emulation:
                return short(row.emulation, _NAME) or "(no emulation)"
            return excerpt(row.text, 60)
        case _:
            assert_never(row.state)
