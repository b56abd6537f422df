"""What recorded runs come to, in the words that the reports for a CI share."""

import shlex
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from acrn_base.text import counted, excerpt, printable
from acrn_conformance.implementation import ProtocolFault
from acrn_conformance.judging import Mark
from acrn_conformance.reports import failure_text
from acrn_conformance.reports.recorded import CaseResult, Results, Search

_LONGEST = 80
"""Characters of the name of an implementation."""


class Count(NamedTuple):
    """Cases of a run: those judged, and of these the passing, the failing and the known to fail."""

    judged: int
    passed: int
    failing: int
    known: int


class Trouble(NamedTuple):
    """What is wrong with a run beyond its cases: a stable word for its kind, and a text."""

    kind: str
    text: str


def name(run: Results) -> str:
    """Return who was judged, safe to show."""
    about = run.implementation.describe
    if about is None:
        return excerpt(shlex.join(run.implementation.command), _LONGEST)
    return excerpt(f"{about.name} {about.version}", _LONGEST)


def failing(case: CaseResult) -> bool:
    """Whether a verdict speaks against the implementation."""
    return case.verdict is not Mark.PASS and not case.excused and not case.known_failure


def count(run: Results) -> Count:
    """Count the cases that have a verdict; of a search, the requests that were judged."""
    if run.search:
        failed = max(run.search.failing, len(run.cases))
        asked = max(sum(run.search.asked.values()), failed)
        return Count(asked, asked - failed, failed, 0)
    judged = [case for case in run.cases if not case.excused]
    passed = sum(case.verdict is Mark.PASS for case in judged)
    failed = sum(map(failing, judged))
    return Count(len(judged), passed, failed, len(judged) - passed - failed)


def passes(run: Results) -> bool:
    """Whether it has come to its end, and nothing in it speaks against the implementation.

    A run in which no case counts has shown nothing.
    """
    number, ended = count(run), run.ended
    if not ended or number.failing or not (number.judged or run.search):
        return False
    broken = bool(run.faults) and not run.implementation.tolerates_protocol_faults
    return not (broken or ended.complaints or ended.not_judged)


def manner(run: Results) -> str:
    """Return what a run is beyond whom it judges: a search, a shard, or nothing."""
    searched = [", search"] if run.search else []
    return "".join((*searched, *([f", shard {run.shard}"] if run.shard else [])))


def searched(search: Search) -> str:
    """Return where the requests of a search come from."""
    if search.seed is None:
        return f"every list of up to {counted(search.longest or 0, 'representative device')}"
    return f"drawn at random, seed {search.seed}"


def troubles(run: Results) -> Iterator[Trouble]:
    """Yield why a run does not pass beyond its failing cases; all texts are safe to show."""
    if run.ended is None:
        yield Trouble("interrupted", _interrupted(run))
    elif run.ended.not_judged:
        yield Trouble("not-judged", f"{counted(run.ended.not_judged, 'case')} not judged")
    elif not count(run).judged and not run.search:
        yield Trouble("not-judged", "no case was judged")
    for complaint in run.ended.complaints if run.ended else ():
        yield Trouble("known-failures", printable(complaint))
    if not run.implementation.tolerates_protocol_faults:
        for fault in run.faults:
            yield Trouble(f"protocol-{fault.kind}", told(fault))


def tolerated(run: Results) -> Iterator[str]:
    """Yield what was no reason to fail, though it breaks the contract of the wire; safe to show."""
    if run.implementation.tolerates_protocol_faults:
        met = f"{counted(len(run.faults), 'kind')} of fault" if run.faults else "no fault"
        yield f"judged with --tolerate-protocol-faults: {met} met"
        yield from map(told, run.faults)


def told(fault: ProtocolFault) -> str:
    """Return a fault of the protocol in words, safe to show."""
    first = f"; the first: {fault.example}" if fault.example else ""
    return printable(f"{fault.kind}: {fault.message} ({fault.times:,}x{first})")


def _interrupted(run: Results) -> str:
    judged = count(run).judged
    if run.search:
        known = f"{counted(judged, 'request')} judged" if run.search.asked else "cut off"
        return f"the search did not come to its end: {known}"
    asked = run.selected - sum(case.excused for case in run.cases)
    return f"the run did not come to its end: {judged:,} of {asked:,} cases judged"


def failure(run: Results, case: CaseResult) -> str:
    """Return all that is known of a failing case as lines of text, safe to show.

    It is what `run` prints of it, but for the line that names it.
    """
    rule = run.rules.get(case.blamed or case.rule)
    _blank, _named, *lines = failure_text.lines(case, rule)
    rows = chain.from_iterable(line.text.split("\n") for line in lines)
    return "\n".join(printable(row.removeprefix("  ")) for row in rows)
