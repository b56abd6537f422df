"""Release x verdict: what each release makes of an argv, in the words of the recordings."""

import signal
from typing import NamedTuple

from acrn_dm import Command, Fault


class Outcome(NamedTuple):
    """A verdict; ``stage`` is ``ok`` or where acrn-dm stops, ``exit`` negative for a signal.

    An argv for which only a guest image is missing (stage ``load``) is accepted.
    """

    accepted: bool
    stage: str
    exit: int
    message: str

    @property
    def ending(self) -> str:
        """How acrn-dm ends, in words: an exit status, or the signal that it dies of."""
        if self.exit >= 0:
            return f"exit {self.exit}"
        return f"crash, {signal.Signals(-self.exit).name}"


def outcome(verdict: Command | Fault) -> Outcome:
    """Return the verdict of a release on an argv in these words."""
    if isinstance(verdict, Command):
        return Outcome(accepted=True, stage="ok", exit=0, message="")
    return Outcome(verdict.accepted, str(verdict.stage), verdict.exit, verdict.message)
