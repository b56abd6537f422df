"""The stand-in's words: acrn-dm's own words on stdout, the stand-in's remarks on stderr."""

import io
import os
import select
from pathlib import Path
from typing import Final

PREFIX = "acrn-dm (stand-in): "

_STDOUT: Final = io.BufferedWriter(io.FileIO(1, "w", closefd=False), 4096)
"""As C's standard output is where that is no terminal; Python's own may have no buffer."""

_HEARD_WITHIN = 1.0
"""Seconds; past that nobody reads, and what is left to say is dropped: a VM has to end."""


def say(text: str, *, on_stderr: bool = False) -> None:
    """Write acrn-dm's words, with a newline behind them; on stdout at once if that is a terminal.

    Else they wait, as C's standard output does, for `flush`; a signal that kills loses them.
    """
    if on_stderr or os.isatty(1):
        _write(2 if on_stderr else 1, f"{text}\n")
    else:
        _STDOUT.write(os.fsencode(f"{text}\n"))


def flush() -> None:
    """Write what waits, if somebody reads it: a VM has to end."""
    blocking = os.get_blocking(1)
    try:
        os.set_blocking(1, False)
        _STDOUT.flush()
    except OSError:
        # What is left goes nowhere, also when the interpreter ends.
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), 1)
    finally:
        os.set_blocking(1, blocking)


def remark(text: str) -> None:
    """Write the stand-in's own words on stderr, each line marked as such."""
    _write(2, "".join(f"{PREFIX}{line}\n" for line in text.splitlines()))


def _write(handle: int, text: str) -> None:
    """Write past Python's buffers: QEMU has the same stdout, and makes it non-blocking."""
    data = os.fsencode(text)
    while data and select.select([], [handle], [], _HEARD_WITHIN)[1]:
        try:
            data = data[os.write(handle, data[: select.PIPE_BUF]) :]
        except BlockingIOError:
            # QEMU was quicker.
            continue
        except OSError:
            # Nobody listens any more; that is no reason to end a guest.
            return
