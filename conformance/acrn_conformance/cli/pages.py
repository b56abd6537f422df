"""The option --html of the commands that judge command lines: a page beside what they print.

What makes the page is loaded when one is wanted.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from acrn_conformance.cli import output
from acrn_conformance.cli.fault import InputError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator

    from acrn_conformance.reports import html


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the option."""
    page = "write a page for a browser there too: each line with its findings, slot map and "
    page += "releases; no file where the input is unusable"
    parser.add_argument("--html", type=output.named, metavar="FILE", help=page)


@contextmanager
def gathering(
    options: argparse.Namespace,
) -> Iterator[Callable[[Callable[[], html.CallView]], None]]:
    """Hand out what takes a call for the page, made only where one is wanted. Raises InputError."""
    if not options.html:
        yield lambda _: None
        return
    from acrn_conformance.reports import html

    try:
        html.check_installed()
    except html.TemplatesMissingError as error:
        raise InputError(f"--html: {error}") from None
    calls: list[html.CallView] = []
    with output.opened(options.html, "--html") as write:
        yield lambda call: calls.append(call())
        if write:
            write(html.calls_page(calls).encode())
