"""The terminal that a guest's serial port is: made fit for it, and left as it was."""

import os
import termios
from collections.abc import Iterator
from contextlib import contextmanager

_OUTPUT_FLAGS = 1
"""Where tcgetattr has the output flags."""


@contextmanager
def lent_to_guest() -> Iterator[None]:
    r"""Lend standard input and output to QEMU, and have them afterwards as they were before.

    QEMU makes them non-blocking, for all who share them, and where it is killed leaves them so.
    Of a terminal it leaves the translation of newlines on: a guest's ``\r\n`` would come out as
    ``\r\r\n``, unlike with acrn-dm.
    """
    blocking = {handle: os.get_blocking(handle) for handle in (0, 1)}
    attributes = termios.tcgetattr(0) if os.isatty(0) else None
    if attributes:
        raw = list(attributes)
        raw[_OUTPUT_FLAGS] &= ~termios.ONLCR
        termios.tcsetattr(0, termios.TCSANOW, raw)
    try:
        yield
    finally:
        if attributes:
            termios.tcsetattr(0, termios.TCSANOW, attributes)
        for handle, was in blocking.items():
            os.set_blocking(handle, was)
