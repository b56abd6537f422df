"""Garbage: what goes in circles is collected, and looking for circles takes time."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_MANY = 20_000
"""New containers after which the collector looks; Python's 700 are made of some twenty requests."""


@contextmanager
def rarely_collected() -> Iterator[None]:
    """Let the collector look rarely meanwhile.

    For work that makes many small values, hardly any of them in a circle: what is let go of is
    freed at once all the same. A fifth of a search's time was spent on looking.
    """
    before = gc.get_threshold()
    gc.set_threshold(_MANY, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
