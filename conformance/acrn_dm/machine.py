"""An acrn-dm that is starting: what its devices take from one another, in the order they start."""

from dataclasses import dataclass

from acrn_dm.host import Host


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
