"""The gate before a terminal: whatever a command says, nothing in it acts on who reads it.

Names of files, fields of documents and words of an implementation come from others, and find their
way into every message, those of argparse and of warnings included. So the streams themselves see to
it, and not each who writes. What is for machines goes to a stream's ``buffer``, as it is.
"""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from acrn_base.text import harmless


class Gate(io.TextIOBase):
    """A text stream on which every line comes out printable; all else is the stream's behind it."""

    def __init__(self, stream: TextIO) -> None:
        """Stand before a stream."""
        super().__init__()
        self.stream = stream

    def write(self, text: str, /) -> int:
        """Write a text with everything that a terminal would act upon as escapes."""
        self.stream.write(harmless(text))
        return len(text)

    def writable(self) -> bool:
        """Say that it is for writing."""
        return True

    def flush(self) -> None:
        """Flush what stands behind."""
        self.stream.flush()

    def isatty(self) -> bool:
        """Tell whether a person is likely to see it."""
        return self.stream.isatty()

    def fileno(self) -> int:
        """Return the descriptor behind it."""
        return self.stream.fileno()

    @property
    def encoding(self) -> str:  # type: ignore[override]  # typeshed has a plain attribute
        """The encoding of the stream behind it."""
        return self.stream.encoding

    @property
    def buffer(self) -> io.BufferedIOBase:
        """The bytes behind it, for what is no text for people."""
        return self.stream.buffer  # type: ignore[return-value]  # typeshed has BinaryIO


@contextmanager
def guarded() -> Iterator[None]:
    """Put gates before standard output and standard error for as long as the context lasts."""
    before = sys.stdout, sys.stderr
    for name in ("stdout", "stderr"):
        stream: object = getattr(sys, name)
        if stream is not None and not isinstance(stream, Gate):
            setattr(sys, name, Gate(getattr(sys, name)))
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def behind(stream: TextIO | Gate) -> TextIO:
    """Return the stream behind a gate: for who makes all text harmless, and writes colours."""
    return stream.stream if isinstance(stream, Gate) else stream
