"""``acrn-conformance fuzz [-- CMD ARGS...]``: find what the goldens do not."""

import argparse
import os
import secrets
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from acrn_base.files import whole_file
from acrn_base.orphans import adopting_orphans
from acrn_base.signals import Interrupted, noted_signals
from acrn_base.starting import StartError
from acrn_base.text import counted, visible
from acrn_conformance.cases import GoldenError
from acrn_conformance.cli import dialects, fuzz_reports, implementation, shards
from acrn_conformance.cli.fault import InputError
from acrn_conformance.cli.parser import Parser
from acrn_conformance.implementation import Pool, ProtocolFault, Settings
from acrn_conformance.judging import CannotStartError, Introduced, describe
from acrn_conformance.reports import Styled, recorded, run_text, search_text, terminal
from acrn_conformance.search import Finding, Subject, Tracing, exhaustive, fuzz

_DEFAULT_SECONDS = 60.0
_MOST = 1 << 53
_LONGEST = 6
"""Devices in a list; of seven there are over 20,000 million."""


def configure(parser: Parser) -> None:
    """Declare the options."""
    parser.usage = "acrn-conformance fuzz [OPTIONS] [-- CMD ARGS...]"
    parser.epilog = "Exit status: 0 nothing found, 1 something found, 2 unusable input."
    implementation.add_options(parser)
    add = parser.add_argument
    add("--examples", type=_examples, metavar="N", help="stop after judging about so many requests")
    time = f"stop after so long (default: {_DEFAULT_SECONDS:.0f}, with --examples no limit)"
    add("--time", type=implementation.seconds, metavar="SECONDS", help=time)
    add("--seed", type=_seed, metavar="N", help="search as a run that printed this seed")
    add(
        "--database",
        type=Path,
        metavar="DIR",
        help="keep what is found, and try it first the next time",
    )
    longest = "judge every list of up to N representative devices instead"
    add("--exhaustive", type=_longest, metavar="N", help=longest)
    add(
        "--shard",
        type=shards.shard,
        metavar="I/K",
        help="only the I-th of K parts, of a search with the same --seed, or of --exhaustive",
    )
    output = "where to write what is found (default: found-ID.json)"
    add("--output", type=Path, metavar="FILE", help=output)
    fuzz_reports.declare(parser)
    parser.set_defaults(do=_do)


def _do(options: argparse.Namespace) -> int:
    if options.shard and options.exhaustive is None and options.seed is None:
        raise InputError("--shard is a part of one search; give all of them the same --seed")
    if options.exhaustive is not None:
        for name in ("examples", "time", "seed", "database"):
            if getattr(options, name) is not None:
                raise InputError(f"--exhaustive judges a fixed list; leave out --{name}")
    _check_output(options.output)
    fuzz_reports.check(options)
    settings = implementation.settings(options)
    with noted_signals() as check, adopting_orphans():
        try:
            with Pool[None](settings, tick=check) as pool:
                introduced = describe(pool, None, dialects.named(options))
                pool.end()
            search = _search if options.exhaustive is None else _exhaustive
            with fuzz_reports.recording(options, settings, introduced) as record:
                status = search(options, settings, introduced, check, record)
        except (StartError, CannotStartError, GoldenError) as error:
            raise InputError(str(error)) from None
        return record.status or status


def _search(
    options: argparse.Namespace,
    settings: Settings,
    introduced: Introduced,
    check: Callable[[], None],
    record: fuzz_reports.Record,
) -> int:
    dialect = introduced.dialect
    methods = introduced.claims & {method.name for method in dialect.methods if method.asks}
    if not methods:
        raise InputError("the implementation claims no method that could be searched; claim argv")
    default = float("inf") if options.examples else _DEFAULT_SECONDS
    part, parts = options.shard or (1, 1)
    limits = fuzz.Limits(
        cases=options.examples or _MOST,
        seconds=options.time or default,
        seed=secrets.randbelow(1 << 32) if options.seed is None else options.seed,
        part=part,
        parts=parts,
        database=_database(options.database),
    )
    search = fuzz.Search(Subject(settings, dialect, methods, check))
    record.begin(recorded.Search(limits.seed, None), search.coverage.requests)
    of = f", part {part} of {parts}" if options.shard else ""
    terminal.write([Styled(f"searching in {dialect.name}, seed {limits.seed}{of}")])
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
    for each in damaged:
        print(f"acrn-conformance: --database: {each.message}", file=sys.stderr)
    if finding:
        terminal.write(_found(options, finding, record))
        if not finding.reproduced:
            terminal.write([Styled("note: asked again, it did not come again: state, or chance")])
    broken = _protocol(options, search.faults)
    covered = list(search_text.coverage(search.coverage, methods))
    terminal.write(covered)
    # Behind a finding they are mostly its own, asked again and again to make it small.
    remarks = () if finding else search.remarks
    terminal.write(Styled(f"note: {visible(remark)}") for remark in remarks)
    record.over(search.faults, covered[1:], remarks=remarks)
    if finding:
        _write_found(options, finding)
        if limits.database:
            _keep(finding, limits.database)
    return 1 if finding or broken else 0


