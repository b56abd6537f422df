"""An acrn-dm that is starting: what its devices take from one another, in the order they start."""

from dataclasses import dataclass
from typing import Protocol

from acrn_dm.host import Host
from acrn_dm.problem import Problem


@dataclass(slots=True)
class Machine:
    """The release, the host, and what is taken already: standard input and output, the LPC."""

    release: str
    host: Host
    stdio_taken: bool = False
    lpc_taken: bool = False

    def take_stdio(self) -> bool:
        """Take standard input and output; False where another device has them."""
        free = not self.stdio_taken
        self.stdio_taken = True
        return free


class Startable(Protocol):
    """A device with its arguments read."""

    def start(self, machine: Machine) -> Problem | None:
        """Return what keeps the device from starting, or None."""
