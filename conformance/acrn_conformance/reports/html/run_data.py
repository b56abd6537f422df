"""What a page's script knows of runs: what cases have in common once, of a passing one a letter.

Of a failing one there is a line, and of some in each group all that is known: a page is to be
opened, and sent to others, however much fails. The results file has the rest.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from acrn_cmdline.slotmap import SlotMap
from acrn_conformance.cases import Answer, Request
from acrn_conformance.implementation import Refused, Result
from acrn_conformance.judging import Mark
from acrn_conformance.reports.html.naming import Named
from acrn_conformance.reports.html.pool import Pool, Side, argv
from acrn_conformance.reports.recorded import CaseResult

_LETTERS: Mapping[Mark, str] = {
    Mark.PASS: "p",
    Mark.FAIL: "f",
    Mark.ERROR: "e",
    Mark.TIMEOUT: "t",
    Mark.UNSUPPORTED: "u",
}
_KNOWN, _EXCUSED, _ABSENT = "k", "n", "-"


LARGEST = 750_000
"""Bytes for what there is to know of cases, unless the lines alone take more."""

_LEAST = 100_000
"""Bytes for whole examples, however many lines there are."""

_EXAMPLES = 10
"""Cases of a group of which all is known, at most."""

_TIMES = 6
"""How much larger a case may be in a page: as lines to compare, and with two slot maps."""


class CaseRow(msgspec.Struct, frozen=True, array_like=True):
    """What a case is, whoever answers it."""

    id: str
    title: str
    family: str
    method: str
    level: str
    rule: str


class Detail(msgspec.Struct, frozen=True, omit_defaults=True):
    """What there is to know of a case that did not pass; numbers are places in the pool.

    ``sides`` are the two to hold beside each other, ``maps`` the slot maps of both. What comes
    behind ``request`` is there for some cases alone.
    """

    message: str = ""
    blamed: str = ""
    known: str = ""
    leak: tuple[str, ...] = ()
    again: str = ""
    group: int = -1
    seconds: float = 0.0
    request: int = -1
    behind: int = -1
    expected: tuple[int, ...] = ()
    got: int = -1
    sides: tuple[int, int] | None = None
    maps: tuple[int, int] | None = None


class RunData(msgspec.Struct, frozen=True):
    """One run: ``marks`` has a letter for each case of the page, ``details`` those not passed."""

    label: str
    dialect: str
    marks: str
    details: dict[int, Detail]


class PageData(msgspec.Struct, frozen=True):
    """All that a page's script is given; ``rules`` have text and source by their ids."""

    cases: tuple[CaseRow, ...]
    rules: dict[str, tuple[str, str]]
    runs: tuple[RunData, ...]
    sides: Sequence[Side]
    maps: Sequence[SlotMap]


def page_data(runs: Sequence[Named]) -> PageData:
    """Gather the runs; cases stand in the order in which they are first met."""
    cases: dict[str, CaseResult] = {}
    rules: dict[str, tuple[str, str]] = {}
    for run in runs:
        for case in run.results.cases:
            cases.setdefault(case.id, case)
        rules |= {name: (rule.text, rule.source) for name, rule in run.results.rules.items()}
    rows = tuple(
        CaseRow(each.id, each.title, each.family, each.method, each.level, each.rule)
        for each in cases.values()
    )
    places = {name: place for place, name in enumerate(cases)}
    lines = tuple(_run(run, places) for run in runs)
    pool = Pool()
    taken = len(msgspec.json.encode((rows, lines)))
    whole = _examples(runs, places, pool, max(LARGEST - taken, _LEAST))
    found = tuple(
        msgspec.structs.replace(line, details=line.details | more)
        for line, more in zip(lines, whole, strict=True)
    )
    return PageData(rows, rules, found, pool.sides, pool.maps)


def letter(case: CaseResult) -> str:
    """Return the letter that stands for how a case came out."""
    if case.excused:
        return _EXCUSED
    if case.known_failure and case.verdict is not Mark.PASS:
        return _KNOWN
    return _LETTERS[case.verdict]


def _run(run: Named, places: Mapping[str, int]) -> RunData:
    marks = [_ABSENT] * len(places)
    details: dict[int, Detail] = {}
    for case in run.results.cases:
        place = places[case.id]
        marks[place] = letter(case)
        if case.verdict is not Mark.PASS and not case.excused:
            details[place] = _line(case)
    dialect = run.results.golden.dialect
    return RunData(run.label, dialect, "".join(marks), details)


def _examples(
    runs: Sequence[Named], places: Mapping[str, int], pool: Pool, room: int
) -> list[dict[int, Detail]]:
    """Return whole examples of each run that fit into some bytes: a case of each group in turn."""
    found: list[dict[int, Detail]] = [{} for _ in runs]
    for number, case in _in_turn(runs):
        if pool.size + _TIMES * len(msgspec.json.encode(case)) <= room:
            dialect = runs[number].results.golden.dialect
            found[number][places[case.id]] = _whole(case, dialect, pool)
    return found


def _in_turn(runs: Sequence[Named]) -> Iterator[tuple[int, CaseResult]]:
    """Yield cases with the number of their run: the first of each group, then the second ones.

    What is in no group, as known failures are, comes last.
    """
    failing = [
        {c.id: c for c in run.results.cases if c.verdict is not Mark.PASS and not c.excused}
        for run in runs
    ]
    groups = [(n, group.cases) for n, run in enumerate(runs) for group in run.results.groups]
    for turn in range(_EXAMPLES):
        for number, ids in groups:
            if turn < len(ids):
                yield number, failing[number][ids[turn]]
    for number, cases in enumerate(failing):
        yield from ((number, case) for case in cases.values() if case.group is None)


def _line(case: CaseResult) -> Detail:
    return Detail(
        message=case.message,
        blamed=case.blamed,
        known=case.known_failure,
        leak=case.leak,
        again=case.again,
        group=-1 if case.group is None else case.group,
        seconds=case.seconds,
    )


def _whole(case: CaseResult, dialect: str, pool: Pool) -> Detail:
    sides, maps = _compared(case, dialect, pool)
    return msgspec.structs.replace(
        _line(case),
        request=pool.text({"method": case.method, "params": case.request}),
        behind=pool.text(_requests(case.behind)) if case.behind else -1,
        expected=tuple(pool.text(_said(answer)) for answer in case.expected),
        got=pool.text(_came(case)) if isinstance(case.got, Result | Refused) else -1,
        sides=sides,
        maps=maps,
    )


def _compared(
    case: CaseResult, dialect: str, pool: Pool
) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
    """Return what to hold side by side: token lists where they differ, else the whole answers."""
    wanted = case.expected[0] if case.expected else None
    if wanted is None or wanted.refused or not isinstance(case.got, Result):
        return None, None
    expected, got = wanted.result, case.got.value
    tokens, came = (argv(each, case.method, dialect) for each in (expected, got))
    maps = None
    if tokens is not None and came is not None:
        maps = (pool.map(expected, tokens), pool.map(got, came))
        if tokens != came:
            return (pool.lines(tokens), pool.lines(came)), maps
    return (pool.text(expected), pool.text(got)), maps


def _requests(requests: Iterable[Request]) -> list[dict[str, object]]:
    return [{"method": each.method, "params": each.params} for each in requests]


def _said(answer: Answer) -> object:
    return "(a refusal)" if answer.refused else answer.result


def _came(case: CaseResult) -> object:
    if isinstance(case.got, Result):
        return case.got.value
    if isinstance(case.got, Refused):
        return {"refused": case.got.code, "message": case.got.message}
    return None
