"""A host: the machine that acrn-dm runs on, as far as commands and sockets on it are concerned.

All that is done on a board goes through a command line that this machine can execute, so that a
board is the same whether it is here or behind ssh; what differs is in `Host`'s few methods.
"""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


class HostError(Exception):
    """The host cannot be reached, or does not do what is asked; one line with the remedy."""


class Host(Protocol):
    """The machine on which acrn-dm runs."""

    name: str

    def open(self) -> None:
        """Connect. Raises HostError."""

    def close(self) -> None:
        """Let go of the host; what was started through it is not ended by this."""

    def command(self, argv: Sequence[str], *, terminal: bool = False) -> list[str]:
        """Return the command that runs ``argv`` there, byte for byte, from here.

        ``terminal``: with a terminal of its own there.
        """

    def socket(self, path: str) -> str:
        """Return the path here by which the Unix socket ``path`` there is connected to."""

    def lost(self, status: int) -> bool:
        """Tell whether a command's exit status says that the host was lost."""


@dataclass(frozen=True, slots=True)
class Completed:
    """A command that has ended; ``status`` is negative for a signal."""

    status: int
    output: bytes
    error: bytes

    @property
    def text(self) -> str:
        """Its output, without the last newline."""
        return self.output.decode("utf-8", "backslashreplace").rstrip("\n")

    @property
    def complaint(self) -> str:
        """The last line that it printed on stderr, or its status."""
        lines = self.error.decode("utf-8", "backslashreplace").strip().split("\n")
        return lines[-1] or f"exit status {self.status}"


def run(host: Host, argv: Sequence[str], *, given: bytes = b"", timeout: float = 30) -> Completed:
    """Run a command on the host to its end. Raises HostError if it is lost or takes too long."""
    try:
        done = subprocess.run(
            host.command(argv),
            input=given,
            capture_output=True,
            timeout=timeout,
            check=False,
            start_new_session=True,
        )
    except subprocess.TimeoutExpired:
        raise HostError(
            f"{host.name}: {argv[0]} did not end in {timeout:g} s; see whether the board hangs"
        ) from None
    except OSError as error:
        return Completed(127, b"", f"{argv[0]}: {error.strerror}".encode())
    found = Completed(done.returncode, done.stdout, done.stderr)
    if host.lost(found.status):
        raise HostError(f"{host.name}: {found.complaint}; see whether the board still runs")
    return found


def check(host: Host, argv: Sequence[str], *, timeout: float = 30) -> str:
    """Run a command that must succeed; return what it printed. Raises HostError."""
    done = run(host, argv, timeout=timeout)
    if done.status:
        raise HostError(f"{host.name}: {argv[0]}: {done.complaint.removeprefix(f'{argv[0]}: ')}")
    return done.text
