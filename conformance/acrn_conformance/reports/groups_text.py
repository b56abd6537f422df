"""Groups of failures as a terminal shows them: the first in full, the others a line each."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from acrn_base.text import counted, excerpt, visible
from acrn_conformance.cases import Rule
from acrn_conformance.judging import Group, Verdict
from acrn_conformance.reports.recorded import RuleTold
from acrn_conformance.reports.styled import Styled

COLUMNS = 100
"""The width by which rows are counted: a longer line takes several."""

_LEAST = 16
"""Rows for groups, whatever else there is to say."""

_LONGEST = 14
"""Rows of one group among others, the first aside."""

_NAMED = 2
"""Further cases of a group that are named."""

_HEAD = 4
"""Lines of a case that are always shown: a blank, its id and title, its rule, what is wrong."""

Failure = Callable[[Verdict], Iterable[Styled]]
"""From a failing verdict to all that there is to know of it."""


def rows(lines: Iterable[Styled]) -> int:
    """Return how many rows of a screen lines take."""
    return sum(max(1, -(-len(line.text) // COLUMNS)) for line in lines)


def groups(
    found: Sequence[Group],
    rules: Mapping[str, Rule | RuleTold],
    failure: Failure,
    room: int,
    everything: str,
) -> Iterator[Styled]:
    """Yield groups within some rows: as many in full as leave each other one a line.

    ``everything``: the option that shows what is left out.
    """
    room = max(room, _LEAST)
    shown = 0
    for number, group in enumerate(found):
        left = len(found) - number - 1
        most = room if not number else _LONGEST
        lines = list(_whole(group, failure, most, everything))
        if number and rows(lines) + min(left, 5) + bool(left) * 2 > room:
            break
        yield from lines
        room -= rows(lines)
        shown += 1
    yield from _counted(found[shown:], rules, max(room, 3), everything)


def _whole(group: Group, failure: Failure, room: int, everything: str) -> Iterator[Styled]:
    """Yield a group's plainest case in full, of a long diff the beginning, and the others' ids."""
    *lines, last = failure(group.verdicts[0])
    alike = list(_alike(group))
    longest = max(room - rows([*alike, last]) - 1, _HEAD)
    kept = lines[
        : max(n for n in range(len(lines) + 1) if n <= _HEAD or rows(lines[:n]) <= longest)
    ]
    yield from kept
    if len(kept) < len(lines):
        yield Styled(f"  ... ({everything} shows the rest)", "faint")
    yield from alike
    yield last


def _alike(group: Group) -> Iterator[Styled]:
    if others := [verdict.case.id for verdict in group.verdicts[1:]]:
        listed = ", ".join(visible(excerpt(name)) for name in others[:_NAMED])
        listed += ", ..." if len(others) > _NAMED else ""
        yield Styled(f"  and {len(others):,} more, {what(group)}: {listed}")


def _counted(
    found: Sequence[Group], rules: Mapping[str, Rule | RuleTold], room: int, everything: str
) -> Iterator[Styled]:
    if not found:
        return
    yield Styled("")
    fits = len(found) if len(found) <= room - 1 else room - 2
    for group in found[:fits]:
        yield Styled(_line(group, rules), "bad")
    if rest := found[fits:]:
        failures = sum(len(group.verdicts) for group in rest)
        text = f"and {counted(len(rest), 'further group')} with {counted(failures, 'failure')}"
        yield Styled(f"{text}; {everything} shows all", "bad")


def _line(group: Group, rules: Mapping[str, Rule | RuleTold]) -> str:
    rule = rules.get(group.rule)
    told = f" ({rule.text.rstrip('.')})" if rule else ""
    name = f"{visible(group.rule)}: " if group.rule else ""
    text = f"{len(group.verdicts):5,} {name}{what(group)}{told}"
    return text if len(text) <= COLUMNS else text[: COLUMNS - 3] + "..."


def what(group: Group) -> str:
    """Return what is wrong, and where, in a few words."""
    text = visible(excerpt(group.text, 90))
    return f"{visible(group.where)}: {text}" if group.where else text
