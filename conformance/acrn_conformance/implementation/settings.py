"""How an implementation is run."""

from enum import StrEnum

import msgspec


class Mode(StrEnum):
    """How the program is run."""

    STREAM = "stream"
    EXEC = "exec"


class Settings(msgspec.Struct, frozen=True):
    """How to run an implementation.

    ``timeout``: seconds for a reply; the first one of a process gets longer.
    """

    command: tuple[str, ...]
    mode: Mode = Mode.STREAM
    jobs: int = 1
    timeout: float = 2.0
