"""The standard streams of a command: all three are there, and a command that nobody hears ends."""

import errno
import io
import os
import signal
import sys

_STDERR = 2


def prepare() -> None:
    """See to it that all three streams exist, and take every text."""
    while (number := os.open(os.devnull, os.O_RDWR)) <= _STDERR:
        pass
    os.close(number)
    # What a shell has closed is None, and what stands for it lives as long as the process.
    sys.stdout = sys.stdout or io.TextIOWrapper(io.FileIO(os.devnull, "w"), "utf-8")
    sys.stderr = sys.stderr or sys.stdout
    sys.stdin = sys.stdin or io.TextIOWrapper(io.FileIO(os.devnull), "utf-8")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def ended(program: str, error: OSError) -> int:
    """Tell what no command foresees: a full disk, a terminal that is gone; return the exit status.

    Where nobody reads what is written there is nobody to tell, and the status is SIGPIPE's.
    """
    # Keeps the interpreter's last flush from complaining that nobody takes the output.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if isinstance(error, BrokenPipeError):
        return 128 + signal.SIGPIPE
    full = error.errno in {errno.ENOSPC, errno.EDQUOT}
    remedy = "; make room, or write elsewhere" if full else ""
    print(f"{program}: {error}{remedy}", file=sys.stderr)
    return 2
