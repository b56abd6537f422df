"""The readers of what somebody else wrote, each by its public face, and how each may refuse."""

from collections.abc import Callable, Mapping
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from acrn_cmdline import source
from acrn_cmdline.capture import RecordError, read
from acrn_cmdline.lint import NAMED, RELEASES, RULES, judge_holes
from acrn_conformance import oracle
from acrn_conformance.cases import DIALECTS, GoldenError, golden, known
from acrn_conformance.implementation import NotAReplyError, wire
from acrn_conformance.reports import results_file
from acrn_hwtests import boardfile, history, kernel_options

_JUDGED: Final = 3
"""Argvs of an input that are judged too: the others are read alone."""


class Reader(NamedTuple):
    """Reads a file, and refuses what it cannot use by ``fault`` alone, in one line.

    ``file`` is the name by which it knows the form.
    """

    read: Callable[[Path], object]
    fault: type[Exception]
    file: str = "input"

    def try_on(self, content: bytes, folder: Path) -> None:
        """Read bytes, as a file in a folder. Raises what the reader must not."""
        path = folder / self.file
        path.write_bytes(content)
        try:
            self.read(path)
        except self.fault as fault:
            if "\n" in str(fault):
                raise AssertionError(f"a refusal of several lines: {fault}") from None


def _argvs(path: Path) -> None:
    argvs = source.from_file(str(path), {"known": "given"})
    for argv in islice(argvs, _JUDGED):
        judge_holes(argv, NAMED, RELEASES[::5], RULES)
    for _ in argvs:
        pass


def _described(path: Path) -> None:
    for dialect in DIALECTS.values():
        oracle.described(dialect, str(path))


class _NoFaultError(Exception):
    """What a reader raises that refuses nothing."""


def _record(path: Path) -> None:
    with path.open("rb") as file:
        for _ in read(file):
            pass


READERS: Final[Mapping[str, Reader]] = {
    "wire": Reader(lambda path: wire.reply(path.read_bytes()), NotAReplyError),
    "golden": Reader(lambda path: golden.read(path, golden.Manifest), GoldenError),
    "cases": Reader(golden.load_cases, GoldenError),
    "known-failures": Reader(known.read, known.KnownFailuresError),
    "vm-toml": Reader(_described, oracle.DescriptionError),
    "vm-json": Reader(_described, oracle.DescriptionError, "input.json"),
    "board": Reader(boardfile.read, boardfile.BoardFileError),
    "scripts": Reader(_argvs, source.SourceError),
    "pages": Reader(_argvs, source.SourceError, "input.md"),
    "lines": Reader(_argvs, source.SourceError, "input.jsonl"),
    "record": Reader(_record, RecordError),
    "results": Reader(results_file.read, results_file.ResultsError),
    "runs": Reader(history.read, boardfile.BoardFileError),
    "kernels": Reader(lambda path: kernel_options.embedded(path.read_bytes()), _NoFaultError),
}
"""Every reader by its name; its corpus has that name."""
