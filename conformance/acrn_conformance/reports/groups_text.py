"""Groups of failures as a terminal shows them: one of each rule in full, the others a line each."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from acrn_base.text import counted, excerpt, visible
from acrn_conformance.cases import Rule
from acrn_conformance.judging import RECORDED, Group, Verdict
from acrn_conformance.reports.recorded import RuleTold
from acrn_conformance.reports.styled import Styled

COLUMNS = 100
"""The width by which rows are counted: a longer line takes several."""

_LEAST = 16
"""Rows for groups, whatever else there is to say."""

_LONGEST = 14
"""Rows of one group among others, the first aside."""

_FIRST = 16
"""Rows of the first group where there are other rules to tell of."""

_LINES = 7
"""Rows that are kept for groups with a line each."""

_TOLD = 20
"""Characters of a rule's text that are worth telling."""

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
    """Yield groups within some rows: of each rule one in full, as long as the others have a line.

    ``everything``: the option that shows what is left out.
    """
    room = max(room, _LEAST)
    ordered = _each_rule_first(found)
    alone = len({group.rule for group in found}) == 1
    shown = 0
    for group in ordered:
        left = len(found) - shown - 1
        kept = min(left + 1, _LINES) if left else 0
        most = room if not shown else min(room - kept, _LONGEST)
        lines = list(_whole(group, failure, most if shown or alone else _FIRST, everything))
        if shown and rows(lines) + kept > room:
            break
        yield from lines
        room -= rows(lines)
        shown += 1
    yield from _counted(ordered[shown:], rules, max(room, 3), everything)


def _each_rule_first(found: Sequence[Group]) -> list[Group]:
    """Return the groups, in front one of each rule; those without a rule are each of their own.

    It is the first one with a case that has a title of its own.
    """
    first: dict[str, Group] = {}
    for group in sorted(found, key=_untitled):
        first.setdefault(group.rule or group.text, group)
    each = [group for group in found if first[group.rule or group.text] is group]
    return [*each, *(group for group in found if first[group.rule or group.text] is not group)]


def _untitled(group: Group) -> bool:
    return group.verdicts[0].case.rule.startswith(RECORDED)


def _whole(group: Group, failure: Failure, room: int, everything: str) -> Iterator[Styled]:
    """Yield a group's plainest case in full, of a long diff what differs, and the others' ids."""
    *lines, last = failure(group.verdicts[0])
    alike = list(_alike(group))
    longest = max(room - rows([*alike, last]) - 1, _HEAD)
    whole = rows(lines) <= longest
    kept = lines if whole else [line for line in lines if not _equal(line)]
    kept = kept[: max(n for n in range(len(kept) + 1) if n <= _HEAD or rows(kept[:n]) <= longest)]
    yield from kept
    if not whole:
        yield Styled(f"  ... ({everything} shows the rest)", "faint")
    yield from alike
    yield last


def _equal(line: Styled) -> bool:
    """Tell whether a line of a diff has a token that both have, or says which is next."""
    return not line.style and line.text.startswith("    ")


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
    """Return a group in a line: how many, what is wrong, a case, and the rule as far as it fits."""
    rule = rules.get(group.rule)
    name = f"{visible(group.rule)}: " if group.rule else ""
    case = f": {visible(excerpt(group.verdicts[0].case.id))}"
    text = _cut(f"{len(group.verdicts):5,} {name}{what(group)}", COLUMNS - len(case)) + case
    if rule is None or COLUMNS - len(text) < _TOLD:
        return text
    return _cut(f"{text} ({rule.text.rstrip('.')})", COLUMNS)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: max(longest - 3, 0)] + "..."


def what(group: Group) -> str:
    """Return what is wrong, and where, in a few words."""
    text = visible(excerpt(group.text, 90))
    return f"{visible(group.where)}: {text}" if group.where else text
