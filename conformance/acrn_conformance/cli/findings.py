"""What a search has found: told, written down as cases, kept for the next search."""

import argparse
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from acrn_base.files import whole_file
from acrn_base.text import visible
from acrn_conformance.cases import Case
from acrn_conformance.cli import choice, fuzz_reports, implementation
from acrn_conformance.cli.fault import InputError
from acrn_conformance.judging import Group
from acrn_conformance.reports import Styled, run_text
from acrn_conformance.search import Finding, fuzz


def told(
    options: argparse.Namespace, finding: Finding, record: fuzz_reports.Record
) -> Iterator[Styled]:
    """Note a finding in the record, and yield what there is to know of it."""
    verdict = finding.diagnosed
    # Its cases leak in one process, not in several.
    one = ("--jobs", "1") if finding.behind else ()
    again = implementation.again(options, *one, "--cases", str(_path(options, finding.cases)))
    record.found(finding, again)
    yield from run_text.failure(verdict, record.rules.get(verdict.rule), again)
    yield Styled("")


def told_in_groups(
    options: argparse.Namespace,
    found: Sequence[Finding],
    groups: Sequence[Group],
    record: fuzz_reports.Record,
) -> Iterator[Styled]:
    """Note findings in the record, and yield the groups of them: of each an example in full."""
    path = str(_path(options, examples(groups)))
    again = {
        case.id: implementation.again(options, "--cases", path, *choice.exactly([case.id]))
        for case in examples(groups)
    }
    for finding in found:
        record.found(finding, again.get(finding.verdict.case.id, ""))
    yield from run_text.grouped_failures(
        groups, record.rules, lambda verdict: again[verdict.case.id], (), "--html"
    )
    yield Styled("")


def examples(groups: Sequence[Group]) -> tuple[Case, ...]:
    """Return the plainest case of each group, which are written down."""
    return tuple(group.verdicts[0].case for group in groups)


def written(options: argparse.Namespace, cases: Sequence[Case]) -> None:
    """Write cases down, once all has been said of them. Raises InputError."""
    path = _path(options, cases)
    try:
        with whole_file(path) as file:
            file.write(msgspec.json.format(msgspec.json.encode(cases), indent=1) + b"\n")
    except OSError as error:
        raise InputError(
            f"--output {visible(str(path))}: {error.strerror}; name a file to write"
        ) from None


def kept(finding: Finding, folder: Path) -> None:
    """Keep it for the next search. Raises InputError."""
    try:
        fuzz.keep(finding, folder)
    except OSError as error:
        raise InputError(
            f"--database {visible(str(folder))}: {error.strerror}; make room, or name another"
        ) from None


def database(folder: Path | None) -> Path | None:
    """Return the folder to keep findings in, there and writable. Raises InputError."""
    if folder is not None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"--database {folder}: {error.strerror}; name a folder") from None
        if not os.access(folder, os.W_OK | os.X_OK):
            raise InputError(f"--database {folder}: not writable; name a folder that is")
    return folder


def _path(options: argparse.Namespace, cases: Sequence[Case]) -> Path:
    """Return where cases are written: what fails behind others stands last."""
    return options.output or Path(f"{cases[-1].id}.json")
