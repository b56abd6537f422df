"""Judging an argv of which not all is known: a hole satisfies no rule and breaks none.

Each release judges the argv with the filling that it likes best, and what is known is told.
What fills is loaded where there are holes: most lines have none, and their lint is waited for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from acrn_cmdline.lint.judgement import BoardNeed, Judgement, judge
from acrn_cmdline.lint.order import in_order
from acrn_cmdline.lint.rules import RULES
from acrn_dm import RELEASES, Asked, stands_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from acrn_cmdline.lint.filling import Filling
    from acrn_cmdline.lint.finding import Finding
    from acrn_cmdline.lint.rule_form import Rule
    from acrn_cmdline.lint.taste import Taste
    from acrn_cmdline.source import Argv
    from acrn_dm import Host, Need


def judge_holes(
    argv: Argv,
    host: Host,
    releases: Sequence[str] = RELEASES,
    rules: Sequence[Rule] = RULES,
) -> Judgement:
    """Judge an argv as :func:`judge` does, its holes filled for each release."""
    if not argv.holes:
        return judge(argv.tokens, host, releases, rules)
    from acrn_cmdline.lint.taste import taste_of

    asked = tuple(map(stands_for, releases))
    fillings = _fillings(argv, asked, taste_of(host, asked, tuple(rules)))
    parts = [
        _as_given(judge(filling.tokens, host, asked, rules), filling, argv, group)
        for filling, group in fillings.items()
    ]
    outcomes = {
        name: part.outcomes[name] for name in asked for part in parts if name in part.outcomes
    }
    return Judgement(
        argv.tokens,
        outcomes,
        _together([finding for part in parts for finding in part.findings], argv, asked),
        _needed_together([need for part in parts for need in part.needs]),
    )


def _fillings(argv: Argv, releases: Sequence[str], taste: Taste) -> dict[Filling, list[str]]:
    """Return the fillings that releases like, each with those that like it, oldest first."""
    from acrn_cmdline.lint.filling import filled

    likes: dict[str, Filling] = {}
    for release in releases:
        if release not in likes:
            asked = Asked(release)
            filling = filled(argv, asked, taste)
            likes |= dict.fromkeys(asked.alike(releases), filling)
    groups: dict[Filling, list[str]] = {}
    for release in releases:
        groups.setdefault(likes[release], []).append(release)
    return groups


def _as_given(
    judgement: Judgement, filling: Filling, argv: Argv, releases: Sequence[str]
) -> Judgement:
    """Return what a judgement of a filling says of some releases, in terms of the argv as given."""
    outcomes = {
        name: found._replace(message=filling.told(found.message, None))
        for name, found in judgement.outcomes.items()
        if name in releases
    }
    return Judgement(
        argv.tokens,
        outcomes,
        tuple(_found(judgement.findings, filling, releases)),
        tuple(_needed(judgement.needs, filling, argv, releases)),
    )


def _found(
    findings: Sequence[Finding], filling: Filling, releases: Sequence[str]
) -> Iterator[Finding]:
    """Yield what some releases find in what is known."""
    from acrn_cmdline.lint.filling import CURES

    for each in findings:
        concerned = tuple(name for name in each.releases if name in releases)
        token = None if each.token is None else filling.origin[each.token]
        cured = filling.open and each.rule in CURES
        if concerned and not cured and (token is None) == (each.token is None):
            message = filling.told(each.message, token)
            yield each._replace(token=token, message=message, releases=concerned)


def _needed(
    needs: Sequence[BoardNeed], filling: Filling, argv: Argv, releases: Sequence[str]
) -> Iterator[BoardNeed]:
    """Yield what some releases need because of what is known, with ``$name`` where it is not."""
    for each in needs:
        concerned = tuple(name for name in each.releases if name in releases)
        token = None if each.token is None else filling.origin[each.token]
        need: Need | None = each.need
        if token in argv.holes and token is not None:
            name = filling.needed(each.need, token)
            need = None if name is None else each.need._replace(name=name)
        if concerned and need and (token is None) == (each.token is None):
            yield BoardNeed(need, token, concerned)


def _together(
    findings: Sequence[Finding], argv: Argv, releases: Sequence[str]
) -> tuple[Finding, ...]:
    """Return findings in order, those that differ in nothing but their releases as one."""
    same: dict[Finding, set[str]] = {}
    for found in findings:
        same.setdefault(found._replace(releases=()), set()).update(found.releases)
    whole = [
        found._replace(releases=tuple(each for each in releases if each in concerned))
        for found, concerned in same.items()
    ]
    return in_order(whole, argv.tokens)


def _needed_together(needs: Sequence[BoardNeed]) -> tuple[BoardNeed, ...]:
    """Return what is needed, by the order of the tokens, once for all its releases."""
    same: dict[tuple[Need, int | None], tuple[str, ...]] = {}
    for each in needs:
        at = each.need, each.token
        same[at] = (*same.get(at, ()), *each.releases)
    found = [BoardNeed(need, token, releases) for (need, token), releases in same.items()]
    return tuple(sorted(found, key=lambda each: (each.token is None, each.token or 0)))