def _exhaustive(
    options: argparse.Namespace,
    settings: Settings,
    introduced: Introduced,
    check: Callable[[], None],
    record: fuzz_reports.Record,
) -> int:
    if "argv" not in introduced.claims:
        raise InputError("the implementation does not claim argv; claim it")
    part, parts = options.shard or (1, 1)
    lists = exhaustive.Lists(introduced.dialect)
    which = lists.shard(options.exhaustive, part, parts)
    asked = Counter[str]()
    record.begin(recorded.Search(None, options.exhaustive), asked)
    with (
        Pool[exhaustive.Key](settings, tick=check) as pool,
        terminal.bar(len(which), "judging") as advance,
    ):
        found = exhaustive.judged(pool, lists, which, advance)
    asked["argv"] = found.asked
    if found.example:
        subject = Subject(settings, introduced.dialect, introduced.claims, check)
        example = exhaustive.traced(found.example, lists, which, Tracing(subject))
        terminal.write(_found(options, example, record))
        _write_found(options, example)
    broken = _protocol(options, pool.faults)
    record.over(pool.faults, failing=found.failing)
    what = f"every list of up to {options.exhaustive} of {len(lists.devices)} devices"
    text = f"{counted(found.asked, 'case')} judged, {found.failing:,} failing"
    if left := len(which) - found.asked:
        text += f", {left:,} of them not asked any more"
    style = "bad" if found.failing else "good"
    terminal.write([Styled(f"{what}, part {part} of {parts}: {text}", style)])
    return 1 if found.failing or broken else 0


def _protocol(options: argparse.Namespace, faults: tuple[ProtocolFault, ...]) -> bool:
    """Tell of replies that broke the contract of the wire, and whether that is a failure."""
    tolerated: bool = options.tolerate_protocol_faults
    terminal.write(run_text.protocol(faults, tolerated=tolerated))
    return bool(faults) and not tolerated


def _check_output(path: Path | None) -> None:
    """Refuse a place where nothing can be written before the search, not after it."""
    folder = path.parent if path else Path()
    if (path and path.is_dir()) or not os.access(folder, os.W_OK | os.X_OK):
        raise InputError(
            f"--output {visible(str(path or folder.resolve()))}: not writable; name another file"
        )


def _path(options: argparse.Namespace, finding: Finding) -> Path:
    return options.output or Path(f"{finding.verdict.case.id}.json")


def _found(
    options: argparse.Namespace, finding: Finding, record: fuzz_reports.Record
) -> Iterator[Styled]:
    """Yield what there is to know of a finding; its cases leak in one process, not in several."""
    one = ("--jobs", "1") if finding.behind else ()
    again = implementation.again(options, *one, "--cases", str(_path(options, finding)))
    record.found(finding, again)
    yield from run_text.failure(finding.verdict, None, again)
    yield Styled("")


def _write_found(options: argparse.Namespace, finding: Finding) -> None:
    """Write the cases down, once all has been said of them. Raises InputError."""
    path = _path(options, finding)
    try:
        with whole_file(path) as file:
            file.write(msgspec.json.format(msgspec.json.encode(finding.cases), indent=1) + b"\n")
    except OSError as error:
        raise InputError(
            f"--output {visible(str(path))}: {error.strerror}; name a file to write"
        ) from None


def _keep(finding: Finding, folder: Path) -> None:
    """Keep a finding for the next search. Raises InputError."""
    try:
        fuzz.keep(finding, folder)
    except OSError as error:
        raise InputError(
            f"--database {visible(str(folder))}: {error.strerror}; make room, or name another"
        ) from None


def _database(folder: Path | None) -> Path | None:
    if folder is not None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"--database {folder}: {error.strerror}; name a folder") from None
        if not os.access(folder, os.W_OK | os.X_OK):
            raise InputError(f"--database {folder}: not writable; name a folder that is")
    return folder


def _examples(text: str) -> int:
    return implementation.number(text, 1, _MOST)


def _seed(text: str) -> int:
    return implementation.number(text, 0, _MOST)


def _longest(text: str) -> int:
    return implementation.number(text, 0, _LONGEST)
