"""The command ``acrn-hwtests runs``: of several runs, which check failed how often, and where."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from acrn_base.text import printable
from acrn_hwtests import history, outputs


def command(arguments: Sequence[str]) -> int:
    """Print the report; return 0 where every run came to its end without a failure, 1 else.

    Raises BoardFileError where there is no run to tell of, PlaceError where no page can be written.
    """
    options = _parser().parse_args(arguments)
    outputs.check_page(options.html)
    accounts = history.accounts(options.folder)
    for account in accounts:
        print(printable(account.told))
        for line in history.lines(account.checks):
            print(printable(line))
    status = 0 if all(account.good for account in accounts) else 1
    if not options.html:
        return status
    from acrn_hwtests import runs_page  # noqa: PLC0415 - only who asks for a page pays for it

    return outputs.written("--html", options.html, runs_page.document(accounts)) or status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="acrn-hwtests runs", description="Tell of several runs which check failed how often."
    )
    folder = Path("acrn-hwtests-runs")
    parser.add_argument("folder", type=Path, nargs="?", default=folder, help="what holds them")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write a page for a browser")
    return parser
