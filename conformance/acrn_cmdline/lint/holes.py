"""An argv of which not all is known: what is not is filled so that no release finds fault with it.

A hole satisfies no rule and breaks none. So each release judges the argv with the filling that it
likes best, chosen for each token by itself, and findings about what is known stay.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from acrn_cmdline.lint.finding import Finding, Severity
from acrn_cmdline.lint.judgement import BoardNeed, Judgement, judge
from acrn_cmdline.lint.rule_form import Rule
from acrn_cmdline.lint.rules import RULES
from acrn_cmdline.source import Argv
from acrn_dm import RELEASES, FaultKind, Host, Need, read

_NAME: Final = "vm"
_CANDIDATES: Final = (
    *(
        "tap0",
        "tap=tap0",
        "tap0,mac=00:16:3e:00:00:01",
        "tap=tap0,mac=00:16:3e:00:00:01",
        "/hole",
        "2048M",
        "2048",
        "1",
        "0",
        "00:16:3e:00:00:01",
        "02/00/0",
        "1-2",
    ),
    *("lpc", "virtio-rnd", "virtio-blk,/hole", "d2795438-25d6-11e8-864e-cb7a18b34643", "uart"),
    *("pty,/hole", "com1,stdio", "console,level=4", "64 448 8", "stdio:hole", "on", ""),
)
_MOST_HOLES: Final = 24
"""Holes of an argv whose fillings are tried; of more, the first candidate is taken."""

_UNKNOWN: Final = frozenset({FaultKind.OPTION_UNKNOWN, FaultKind.OPTION_ELSEWHERE})
_SLOTS: Final = range(31, 2, -1)
_WEIGHT: Final = {Severity.REFUSED: 1000, Severity.SILENT: 10}


@dataclass(frozen=True, slots=True)
class _Filling:
    """An argv as a release likes it; ``origin``: the index in the argv as given of each token."""

    tokens: tuple[str, ...]
    origin: tuple[int, ...]
    fillers: tuple[tuple[str, str], ...]


def judge_holes(
    argv: Argv,
    host: Host,
    releases: Sequence[str] = RELEASES,
    rules: Sequence[Rule] = RULES,
) -> Judgement:
    """Judge an argv as :func:`judge` does, its holes filled for each release."""
    if not argv.holes:
        return judge(argv.tokens, host, releases, rules)
    groups: dict[_Filling, list[str]] = {}
    for release in releases:
        groups.setdefault(_filled(argv, release, host, rules), []).append(release)
    parts = [
        _as_given(judge(filling.tokens, host, releases, rules), filling, argv, group)
        for filling, group in groups.items()
    ]
    outcomes = {
        name: part.outcomes[name] for name in releases for part in parts if name in part.outcomes
    }
    return Judgement(
        argv.tokens,
        outcomes,
        _together([finding for part in parts for finding in part.findings], releases),
        _needed_together([need for part in parts for need in part.needs]),
    )


def _as_given(
    judgement: Judgement, filling: _Filling, argv: Argv, releases: Sequence[str]
) -> Judgement:
    """Return what a judgement of a filling says of some releases, in terms of the argv as given."""

    def shown(message: str) -> str:
        for filler, written in filling.fillers:
            message = message.replace(filler, written)
        return message

    findings = []
    for found in judgement.findings:
        concerned = tuple(each for each in found.releases if each in releases)
        token = None if found.token is None else filling.origin[found.token]
        if concerned:
            findings.append(
                replace(found, token=token, message=shown(found.message), releases=concerned)
            )
    outcomes = {
        name: replace(judgement.outcomes[name], message=shown(judgement.outcomes[name].message))
        for name in releases
    }
    needs = tuple(_needed(judgement.needs, filling, argv, releases))
    return Judgement(argv.tokens, outcomes, tuple(findings), needs)


def _needed(
    needs: Sequence[BoardNeed], filling: _Filling, argv: Argv, releases: Sequence[str]
) -> Iterator[BoardNeed]:
    """Yield what some releases need because of what is known."""
    for each in needs:
        concerned = tuple(name for name in each.releases if name in releases)
        token = None if each.token is None else filling.origin[each.token]
        if concerned and token not in argv.holes:
            yield BoardNeed(each.need, token, concerned)


def _together(findings: Sequence[Finding], releases: Sequence[str]) -> tuple[Finding, ...]:
    """Return findings in order, those that differ in nothing but their releases as one."""
    same: dict[Finding, set[str]] = {}
    for found in findings:
        same.setdefault(replace(found, releases=()), set()).update(found.releases)
    whole = [
        replace(found, releases=tuple(each for each in releases if each in concerned))
        for found, concerned in same.items()
    ]
    rank = list(Severity).index
    return tuple(
        sorted(whole, key=lambda f: (rank(f.severity), f.token is None, f.token or 0, f.rule))
    )


def _needed_together(needs: Sequence[BoardNeed]) -> tuple[BoardNeed, ...]:
    """Return what is needed, by the order of the tokens, once for all its releases."""
    same: dict[tuple[Need, int | None], tuple[str, ...]] = {}
    for each in needs:
        at = each.need, each.token
        same[at] = (*same.get(at, ()), *each.releases)
    found = [BoardNeed(need, token, releases) for (need, token), releases in same.items()]
    return tuple(sorted(found, key=lambda each: (each.token is None, each.token or 0)))


def _filled(argv: Argv, release: str, host: Host, rules: Sequence[Rule]) -> _Filling:
    """Return the argv with its holes filled as a release likes it."""
    positions = dict(_positions(argv.tokens, release, host))
    named = any(kind is None and index not in argv.holes for index, kind in positions.items())
    slots = iter(_free(argv.tokens))
    tokens: list[str] = []
    origin: list[int] = []
    fillers: list[tuple[str, str]] = []
    for index, token in enumerate(argv.tokens):
        text: str | None = token
        if index in argv.holes:
            whole = argv.holes[index][0][:2] == (0, len(token))
            option = positions.get(index)
            if option is None and whole:
                last = index == len(argv.tokens) - 1
                text = _NAME if last and not named else None
            else:
                text = _best(argv, index, option or (), release, (host, rules, next(slots, "31")))
            fillers.append((text or token, token))
        if text is not None:
            tokens.append(text)
            origin.append(index)
    fillers.sort(key=lambda pair: -len(pair[0]))
    shown = tuple(pair for pair in fillers if len(pair[0]) > len(_NAME))
    return _Filling(tuple(tokens), tuple(origin), shown)


def _positions(
    tokens: Sequence[str], release: str, host: Host
) -> Iterator[tuple[int, tuple[str, ...] | None]]:
    """Yield the tokens with the option before each that is the value of one; None: an operand."""
    reading = read(tokens, release, host)
    named = {given.at for given in reading.given}
    values = {given.token: given.at for given in reading.given}
    unknown = {fault.token for fault in reading.faults if fault.kind in _UNKNOWN} - named
    for index in range(len(tokens)):
        if index in values:
            at = values[index]
            yield index, () if at == index else (tokens[at],)
        elif index - 1 in unknown:
            yield index, (tokens[index - 1],)  # the value of what the release knows not
        elif index not in named | unknown and tokens[index] != "--":
            yield index, None


def _free(tokens: Sequence[str]) -> Iterator[str]:
    """Yield slots in which nothing sits."""
    for slot in _SLOTS:
        if not any(token.startswith((f"{slot},", f"{slot}:", f"0:{slot}")) for token in tokens):
            yield str(slot)


def _best(
    argv: Argv,
    index: int,
    option: tuple[str, ...],
    release: str,
    context: tuple[Host, Sequence[Rule], str],
) -> str:
    """Return a token with its holes filled; each is tried while the others stay as they are."""
    host, rules, slot = context
    token, holes = argv.tokens[index], argv.holes[index]
    chosen = [slot] * len(holes)

    def text() -> str:
        parts, at = [], 0
        for hole, filler in zip(holes, chosen, strict=True):
            parts += [token[at : hole.start], filler]
            at = hole.end
        return "".join([*parts, token[at:]])

    def fault() -> int:
        words = (*option, text(), _NAME)
        found = judge(words, host, (release,), rules).findings
        return sum(_WEIGHT.get(f.severity, 1) for f in found if f.token in range(len(words) - 1))

    least = fault()
    for place in range(min(len(holes), _MOST_HOLES)):
        for candidate in _CANDIDATES:
            if not least:
                break
            before, chosen[place] = chosen[place], candidate
            now = fault()
            if now < least:
                least = now
            else:
                chosen[place] = before
    return text()
