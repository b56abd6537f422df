"""The files that a run writes beside what it prints: each whole, or not at all."""

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from acrn_base import places
from acrn_base.files import whole_file
from acrn_hwtests import junit, report
from acrn_hwtests.report import RESULTS, Results


def _page(run: Results) -> bytes:
    from acrn_hwtests import page  # noqa: PLC0415 - only who asks for a page pays for it

    return page.document(run)


_FORMS: Final[Mapping[str, Callable[[Results], bytes]]] = {
    "json": report.encoded,
    "junit": junit.document,
    "html": _page,
}
"""What makes a file, by the option that names it."""


class _Output(NamedTuple):
    option: str
    path: Path
    form: Callable[[Results], bytes]


def check(options: argparse.Namespace) -> None:
    """Raise PlaceError where a file could not be written, before anything is started."""
    for output in _asked(options):
        places.check(output.path, output.option)
    check_page(options.html)


def check_page(path: Path | None) -> None:
    """Raise PlaceError where the page could not be made, or not written."""
    if path is None:
        return
    from acrn_hwtests import page  # noqa: PLC0415 - as above

    places.check(path, "--html")
    if told := page.missing():
        raise places.PlaceError(told)


def write(options: argparse.Namespace, results: Results) -> int:
    """Write the files that are asked for, and the one in the run's folder.

    Return 0, or 2 where one could not be written, which is told in a line.
    """
    outputs = list(_asked(options))
    if results.transcripts:
        own = Path(results.transcripts) / RESULTS
        outputs.append(_Output("--transcripts", own, report.encoded))
    return max([written(each.option, each.path, each.form(results)) for each in outputs], default=0)


def written(option: str, path: Path, content: bytes) -> int:
    """Write a file behind a report that is out; return 0, or tell why it cannot be and return 2."""
    try:
        with whole_file(path) as file:
            file.write(content)
    except OSError as error:
        print(f"acrn-hwtests: {places.unwritable(path, option, error)}", file=sys.stderr)
        return 2
    return 0


def _asked(options: argparse.Namespace) -> Iterator[_Output]:
    for name, form in _FORMS.items():
        if path := getattr(options, name):
            yield _Output(f"--{name}", path, form)
