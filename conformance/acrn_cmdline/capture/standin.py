"""The stand-in for acrn-dm and acrnctl: it records how it is called, and does nothing else.

`capture` copies this file into programs of their own, so it needs nothing but the interpreter. It
imports no more than it must: json, signal or typing would each add a third to its start.
"""

import fcntl
import os
import time
from binascii import b2a_base64

try:
    # The module signal without its enumerations, which are what takes its time.
    from _signal import (  # type: ignore[import-not-found]  # typeshed leaves it out
        SIG_BLOCK,
        SIGINT,
        SIGTERM,
        pthread_sigmask,
        signal,
        sigtimedwait,
    )
except ImportError:
    from signal import SIG_BLOCK, SIGINT, SIGTERM, pthread_sigmask, signal, sigtimedwait

_ENDING = (SIGINT, SIGTERM)
_ASKS_EVERY = 1.0
_OWN_WORDS = 3
"""Interpreter, its options, the script: what comes before the arguments of the call."""

_ESCAPES = {number: f"\\u{number:04x}" for number in (*range(32), ord('"'), ord("\\"))}


def main(program: str, record: bytes, lock: bytes | None) -> None:
    """Record the call, and end; with the path of the ``lock``, as a VM would when asked to.

    Ends with status 0; 1 where the call could not be recorded, which alone is said on stderr.
    The signals that end a VM are held off first: whoever is that quick loses no call.
    """
    pthread_sigmask(SIG_BLOCK, _ENDING)
    signal(SIGTERM, lambda *_: None)  # to be seen in SigCgt: from here on SIGTERM is in order
    try:
        _append(record, _line(program).encode())
    except OSError as error:
        os.write(2, f"{program} (stand-in): cannot record the call: {error}\n".encode())
        os._exit(1)
    if lock is not None:
        while not _over(lock) and sigtimedwait(_ENDING, _ASKS_EVERY) is None:
            pass
    os._exit(0)


def _line(program: str) -> str:
    """Return the call as one line of JSON; what is no UTF-8 goes into ``NAME_base64``."""
    now, parent = time.time_ns(), os.getppid()
    date = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now // 10**9))
    fields = (
        f'"program":"{program}"',
        _field("argv", _arguments(), "[{}]"),
        _field("cwd", [os.readlink(b"/proc/self/cwd")]),  # noqa: PTH115 - as _read
        f'"time":"{date}.{now // 1000 % 10**6:06}+00:00"',
        f'"pid":{os.getpid()}',
        f'"parent_pid":{parent}',
        _field("parent_command", [_command_name(parent)]),
    )
    return "{" + ",".join(fields) + "}\n"


def _field(name: str, values: list[bytes], form: str = "{}") -> str:
    try:
        texts = [value.decode().translate(_ESCAPES) for value in values]
    except UnicodeDecodeError:
        texts = [b2a_base64(value, newline=False).decode() for value in values]
        name += "_base64"
    return f'"{name}":' + form.format(",".join(f'"{text}"' for text in texts))


def _arguments() -> list[bytes]:
    """Return the arguments byte for byte; what Python makes of them depends on the locale."""
    return _read("/proc/self/cmdline")[:-1].split(b"\0")[_OWN_WORDS:]


def _command_name(pid: int) -> bytes:
    try:
        return _read(f"/proc/{pid}/comm").removesuffix(b"\n")
    except OSError:  # it is gone, or not ours to see
        return b""


def _read(path: str) -> bytes:
    with open(path, "rb") as file:  # noqa: PTH123 - pathlib costs more than all the rest
        return file.read()


def _append(path: bytes, line: bytes) -> None:
    """Append a line whole, or a NUL where there is no room for it. Raises OSError."""
    file = os.open(path, os.O_RDWR | os.O_APPEND)
    fcntl.flock(file, fcntl.LOCK_EX)
    size = os.fstat(file).st_size
    if size and os.pread(file, 1, size - 1) != b"\n":
        line = b"\n" + line  # one that wrote was killed: its line is lost, but no other
    try:
        while line:
            line = line[os.write(file, line) :]
    except OSError:
        os.ftruncate(file, size)
        os.ftruncate(file, size + 1)  # a hole takes no room, and tells of the call that is lost
        raise
    os.close(file)


def _over(lock: bytes) -> bool:
    """Tell whether the capture is over: its file is gone, or nobody holds the lock on it."""
    try:
        file = os.open(lock, os.O_RDONLY)
    except OSError:
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(file)
    return True
