"""Waiting for what must come true."""

import time
from collections.abc import Callable


def until(true: Callable[[], object], seconds: float = 15) -> None:
    """Wait until a condition holds; fail after a time that is ample."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.05)
