"""Where running VMs are found: a folder with a control socket for each, named by a digest."""

import fcntl
import hashlib
import json
import os
import socket
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from acrn_standin.errors import StateFolderError

VARIABLE: Final = "ACRN_STANDIN_STATE"
"""The environment variable that names the folder."""

LONGEST_MESSAGE: Final = 1 << 16
"""Bytes of a request or an answer, each a JSON object on a line."""

_FOLDER: Final = "/run/acrn-standin"
_ANSWERS_WITHIN: Final = 30.0
_LONGEST_SOCKET_PATH: Final = 107

Message = Mapping[str, str | int]
"""A request, ``command`` and ``argument``; or an answer, ``name``, ``error`` and ``why``."""


def folder() -> Path:
    """Return the folder of the control sockets."""
    return Path(os.environ.get(VARIABLE) or _FOLDER)


def control_socket(folder: Path, name: str) -> Path:
    """Return where the VM of a name has its control socket."""
    return folder / f"{hashlib.sha256(os.fsencode(name)).hexdigest()[:16]}.sock"


def ask(path: Path, request: Message) -> Message | None:
    """Return a VM's answer, None where none is behind the socket."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(_ANSWERS_WITHIN)
        try:
            connection.connect(os.fspath(path))
            connection.sendall(encoded(request))
            with connection.makefile("rb") as reader:
                return decoded(reader.readline(LONGEST_MESSAGE))
        except OSError:
            return None


def encoded(message: Message) -> bytes:
    """Return a message as a line."""
    return json.dumps(message).encode() + b"\n"


def decoded(line: bytes) -> Message | None:
    """Return the message of a line, None where it is none."""
    try:
        message = json.loads(line)
    except ValueError:
        return None
    if not isinstance(message, dict):
        return None
    return {str(key): value for key, value in message.items() if isinstance(value, (str, int))}


@contextmanager
def claimed(folder: Path, name: str) -> Iterator[socket.socket]:
    """Claim a name: yield its listening control socket, and remove it at the end.

    Raises StateFolderError where a VM of that name runs, or the folder cannot be used.
    """
    path = control_socket(folder, name)
    with socket.socket(socket.AF_UNIX) as listener:
        try:
            _make(folder)
            with _locked(folder):
                _bind(listener, path, name)
        except OSError as error:
            raise StateFolderError(
                f"{folder}: {error.strerror}; name another folder in {VARIABLE}"
            ) from None
        try:
            yield listener
        finally:
            path.unlink(missing_ok=True)


def _make(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.stat()
    if found.st_uid != os.geteuid() or stat.S_IMODE(found.st_mode) & 0o077:
        raise StateFolderError(f"{folder} is open to other users; chown it, and chmod 700")


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Keep others from looking at the folder's sockets; a lock that dies with its holder."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _bind(listener: socket.socket, path: Path, name: str) -> None:
    if len(os.fsencode(path)) > _LONGEST_SOCKET_PATH:
        raise StateFolderError(f"{path} is too long for a socket; set {VARIABLE} to a shorter one")
    if listened_at(path):
        raise StateFolderError(f"a VM of the name '{name}' is running; stop it first")
    path.unlink(missing_ok=True)
    listener.bind(os.fspath(path))
    listener.listen()


def listened_at(path: str | Path) -> bool:
    """Return whether somebody listens at a Unix socket."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(0)
        try:
            probe.connect(os.fspath(path))
        except BlockingIOError:
            # Its backlog is full.
            return True
        except OSError:
            return False
    return True


def remove_dead(path: str) -> None:
    """Remove a socket at which nobody listens any more; what is no socket stays."""
    with suppress(OSError):
        if stat.S_ISSOCK(os.lstat(path).st_mode) and not listened_at(path):
            os.unlink(path)  # noqa: PTH108  (as the others here: a text as given)
