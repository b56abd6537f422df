"""A search as it goes on: who waits hears of it, and the reports note it."""

import argparse
import secrets
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from acrn_base.signals import Interrupted
from acrn_base.text import counted, visible
from acrn_conformance.cli import findings, fuzz_reports
from acrn_conformance.cli.fault import InputError
from acrn_conformance.implementation import Pool, Settings
from acrn_conformance.judging import Introduced, grouped
from acrn_conformance.reports import Styled, recorded, run_text, search_text, terminal
from acrn_conformance.search import Finding, Subject, Tracing, exhaustive, fuzz

SECONDS = 60.0
"""What a search takes that is told no end."""

MOST = 1 << 53
"""Requests that it may be told to ask."""


class Task(NamedTuple):
    """All that a search is to do; ``check`` ends it on a signal, ``record`` notes what it finds."""

    options: argparse.Namespace
    settings: Settings
    introduced: Introduced
    check: Callable[[], None]
    record: fuzz_reports.Record

    def subject(self, methods: frozenset[str]) -> Subject:
        """Return the implementation, of which these methods are asked."""
        return Subject(self.settings, self.introduced.dialect, methods, self.check)

    @property
    def part(self) -> tuple[int, int]:
        """Which part of how many it is to do."""
        return self.options.shard or (1, 1)


def drawn(task: Task) -> int:
    """Search among requests drawn at random; return the exit status. Raises InputError."""
    methods, limits = _methods(task.introduced), _limits(task)
    search = fuzz.Search(task.subject(methods))
    task.record.begin(recorded.Search(limits.seed, None), search.coverage.requests)
    of = f", part {limits.part} of {limits.parts}" if task.options.shard else ""
    dialect = task.introduced.dialect.name
    terminal.write([Styled(f"searching in {dialect}, seed {limits.seed}{of}")])
    finding = _searched(task, search, limits, methods)
    if finding:
        terminal.write(findings.told(task.options, finding, task.record))
        if not finding.reproduced:
            terminal.write([Styled("note: asked again, it did not come again: state, or chance")])
    broken = _broken(task)
    covered = list(search_text.coverage(search.coverage, methods))
    if finding:
        after = counted(search.coverage.judged, "request")
        text = f"stopped at the first finding after {after}, those to make it small among them"
        covered.insert(1, Styled(text))
    terminal.write(covered)
    # Behind a finding they are mostly its own, asked again and again to make it small.
    remarks = () if finding else _noted(search.remarks)
    task.record.over(covered[1:], remarks=remarks)
    if finding:
        findings.written(task.options, finding.cases)
        if limits.database:
            findings.kept(finding, limits.database)
    return 1 if finding or broken else 0


def enumerated(task: Task) -> int:
    """Judge every list up to a length; return the exit status. Raises InputError."""
    if "argv" not in task.introduced.claims:
        raise InputError("the implementation does not claim argv; claim it")
    longest: int = task.options.exhaustive
    lists = exhaustive.Lists(task.introduced.dialect)
    which = lists.shard(longest, *task.part)
    pool = Pool[exhaustive.Key](task.settings, tick=task.check)
    found = _judged(task, pool, lists, which)
    if found.examples:
        first = exhaustive.traced(
            found.examples[0], lists, which, Tracing(task.subject(task.introduced.claims))
        )
        others = [Finding(each.verdict) for each in found.examples[1:]]
        _tell(task, first, others, found.failing)
    broken = _broken(task)
    task.record.over(failing=found.failing, remarks=_noted(pool.remarks))
    terminal.write([_summary(task, found, len(lists.devices), len(which), broken=broken)])
    return 1 if found.failing or broken else 0


def _methods(introduced: Introduced) -> frozenset[str]:
    """Return the methods that are claimed, and can be searched. Raises InputError."""
    asking = {method.name for method in introduced.dialect.methods if method.asks}
    if methods := introduced.claims & asking:
        return methods
    raise InputError("the implementation claims no method that could be searched; claim argv")


def _limits(task: Task) -> fuzz.Limits:
    """Return how long to search, and for which part. Raises InputError."""
    options, (part, parts) = task.options, task.part
    default = float("inf") if options.examples else SECONDS
    return fuzz.Limits(
        cases=options.examples or MOST,
        seconds=options.time or default,
        seed=secrets.randbelow(1 << 32) if options.seed is None else options.seed,
        part=part,
        parts=parts,
        database=findings.database(options.database),
    )


def _searched(
    task: Task, search: fuzz.Search, limits: fuzz.Limits, methods: frozenset[str]
) -> Finding | None:
    """Search, end the implementation, and tell what is damaged in the database."""
    with terminal.counter("judged") as progress:
        try:
            with warnings.catch_warnings(record=True) as damaged:
                warnings.simplefilter("always", fuzz.DamagedWarning)
                finding = search.run(limits, progress)
        except Interrupted:
            terminal.write(search_text.coverage(search.coverage, methods))
            raise
        finally:
            search.close()
            task.record.met(search.faults)
    for each in damaged:
        print(f"acrn-conformance: --database: {each.message}", file=sys.stderr)
    return finding


def _judged(
    task: Task, pool: Pool[exhaustive.Key], lists: exhaustive.Lists, which: range
) -> exhaustive.Enumerated:
    """Judge lists, and end the implementation."""
    asked = Counter[str]()
    task.record.begin(recorded.Search(None, task.options.exhaustive), asked)
    with pool, terminal.bar(len(which), "judging") as advance:
        try:
            found = exhaustive.judged(pool, lists, which, advance)
        finally:
            task.record.met(pool.faults)
    asked["argv"] = found.asked
    return found


def _summary(
    task: Task, found: exhaustive.Enumerated, devices: int, lists: int, *, broken: bool
) -> Styled:
    """Return the last line of an enumeration: how many devices and lists, and what came of them.

    ``broken``: the contract of the wire was, and that is a failure.
    """
    part, parts = task.part
    text = f"every list of up to {task.options.exhaustive} of {devices} devices, "
    text += f"part {part} of {parts}: {counted(found.asked, 'case')} judged, "
    text += f"{found.failing:,} failing"
    if left := lists - found.asked:
        text += f", {left:,} of them not asked any more"
    if broken:
        text += f", {run_text.BROKEN}: FAIL"
    return Styled(text, "bad" if found.failing or broken else "good")


def _tell(task: Task, first: Finding, others: Sequence[Finding], failing: int) -> None:
    """Tell of lists that fail in groups; where the first passes alone, of it: state may be all."""
    if first.behind or first.verdict.by_chance:
        terminal.write(findings.told(task.options, first, task.record))
        findings.written(task.options, first.cases)
        return
    found = [first, *others]
    groups = grouped(each.diagnosed for each in found)
    terminal.write(findings.told_in_groups(task.options, found, groups, task.record))
    if failing > len(found):
        terminal.write([Styled(f"the groups are of the first {len(found):,} failing lists")])
    findings.written(task.options, findings.examples(groups))


def _broken(task: Task) -> bool:
    """Tell of what broke the contract of the wire, and whether that is a failure."""
    faults, tolerated = task.record.faults, bool(task.options.tolerate_protocol_faults)
    terminal.write(run_text.protocol(faults, tolerated=tolerated))
    return bool(faults) and not tolerated


def _noted(remarks: Mapping[str, int]) -> tuple[str, ...]:
    """Tell of events that no request is to blame for, and how often each was; return the notes."""
    notes = tuple(f"{text} ({times}x)" for text, times in remarks.items())
    terminal.write(Styled(f"note: {visible(note)}") for note in notes)
    return notes
