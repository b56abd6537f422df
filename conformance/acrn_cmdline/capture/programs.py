"""The stand-ins as files: which programs they stand in for, and what is written into them."""

import os
import shlex
import sys
from pathlib import Path

from acrn_cmdline.capture import standin

PROGRAMS = ("acrn-dm", "acrnctl")

ISOLATED = "-IS"
"""No environment, no user's and no installed packages: what is left starts fastest."""

_LONGEST_SHEBANG = 120


class CaptureError(Exception):
    """Nothing can be captured here; the text says why, and the remedy."""


def texts(record: str, lock: str | None) -> dict[str, bytes]:
    """Return the text of each stand-in; with the path of the ``lock`` that for acrn-dm stays.

    acrnctl never stays. Raises CaptureError where no file can have this Python run it.
    """
    source = Path(standin.__file__).read_text("utf-8")
    found = {}
    for program in PROGRAMS:
        until = os.fsencode(lock) if lock and program == PROGRAMS[0] else None
        call = f"main({program!r}, {os.fsencode(record)!r}, {until!r})"
        found[program] = _first_lines() + f"{source}\n{call}\n".encode()
    return found


def write(texts: dict[str, bytes], folder: Path, mode: int) -> None:
    """Write the stand-ins into a folder in which there are none. Raises CaptureError."""
    try:
        for program, text in texts.items():
            with (folder / program).open("xb") as file:
                file.write(text)
                os.fchmod(file.fileno(), mode)
    except OSError as error:
        remedy = "make room, and let files be as large as they need (ulimit -f)"
        raise CaptureError(f"no stand-ins can be written: {error.strerror}; {remedy}") from None


def _first_lines() -> bytes:
    """Return what makes the kernel run a file with this interpreter; long paths need a shell."""
    if not sys.executable:
        raise CaptureError("this Python does not know its own path; start it by an absolute one")
    interpreter = os.fsencode(sys.executable)
    if len(interpreter) <= _LONGEST_SHEBANG and not set(interpreter) & set(b" \t\n"):
        return b"#!" + interpreter + f" {ISOLATED}\n".encode()
    quoted = os.fsencode(shlex.quote(sys.executable))
    # To the shell a command, to Python a text: nothing in it may end that text.
    if b"'''" in interpreter or b"\\" in interpreter or b'"' in quoted:
        raise CaptureError("the path of this Python has quotes in it; install it elsewhere")
    return b"#!/bin/sh\n'''exec' " + quoted + f' {ISOLATED} "$0" "$@"\n'.encode() + b"'''\n"
