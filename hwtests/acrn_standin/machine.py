"""A QEMU command line with what its supervisor must know of it; small ones add up."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Machine:
    """QEMU's arguments, or some of them.

    ``remarks`` what is accepted and not honoured, a line each; ``sockets`` the console sockets'
    paths; ``terminals`` the character devices whose pty is to be told; ``placeholders`` the slots
    that a rescan can fill; ``unlinked`` the network devices without a link; ``stdio`` whether the
    guest has this process's standard input and output.
    """

    argv: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    sockets: tuple[str, ...] = ()
    terminals: tuple[str, ...] = ()
    placeholders: tuple[int, ...] = ()
    unlinked: tuple[str, ...] = ()
    stdio: bool = False

    def __add__(self, other: "Machine") -> "Machine":
        """Return both, one after the other."""
        return Machine(
            self.argv + other.argv,
            self.remarks + other.remarks,
            self.sockets + other.sockets,
            self.terminals + other.terminals,
            self.placeholders + other.placeholders,
            self.unlinked + other.unlinked,
            self.stdio or other.stdio,
        )


def escaped(text: str) -> str:
    """Return a text as a value among QEMU's comma-separated ones."""
    return text.replace(",", ",,")
