"""What a search has found: told, written down as cases, kept for the next search."""

import argparse
import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from acrn_base.files import whole_file
from acrn_base.text import visible
from acrn_conformance.cli import fuzz_reports, implementation
from acrn_conformance.cli.fault import InputError
from acrn_conformance.reports import Styled, run_text
from acrn_conformance.search import Finding, fuzz


def told(
    options: argparse.Namespace, finding: Finding, record: fuzz_reports.Record
) -> Iterator[Styled]:
    """Note a finding in the record, and yield what there is to know of it."""
    # Its cases leak in one process, not in several.
    one = ("--jobs", "1") if finding.behind else ()
    again = implementation.again(options, *one, "--cases", str(_path(options, finding)))
    record.found(finding, again)
    verdict = finding.diagnosed
    yield from run_text.failure(verdict, record.rule(verdict.rule), again)
    yield Styled("")


def written(options: argparse.Namespace, finding: Finding) -> None:
    """Write its cases down, once all has been said of them. Raises InputError."""
    path = _path(options, finding)
    try:
        with whole_file(path) as file:
            file.write(msgspec.json.format(msgspec.json.encode(finding.cases), indent=1) + b"\n")
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


def _path(options: argparse.Namespace, finding: Finding) -> Path:
    return options.output or Path(f"{finding.verdict.case.id}.json")
