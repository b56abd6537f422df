"""Files that commands write beside what they print."""

import argparse
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from acrn_base.files import whole_file
from acrn_base.text import visible
from acrn_conformance.cli.fault import InputError


def named(text: str) -> Path:
    """Return the path that an option names. Raises ArgumentTypeError."""
    if text == "-":
        raise argparse.ArgumentTypeError("name a file; standard output is /dev/stdout")
    return Path(text)


@contextmanager
def opened(path: Path | None, option: str) -> Iterator[IO[bytes] | None]:
    """Open a file that appears whole or not at all, None without a path. Raises InputError.

    It is opened before anything is judged, so that nothing found is lost to it.
    """
    with ExitStack() as stack:
        try:
            file = stack.enter_context(whole_file(path)) if path else None
        except OSError as error:
            shown = visible(str(path))
            text = f"{option} {shown}: {error.strerror}; name a file to write"
            raise InputError(text) from None
        yield file
