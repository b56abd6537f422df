"""The stand-in's words: acrn-dm's own words on stdout, the stand-in's remarks on stderr."""

import os
import select

PREFIX = "acrn-dm (stand-in): "

_HEARD_WITHIN = 1.0
"""Seconds; past that nobody reads, and what is left to say is dropped: a VM has to end."""


def say(text: str, *, on_stderr: bool = False) -> None:
    """Write acrn-dm's words, with a newline behind them."""
    _write(2 if on_stderr else 1, f"{text}\n")


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
