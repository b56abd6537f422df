"""The argv of a running acrn-dm, as the kernel has it."""

import os
import re
from itertools import dropwhile
from typing import Final

from acrn_cmdline.source.argv import Argv, Place, SourceError
from acrn_cmdline.source.words import PROGRAM, base

_INTERPRETER: Final = r"(?:ba|da|k|z)?sh\Z|python[0-9.]*\Z"


def from_pid(pid: int) -> Argv:
    """Read the argv of a running acrn-dm. Raises SourceError."""
    where = Place(f"pid {pid}")
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:  # noqa: PTH123 - no start pays for pathlib
            content = file.read()
    except (FileNotFoundError, ProcessLookupError):
        raise SourceError(f"{where}: no such process; name a running acrn-dm") from None
    except OSError as error:
        raise SourceError(f"{where}: {error.strerror}; run as the user of acrn-dm") from None
    words = split(content)
    program = list(words)
    if program and re.match(_INTERPRETER, base(program[0])):
        # A script: the interpreter and its options stand before it.
        program = list(dropwhile(lambda word: word.startswith("-"), program[1:]))
    if not program or base(program[0]) != PROGRAM:
        shown = repr(base(words[0])) if words else "a process without a command line"
        raise SourceError(f"{where}: not an acrn-dm but {shown}; name a running acrn-dm")
    return Argv.known(where, program[1:])


def split(content: bytes) -> list[str]:
    """Return words that end with NUL, as in ``/proc/N/cmdline``."""
    return [os.fsdecode(word) for word in content.removesuffix(b"\0").split(b"\0")] * bool(content)
