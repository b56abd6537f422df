"""Values that last: while they are made, nothing is looked through for garbage."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def lasting() -> Iterator[None]:
    """Keep the garbage collector away from what is made in the context, then and later.

    For imports, and for data read once: it would look through all of it again and again, and find
    nothing. That is a tenth of lint's time, and a third of the time to read the golden files.
    """
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if before:
            gc.enable()
