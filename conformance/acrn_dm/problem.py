"""What is wrong with one token, before it is known at which stage acrn-dm meets it."""

from dataclasses import dataclass
from typing import Final

USAGE_EXIT: Final = 64
"""EX_USAGE of sysexits: how acrn-dm ends on most bad option values."""

ABORT: Final = -6
SEGFAULT: Final = -11


@dataclass(frozen=True, slots=True)
class Problem:
    """A reason to refuse, in acrn-dm's own words where they are known.

    ``exit`` None is the usual status of the stage, ``token`` None the token that was being read.
    """

    message: str
    exit: int | None = None
    crash: bool = False
    usage: bool = False
    token: int | None = None


def crash(status: int, message: str = "") -> Problem:
    """Return the problem of an acrn-dm that dies of a signal: ``ABORT`` or ``SEGFAULT``."""
    return Problem(message, exit=status, crash=True)
