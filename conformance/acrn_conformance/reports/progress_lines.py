"""How far long work has come where nobody watches: a line now and then, none in a short run."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Final

_FIRST: Final = 10.0
_RAREST: Final = 300.0
"""Seconds before the first line, and at most between two."""


@contextmanager
def telling(
    label: str, total: int | None, first: float = _FIRST
) -> Iterator[Callable[[int], None]]:
    """Print a line to stderr after ``first`` seconds, and then ever more rarely.

    A thread does so: while an implementation hangs, nobody else is there to.
    """
    done, started, over = 0, time.monotonic(), Event()

    def tell(number: int) -> None:
        nonlocal done
        done = number

    def speak() -> None:
        wait = first
        while not over.wait(wait):
            said = progress(label, done, total, time.monotonic() - started)
            print(f"acrn-conformance: {said}", file=sys.stderr, flush=True)
            wait = min(2 * wait, _RAREST)

    thread = Thread(target=speak, daemon=True)
    thread.start()
    try:
        yield tell
    finally:
        over.set()
        thread.join()


def progress(label: str, done: int, total: int | None, seconds: float) -> str:
    """Return how far it has come, at which rate, and how long the rest takes at that rate."""
    of = "" if total is None else f" of {total:,}"
    text = f"{label}: {done:,}{of} after {seconds:.0f} s, {done / seconds:.3g} a second"
    if total is None or not done:
        return text
    return f"{text}, some {(total - done) * seconds / done:.0f} s left"
