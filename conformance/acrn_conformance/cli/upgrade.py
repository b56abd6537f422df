"""``lint --upgrade``: argvs rewritten for another release, with the reason of each change."""

import argparse
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from acrn_base.text import visible
from acrn_cmdline.lint import RELEASES, Host, stands_for
from acrn_cmdline.source import Argv, SourceError
from acrn_cmdline.upgrade import Upgrade, in_script, likely_source, upgrade
from acrn_conformance.cli import sources
from acrn_conformance.cli.fault import InputError
from acrn_conformance.reports import Styled, source_text, terminal, upgrade_text

_CPUS: Final = re.compile(r"[0-9]+(?:[,-][0-9]+)*\Z")
_SCRIPT: Final = 4 << 20


class _Wanted(NamedTuple):
    """What is to be upgraded to what; ``source`` None: the argv itself tells."""

    source: str | None
    target: str
    cpus: str | None
    host: Host


def run(
    options: argparse.Namespace, argvs: Iterable[Argv], unread: Sequence[str], host: Host
) -> int:
    """Upgrade argvs, and print what was done; return the exit status. Raises InputError.

    ``unread`` gets an item for each file that could not be read to its end.
    """
    wanted = _wanted(options, host)
    succeeded: list[bool] = []
    for argv in argvs:
        if succeeded:
            print()
        done = _upgraded(argv, wanted)
        succeeded.append(done.succeeded)
        terminal.write(_report(done, asked=wanted.source is not None))
    sources.refuse(unread)
    return 0 if all(succeeded) else 1


def _wanted(options: argparse.Namespace, host: Host) -> _Wanted:
    target = stands_for(options.upgrade)
    source = stands_for(options.source) if options.source else None
    if source and RELEASES.index(source) > RELEASES.index(target):
        raise InputError(f"--from {options.source} is newer than --upgrade {options.upgrade}")
    if options.cpus is not None and not _CPUS.match(options.cpus):
        raise InputError(f"--cpus {visible(options.cpus)}: no list of ids; give one such as 0,1")
    for name in ("json", "sarif", "release", "all_releases", "fail_on"):
        if getattr(options, name):
            raise InputError(f"--{name.replace('_', '-')} judges, --upgrade rewrites; give one")
    return _Wanted(source, target, options.cpus, host)


def _upgraded(argv: Argv, wanted: _Wanted) -> Upgrade:
    try:
        source = wanted.source or likely_source(argv, wanted.target, wanted.host)
        return upgrade(argv, source, wanted.target, wanted.host, wanted.cpus)
    except SourceError as error:
        raise InputError(visible(str(error))) from None


def _report(done: Upgrade, *, asked: bool) -> Iterator[Styled]:
    chosen = "as asked" if asked else upgrade_text.choice(done)
    where = visible(str(done.given.where))
    yield Styled(f"{where}: from {done.source} ({chosen}) to {done.target}")
    yield from source_text.lines(done.given)
    yield Styled("")
    yield from upgrade_text.lines(done)
    script = _script(done)
    if script is not None:
        yield Styled("")
        rewritten = in_script(done, script)
        yield from upgrade_text.script_lines(done.given.where.file, script, rewritten)


def _script(done: Upgrade) -> str | None:
    """Return the script that an argv was read from, None where there is none to see."""
    if not any(place and place.column for place in done.given.places):
        return None
    path = Path(done.given.where.file)
    try:
        if not path.is_file() or path.stat().st_size > _SCRIPT:
            return None
        return os.fsdecode(path.read_bytes())
    except OSError:
        return None
