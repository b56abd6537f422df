"""The options of ``acrn-hwtests``: to tell of them needs nothing else."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from acrn_hwtests import catalog

_RUNS = Path("acrn-hwtests-runs")


def parser() -> argparse.ArgumentParser:
    """Return the parser."""
    top = argparse.ArgumentParser(
        prog="acrn-hwtests",
        # argparse knows no option that another one makes needless.
        usage="acrn-hwtests --board FILE [OPTIONS]\n       acrn-hwtests --list",
        description="Boot guests on a board, and check them on their serial consoles.",
        epilog="acrn-hwtests init writes a board file, acrn-hwtests examples DIR the examples, "
        "acrn-hwtests runs tells of several runs. "
        "A real acrn-dm, and no board: acrn-hwtests --dry --help. "
        "Exit status: 0 all checks pass, 1 some do not, 2 the board cannot be used; "
        "129, 130, 143: ended by a signal.",
    )
    add = top.add_argument
    add("--board", type=_path, required=True, metavar="FILE", help="the board, a TOML file")
    add("--list", action=_List, help="list the checks, a line each, and end")
    add("--select", action="append", default=[], metavar="GLOB", help="only these checks")
    add("--console", action="store_true", help="show all consoles live, on stderr")
    add("--preflight", action="store_true", help="tell what the board lacks, and start nothing")
    add("--soak", type=_count, default=0, metavar="N", help="boot N guests in a row instead")
    add("--json", type=_path, metavar="FILE", help="write every verdict as JSON")
    add("--junit", type=_path, metavar="FILE", help="write every verdict as JUnit XML")
    add("--html", type=_path, metavar="FILE", help="write a page for a browser, with transcripts")
    runs = f"where transcripts go, in a folder a run (default: {_RUNS})"
    add("--transcripts", type=_path, default=_RUNS, metavar="DIR", help=runs)
    return top


class _List(argparse.Action):
    """Print the checks, as ``--help`` prints the help: no other option is needed."""

    def __init__(self, option_strings: Sequence[str], dest: str, *, help: str) -> None:  # noqa: A002 - argparse's word
        super().__init__(option_strings, dest, nargs=0, help=help)

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        _namespace: argparse.Namespace,
        _values: object,
        _option: str | None = None,
    ) -> None:
        print(catalog.table(), flush=True)
        parser.exit()


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text)):
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 up")
    return int(text)


def _path(text: str) -> Path:
    if not text:
        raise argparse.ArgumentTypeError("it is empty; name a file or a folder")
    return Path(text)
