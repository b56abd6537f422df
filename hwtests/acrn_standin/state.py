"""The files of running VMs, laid out as below ``/run``: monitors' sockets, huge pages."""

import fcntl
import json
import os
import socket
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from acrn_standin.errors import StateFolderError
from acrn_standin.release import Pages, Release

VARIABLE: Final = "ACRN_STANDIN_STATE"
"""The environment variable that names the folder that stands for ``/run``."""

LONGEST_MESSAGE: Final = 1 << 16
"""Bytes of a request or an answer, each a JSON object on a line."""

_FOLDER: Final = "/run/acrn-standin"
_MONITORS: Final = "acrn/mngr"
_PAGES: Final = "hugepage/acrn/huge_lv1"
_ANSWERS_WITHIN: Final = 30.0

Message = Mapping[str, str | int]
"""A request, ``command`` and ``argument``; or an answer, ``name``, ``key``, ``error``, ``why``."""


class Monitor(NamedTuple):
    """A monitor's socket, whether somebody still listens there or not, and its VM's name."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Vm:
    """A VM as the hypervisor and acrnctl know it; no two live ones have the same ``key``."""

    name: str
    uuid: str
    release: Release

    @property
    def key(self) -> str:
        """What the hypervisor finds a slot by: the UUID, later the name."""
        return self.uuid.lower() if self.release.by_uuid else self.name


@dataclass(frozen=True, slots=True)
class Claim:
    """The files of a VM: its monitor's socket, with a listener, and its huge pages."""

    listener: socket.socket
    monitor: Path
    pages: tuple[Path, ...]

    def remove(self) -> None:
        """Remove them, as acrn-dm does where it ends in order."""
        self.monitor.unlink(missing_ok=True)
        for path in self.pages:
            with suppress(OSError):
                path.rmdir() if path.is_dir() else path.unlink()


def folder() -> Path:
    """Return the folder that stands for ``/run``."""
    return Path(os.environ.get(VARIABLE) or _FOLDER)


def monitors(folder: Path) -> list[Monitor]:
    """Return all monitors' sockets, in the order of their files' names.

    acrnctl reads a VM's name off one, as far as its first dot.
    """
    found = []
    for path in sorted((folder / _MONITORS).glob("*.monitor.*.socket")):
        name, _, rest = path.name.partition(".")
        if rest.startswith("monitor."):
            found.append(Monitor(name, path))
    return found


def ask(path: Path, request: Message) -> Message | None:
    """Return a VM's answer, None where none is behind the socket."""
    with socket.socket(socket.AF_UNIX) as connection, _short(path) as short:
        connection.settimeout(_ANSWERS_WITHIN)
        try:
            connection.connect(short)
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
def claimed(folder: Path, vm: Vm) -> Iterator[Claim | None]:
    """Claim a VM's slot: yield its files, None where a live VM has it.

    The files stay, as they do when acrn-dm is killed, unless they are removed. Raises
    StateFolderError where the folder cannot be used.
    """
    with socket.socket(socket.AF_UNIX) as listener:
        try:
            _make(folder)
            with _locked(folder):
                claim = None if _is_live(folder, vm.key) else _claim(folder, vm, listener)
        except OSError as error:
            raise StateFolderError(
                f"{folder}: {error.strerror}; name another folder in {VARIABLE}"
            ) from None
        yield claim


def _make(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.stat()
    if found.st_uid != os.geteuid() or stat.S_IMODE(found.st_mode) & 0o077:
        raise StateFolderError(f"{folder} is open to other users; chown it, and chmod 700")
    for name in (_MONITORS, _PAGES):
        (folder / name).mkdir(parents=True, exist_ok=True)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Keep others from looking at the folder's sockets; a lock that dies with its holder."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _is_live(folder: Path, key: str) -> bool:
    paths = (folder / _MONITORS).glob("*.monitor.*.socket")
    answers = (ask(path, {"command": "list"}) for path in paths)
    return any(answer["key"] == key for answer in answers if answer and "key" in answer)


def _claim(folder: Path, vm: Vm, listener: socket.socket) -> Claim:
    monitor = folder / _MONITORS / f"{vm.name.rpartition('/')[2]}.monitor.{os.getpid()}.socket"
    monitor.unlink(missing_ok=True)
    with _short(monitor) as short:
        listener.bind(short)
    listener.listen()
    return Claim(listener, monitor, _pages(folder / _PAGES, vm))


def _pages(folder: Path, vm: Vm) -> tuple[Path, ...]:
    """Make the files of huge pages that a release has, the innermost first."""
    named = folder / (vm.name.rpartition("/")[2] or "noname")
    match vm.release.pages:
        case Pages.BY_UUID:
            named.mkdir(exist_ok=True)
            node = named / vm.uuid.replace("-", "").upper()
            node.touch()
            return (node, named)
        case Pages.BY_NAME:
            named.touch()
            return (named,)
        case Pages.NONE:
            return ()


@contextmanager
def _short(path: Path) -> Iterator[str]:
    """Yield a path that fits a socket's address, by way of a handle of its folder."""
    try:
        handle = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        yield os.fspath(path)
        return
    try:
        yield f"/proc/self/fd/{handle}/{path.name}"
    finally:
        os.close(handle)


def leave_dead(path: str) -> None:
    """Leave a socket at which nobody listens, as acrn-dm does; QEMU has removed its own."""
    with suppress(OSError), socket.socket(socket.AF_UNIX) as dead:
        dead.bind(path)
