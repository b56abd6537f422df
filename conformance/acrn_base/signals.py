"""Signals that ask for an end, noted when they come and acted upon where that leaves nothing."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

_WHOLE = ("_frozen_importlib", "msgspec")
"""What is not to be left in the middle: the C code of msgspec crashes the interpreter where the
Python that it calls raises, and nobody knows what else that is imported does likewise."""

_MOMENT = 0.005
"""Seconds until a signal that came in the middle of that is looked at again."""


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


def ended_by(end: Callable[[int], None]) -> None:
    """Have ``end``, which raises, called with the first of the signals that ask for an end.

    Not in the middle of what does not survive an exception, but a moment later; and once more where
    what it raised was lost, as it is in an object's end. A signal that is ignored from the start,
    as Ctrl-C is in the background, stays so.
    """
    raised: list[BaseException] = []
    told = sys.unraisablehook

    def ending(number: int, frame: FrameType | None) -> None:
        for further in ENDING:
            signal.signal(further, signal.SIG_IGN)  # the end itself is not to be cut short
        signal.signal(signal.SIGALRM, lambda _alarm, later: ending(number, later))
        if _is_in_the_middle(frame):
            signal.setitimer(signal.ITIMER_REAL, _MOMENT)
            return
        try:
            end(number)
        except BaseException as error:
            raised.append(error)
            raise

    def lost(what: "sys.UnraisableHookArgs") -> None:
        if what.exc_value in raised:
            signal.setitimer(signal.ITIMER_REAL, _MOMENT)
        else:
            told(what)

    sys.unraisablehook = lost
    for number in ENDING:
        if number != signal.SIGINT or signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, ending)


def _is_in_the_middle(frame: FrameType | None) -> bool:
    while frame:
        if frame.f_globals.get("__name__", "").partition(".")[0].startswith(_WHOLE):
            return True
        frame = frame.f_back
    return False
