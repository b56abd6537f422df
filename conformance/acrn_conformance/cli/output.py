"""Files that commands write beside what they print: none of them takes a report away.

What writes them is loaded for one alone.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from contextlib import ExitStack, contextmanager
from typing import IO, TYPE_CHECKING

from acrn_base.places import PlaceError, unwritable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Write = Callable[[bytes], None]
"""Adds to a file; where that cannot be, it is told when the report is out."""


def is_stdout(path: Path | None) -> bool:
    """Tell whether a path names standard output: it is ``-``."""
    return str(path) == "-"


def place(text: str) -> Path:
    """Return the path that an option names, which may be standard output."""
    from pathlib import Path

    return Path(text)


def named(text: str) -> Path:
    """Return the path that an option names, of a file. Raises ArgumentTypeError."""
    if text == "-":
        raise argparse.ArgumentTypeError("name a file; standard output is /dev/stdout")
    return place(text)


def failed(path: Path, option: str, error: OSError) -> int:
    """Tell, behind a report that is out, that a file could not be written; return the status."""
    print(f"acrn-conformance: {unwritable(path, option, error)}", file=sys.stderr)
    return 2


@contextmanager
def opened(path: Path | None, option: str) -> Iterator[Write | None]:
    """Open a file that appears whole or not at all, None without a path; ``-`` is standard output.

    It is opened before anything is judged, so that nothing found is lost to it. A disk that is full
    by then raises at the end of the context alone, when the report is out. Raises PlaceError.
    """
    if path is None:
        yield None
        return
    from acrn_base.files import whole_file

    with ExitStack() as stack:
        try:
            file = stack.enter_context(_spooled() if is_stdout(path) else whole_file(path))
        except OSError as error:
            raise unwritable(path, option, error) from None
        kept, other = _Kept(file), None
        try:
            yield kept.write
        except PlaceError as fault:
            other = fault  # this file is whole all the same
        try:
            with stack.pop_all():
                kept.check()
        except OSError as error:
            raise unwritable(path, option, error) from None
        if other:
            raise other


class _Kept:
    """A file whose first fault is kept, and what comes after it given up."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._fault: OSError | None = None

    def write(self, content: bytes) -> None:
        """Write, unless that has failed before."""
        try:
            if self._fault is None:
                self._file.write(content)
        except OSError as error:
            self._fault = error

    def check(self) -> None:
        """Raise what has been kept."""
        if self._fault:
            raise self._fault


@contextmanager
def _spooled() -> Iterator[IO[bytes]]:
    """Hold back what is for standard output until the context ends well."""
    import shutil
    import tempfile

    with tempfile.TemporaryFile() as file:
        yield file
        file.seek(0)
        shutil.copyfileobj(file, sys.stdout.buffer)
