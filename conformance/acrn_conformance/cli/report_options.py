"""The options that write reports of results, shared by the commands that have results.

What writes them is loaded when there is something to write.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from acrn_base import places
from acrn_conformance.cli import output
from acrn_conformance.cli.fault import InputError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from acrn_conformance.cli.parser import Parser
    from acrn_conformance.reports import Styled, recorded

    _Runs = Callable[[], Sequence[recorded.Results]]

_HELP = {
    "html": "write a page for a browser, one file that needs no other",
    "junit": "write JUnit XML, which a CI reads",
    "markdown": "write Markdown, short enough for a job's summary",
    "badge": "write a badge, an SVG of one line",
}


def declare(parser: Parser) -> None:
    """Declare the options."""
    for name, text in _HELP.items():
        parser.add_argument(f"--{name}", type=Path, metavar="FILE", help=text)

    annotations = "print none of the annotations that stand behind the report where "
    annotations += "GITHUB_ACTIONS is true"
    parser.add_argument("--no-annotations", action="store_true", help=annotations)


def show(options: argparse.Namespace, lines: Iterable[Styled], runs: _Runs) -> None:
    """Print a report, with annotations behind it in a job of GitHub Actions."""
    from acrn_conformance.reports import terminal

    with annotating(options, runs):
        terminal.write(lines)


@contextmanager
def annotating(options: argparse.Namespace, runs: _Runs) -> Iterator[None]:
    """In a job of GitHub Actions, annotate behind all that is printed in the context.

    ``runs`` is asked for the results when that is over, however it ends.
    """
    if not _annotated(options):
        yield
        return
    from acrn_conformance.reports import github

    try:
        with github.unheard():
            yield
    finally:
        for run in runs():
            for line in github.of_run(run):
                print(line)


def wanted(options: argparse.Namespace) -> bool:
    """Tell whether any report is asked for, by an option or by a job of GitHub Actions."""
    return bool(_summary()) or any(getattr(options, name) for name in _HELP)


def check(options: argparse.Namespace) -> None:
    """Raise PlaceError, or InputError, where no report could be written, before any judging."""
    for name in _HELP:
        places.check(getattr(options, name), f"--{name}")
    if options.html:
        from acrn_conformance.reports import html

        try:
            html.check_installed()
        except html.TemplatesMissingError as error:
            raise InputError(str(error)) from None


def write(
    options: argparse.Namespace,
    results: Sequence[recorded.Results],
    against: recorded.Results | None = None,
    files: Sequence[Path] = (),
    missing: Sequence[str] = (),
) -> int:
    """Write the reports that are asked for; return 0, or 2 where one could not be written.

    ``files``: those that the results come from. ``missing``: sentences on results not there.
    """
    from acrn_conformance.reports import badge, html, junit, markdown

    made: dict[str, Callable[[], str]] = {
        "html": lambda: html.page(results, against, list(map(str, files)), missing),
        "junit": lambda: junit.document(results, missing),
        "markdown": lambda: markdown.page(results, against, missing),
        "badge": lambda: badge.svg(results, incomplete=bool(missing)),
    }
    status = 0
    for name, text in made.items():
        path: Path | None = getattr(options, name)
        if path:
            status = _write(path, f"--{name}", text()) or status
    return status


def finish(
    options: argparse.Namespace, path: Path | None, option: str, found: recorded.Results
) -> int:
    """Write the results file that an option names, all reports and the summary of a job.

    Returns 0, or 2 where one of them could not be written.
    """
    from acrn_conformance.reports import results_file

    status = 0
    if output.is_stdout(path):
        sys.stdout.buffer.write(results_file.document(found))
    elif path:
        try:
            results_file.write(path, found)
        except OSError as error:
            status = output.failed(path, option, error)
    status = write(options, [found]) or status
    return _summarise([found]) or status


def _summarise(results: Sequence[recorded.Results]) -> int:
    """Add Markdown to the summary of a job of GitHub Actions, where there is one; return 0 or 2."""
    named = _summary()
    if not named:
        return 0
    from acrn_conformance.reports import markdown

    try:
        with Path(named).open("ab") as file:
            file.write(markdown.page(results).encode())
    except OSError as error:
        return output.failed(Path(named), "GITHUB_STEP_SUMMARY", error)
    return 0


def _annotated(options: argparse.Namespace) -> bool:
    return os.environ.get("GITHUB_ACTIONS") == "true" and not options.no_annotations


def _summary() -> str:
    return os.environ.get("GITHUB_STEP_SUMMARY", "")


def _write(path: Path, option: str, text: str) -> int:
    from acrn_base.files import whole_file

    try:
        with whole_file(path) as file:
            file.write(text.encode())
    except OSError as error:
        return output.failed(path, option, error)
    return 0
