"""The options that write reports of results, shared by the commands that have results."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from acrn_base.files import whole_file
from acrn_conformance.cli import output
from acrn_conformance.cli.fault import InputError
from acrn_conformance.cli.parser import Parser
from acrn_conformance.reports import recorded


def declare(parser: Parser) -> None:
    """Declare the options."""
    page = "write a page for a browser, one file that needs no other"
    parser.add_argument("--html", type=Path, metavar="FILE", help=page)


def check(options: argparse.Namespace) -> None:
    """Raise InputError where a report could not be written, before anything is judged."""
    output.checked(options.html, "--html")
    if options.html:
        from acrn_conformance.reports import html  # noqa: PLC0415 - only a page pays for templates

        try:
            html.check_installed()
        except html.TemplatesMissingError as error:
            raise InputError(str(error)) from None


def write(
    options: argparse.Namespace,
    results: Sequence[recorded.Results],
    against: recorded.Results | None = None,
) -> int:
    """Write the reports that are asked for; return 0, or 2 where one could not be written."""
    if not options.html:
        return 0
    from acrn_conformance.reports import html  # noqa: PLC0415 - only a page pays for templates

    page = html.page(results, against).encode()
    try:
        with whole_file(options.html) as file:
            file.write(page)
    except OSError as error:
        return output.failed(options.html, "--html", error)
    return 0
