"""``acrn-conformance fuzz [-- CMD ARGS...]``: find what the goldens do not."""

import argparse
import os
from pathlib import Path

from acrn_base.orphans import adopting_orphans
from acrn_base.signals import noted_signals
from acrn_base.starting import StartError
from acrn_base.text import visible
from acrn_conformance.cases import GoldenError
from acrn_conformance.cli import dialects, fuzz_reports, implementation, searching, shards
from acrn_conformance.cli.fault import InputError
from acrn_conformance.cli.parser import Parser
from acrn_conformance.implementation import Pool
from acrn_conformance.judging import CannotStartError, describe

_LONGEST = 6
"""Devices in a list; of seven there are over 20,000 million."""


def configure(parser: Parser) -> None:
    """Declare the options."""
    parser.usage = "acrn-conformance fuzz [OPTIONS] [-- CMD ARGS...]"
    parser.epilog = "A search at random stops at its first finding. "
    parser.epilog += "Exit status: 0 nothing found, 1 something found, 2 unusable input."
    implementation.add_options(parser)
    add = parser.add_argument
    add(
        "--examples",
        type=_examples,
        metavar="N",
        help="stop after judging about so many requests, or at the first finding",
    )
    time = f"stop after so long (default: {searching.SECONDS:.0f}, with --examples no limit)"
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
    _check(options)
    settings = implementation.settings(options)
    with noted_signals() as check, adopting_orphans():
        try:
            with Pool[None](settings, tick=check) as pool:
                introduced = describe(pool, None, dialects.named(options))
                pool.end()
            search = searching.drawn if options.exhaustive is None else searching.enumerated
            with fuzz_reports.recording(options, settings, introduced, pool.faults) as record:
                status = search(searching.Task(options, settings, introduced, check, record))
        except (StartError, CannotStartError, GoldenError) as error:
            raise InputError(str(error)) from None
        return record.status or status


def _check(options: argparse.Namespace) -> None:
    """Refuse what cannot be searched, or kept, before anything is asked. Raises InputError."""
    if options.shard and options.exhaustive is None and options.seed is None:
        raise InputError("--shard is a part of one search; give all of them the same --seed")
    if options.exhaustive is not None:
        for name in ("examples", "time", "seed", "database"):
            if getattr(options, name) is not None:
                raise InputError(f"--exhaustive judges a fixed list; leave out --{name}")
    _check_output(options.output)
    fuzz_reports.check(options)


def _check_output(path: Path | None) -> None:
    """Refuse a place where nothing can be written before the search, not after it."""
    folder = path.parent if path else Path()
    if (path and path.is_dir()) or not os.access(folder, os.W_OK | os.X_OK):
        raise InputError(
            f"--output {visible(str(path or folder.resolve()))}: not writable; name another file"
        )


def _examples(text: str) -> int:
    return implementation.number(text, 1, searching.MOST)


def _seed(text: str) -> int:
    return implementation.number(text, 0, searching.MOST)


def _longest(text: str) -> int:
    return implementation.number(text, 0, _LONGEST)
