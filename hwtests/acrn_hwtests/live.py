"""The live console: what comes on every stream of every guest, a line at a time, safe to show."""

import sys
import threading
from collections.abc import Callable
from contextlib import suppress

from acrn_base.text import visible

_LONGEST = 400


def silent(_name: str, _data: bytes) -> None:
    """Show nothing."""


def shown(guest: str) -> Callable[[str, bytes], None]:
    """Return what shows the streams of a guest on stderr."""
    waiting: dict[str, bytes] = {}
    lock = threading.Lock()

    def show(stream: str, data: bytes) -> None:
        with lock:
            *lines, rest = (waiting.get(stream, b"") + data).split(b"\n")
            if len(rest) > _LONGEST:
                lines, rest = [*lines, rest], b""
            waiting[stream] = rest
            texts = [line.rstrip(b"\r").decode("utf-8", "backslashreplace") for line in lines]
            with suppress(OSError):  # who looked on is gone
                sys.stderr.writelines(f"{guest} {stream}| {visible(text)}\n" for text in texts)
                sys.stderr.flush()

    return show
