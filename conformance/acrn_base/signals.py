"""Signals that ask for an end, noted when they come and acted upon where that leaves nothing."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(BaseException):
    """A signal asks for an end; no ``Exception``, so that nobody takes it for a failure of theirs.

    ``number``: the signal's.
    """

    def __init__(self, number: int) -> None:
        """Keep the number."""
        super().__init__(f"interrupted by {signal.Signals(number).name}")
        self.number = number


@contextmanager
def noted_signals() -> Iterator[Callable[[], None]]:
    """Note INT, TERM and HUP for as long as the context lasts, in the main thread.

    What it yields is to be called often: it raises Interrupted for the first one that has come, and
    so does the end of the context. Nothing that is cleaned up inside is ever cut short by a second.
    """
    came: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        came.append(number)

    def check() -> None:
        if came:
            raise Interrupted(came[0])

    before = {number: signal.signal(number, note) for number in ENDING}
    try:
        yield check
    finally:
        # Once one has come the process is ending: another may cut short neither its last words nor
        # the interpreter's.
        for number, handler in before.items() if not came else ():
            signal.signal(number, handler)
    check()
