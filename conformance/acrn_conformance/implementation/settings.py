"""How an implementation is run."""

from enum import StrEnum

import msgspec


class Mode(StrEnum):
    """How the program is run."""

    STREAM = "stream"
    EXEC = "exec"


class Settings(msgspec.Struct, frozen=True):
    """How to run an implementation.

    ``timeout``: seconds for a reply; the first one of a process gets longer. ``memory``: bytes of
    address space that each process may have, ``cpu``: seconds of processor time; None: no limit.
    """

    command: tuple[str, ...]
    mode: Mode = Mode.STREAM
    jobs: int = 1
    timeout: float = 2.0
    memory: int | None = None
    cpu: int | None = None

    @property
    def started(self) -> tuple[str, ...]:
        """Return the command that starts it within its limits.

        A shell sets them before it becomes the program: set from outside they would come late, and
        between fork and exec no Python may run where there are threads.
        """
        limits = []
        if self.memory is not None:
            limits.append(f"ulimit -v {self.memory >> 10}")
        if self.cpu is not None:
            # The soft limit sends SIGXCPU, which tells; the hard one ends who does not heed it.
            limits += [f"ulimit -S -t {self.cpu}", f"ulimit -H -t {self.cpu + 1}"]
        if not limits:
            return self.command
        return ("/bin/sh", "-c", " && ".join((*limits, 'exec "$@"')), "sh", *self.command)

    def limit_met(self, how: str) -> str:
        """Return the limit to be named beside how a process ended, as a clause, or nothing."""
        if self.cpu is not None and "SIGXCPU" in how:
            return f" at its limit of {self.cpu} s of processor time (--cpu-limit)"
        if self.memory is not None:
            return f" under its limit of {self.memory >> 20} MiB (--memory-limit)"
        return ""
