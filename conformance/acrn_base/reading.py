"""Reading what somebody else wrote: how much of it, and for how long, is bounded here.

No path is trusted to be a file of sensible size: it may be a device without an end, a pipe that
nobody writes to, or a page of /proc that waits for news.
"""

import errno
import io
import os
import re
import select
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

WHOLE: Final = 64 << 20
"""Bytes of any input: twenty times the longest recording, and what a machine holds easily."""

SILENCE: Final = 5.0
"""Seconds that a pipe or a device may give nothing: a program that prepares a file needs fewer."""

WAITING: Final = 60.0
"""Seconds of waiting for one in all: who gives a byte now and then would keep us for ever."""

_BUFFER: Final = 1 << 16
_NOTHING: Final = "a pipe that gives nothing"
_SLOW: Final = "a pipe that gives too slowly"
_POSITION: Final = re.compile(r" \(byte (\d+)\)")


class ReadingError(ValueError):
    """Input that cannot be read; the text says which, why, and the remedy."""


def whole(path: str | os.PathLike[str], most: int = WHOLE) -> bytes:
    """Return all of a file, ``-`` being standard input: at most ``most`` bytes.

    Raises ReadingError.
    """
    with opened(path) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise ReadingError(f"{shown(path)}: over {size(most)}; give a smaller file")
    return content


@contextmanager
def opened(path: str | os.PathLike[str]) -> Iterator[io.BufferedReader]:
    """Open a file, ``-`` being standard input. Raises ReadingError, also while it is read.

    Standard input is waited for without an end: whoever pipes something in is there to see it.
    """
    place = shown(path)
    if "\0" in os.fspath(path):
        raise ReadingError(f"{place}: a path cannot hold a NUL; name a readable file")
    try:
        with _opened(path) as file:
            yield file
    except _SilentError as error:
        raise ReadingError(f"{place}: {error}; name a file") from None
    except OSError as error:
        raise ReadingError(f"{place}: {error.strerror or error}; name a readable file") from None


def shown(path: str | os.PathLike[str]) -> str:
    """Return what to call an input in a message."""
    return "standard input" if path == "-" else os.fspath(path)


def size(most: int) -> str:
    """Return a number of bytes as people say it."""
    return f"{most >> 20} MiB" if most >= 1 << 20 else f"{most >> 10} KiB"


def placed(error: Exception, content: bytes) -> str:
    """Return the text of a decoder's error, a position in bytes as line and column."""

    def place(found: re.Match[str]) -> str:
        before = content[: int(found[1])]
        column = len(before) - (before.rfind(b"\n") + 1) + 1
        line = before.count(b"\n") + 1
        return f" at line {line}, column {column}"

    return _POSITION.sub(place, str(error))


class _SilentError(OSError):
    """What is no regular file gives nothing."""


class _Patient(io.RawIOBase):
    """A descriptor that is waited for, but not for ever."""

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self._descriptor = descriptor
        self._ready = select.poll()
        self._ready.register(descriptor, select.POLLIN)
        self._left = WAITING

    def readable(self) -> bool:
        """Say that it is for reading."""
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """Wait for something to read, and read it. Raises OSError."""
        while True:
            self._wait()
            try:
                return os.readv(self._descriptor, [buffer])
            except BlockingIOError:
                continue  # another reader was quicker

    def close(self) -> None:
        """Close the descriptor."""
        if not self.closed:
            os.close(self._descriptor)
        super().close()

    def _wait(self) -> None:
        begun = time.monotonic()
        if not self._ready.poll(1000 * min(SILENCE, max(0.0, self._left))):
            raise _SilentError(_NOTHING if self._left > SILENCE else _SLOW)
        self._left -= time.monotonic() - begun


def _opened(path: str | os.PathLike[str]) -> io.BufferedReader:
    if path == "-":
        return io.BufferedReader(io.FileIO(sys.stdin.fileno(), closefd=False), _BUFFER)
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    status = os.fstat(descriptor)
    if stat.S_ISDIR(status.st_mode):
        os.close(descriptor)
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))
    # What the kernel makes up (/proc/kmsg) is a regular file without a size, and may wait for news.
    plain = stat.S_ISREG(status.st_mode) and status.st_size > 0
    raw = io.FileIO(descriptor) if plain else _Patient(descriptor)
    return io.BufferedReader(raw, _BUFFER)
