"""Files that commands write beside what they print."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from acrn_base.text import visible
from acrn_conformance.cli.fault import InputError

STDOUT = Path("-")
"""Names standard output."""


def named(text: str) -> Path:
    """Return the path that an option names. Raises ArgumentTypeError."""
    if text == "-":
        raise argparse.ArgumentTypeError("name a file; standard output is /dev/stdout")
    return Path(text)


def checked(path: Path | None, option: str) -> None:
    """Raise InputError where nothing can be written, before anything is judged."""
    from acrn_base.files import check_place

    try:
        if path:
            check_place(path)
    except OSError as error:
        raise _unwritable(path, option, error) from None


def failed(path: Path, option: str, error: OSError) -> int:
    """Tell, behind a report that is out, that a file could not be written; return the status."""
    print(f"acrn-conformance: {_unwritable(path, option, error)}", file=sys.stderr)
    return 2


def _unwritable(path: Path | None, option: str, error: OSError) -> InputError:
    return InputError(f"{option} {visible(str(path))}: {error.strerror}; name a file to write")


@contextmanager
def opened(path: Path | None, option: str) -> Iterator[IO[bytes] | None]:
    """Open a file that appears whole or not at all, None without a path. Raises InputError.

    It is opened before anything is judged, so that nothing found is lost to it.
    """
    if path is None:
        yield None
        return
    from acrn_base.files import whole_file

    with ExitStack() as stack:
        try:
            file = stack.enter_context(whole_file(path))
        except OSError as error:
            raise _unwritable(path, option, error) from None
        yield file
