"""The arguments of virtio-console: ``[@]BACKEND:PORT[=PATH][:server|client]``, comma separated."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from acrn_dm.host import Kind
from acrn_dm.machine import Machine
from acrn_dm.problem import ABORT, Problem, crash
from acrn_dm.tables import COLON_ENDS_PATH, LONG_SOCKET_PATH_ABORTS, PORT_NAME_NEEDED
from acrn_dm.text import cut, fold, size

MAX_PORTS: Final = 16
SOCKET_PATH_LIMIT: Final = 107
"""Bytes of a socket's path; what is longer is cut, and v1.0 aborts."""


class ConsoleBackend(StrEnum):
    """What a port is connected to on the host."""

    STDIO = "stdio"
    TTY = "tty"
    PTY = "pty"
    FILE = "file"
    SOCKET = "socket"


_BACKENDS: Final = {backend.value: backend for backend in ConsoleBackend}


@dataclass(frozen=True, slots=True)
class ConsolePort:
    """One port; ``console`` is the mark ``@``, ``role`` what follows a ``:`` after the path.

    ``name`` is None where nothing follows the backend, which v1.0 lets pass.
    """

    backend: ConsoleBackend
    name: str | None
    path: str | None = None
    console: bool = False
    role: str | None = None

    def start(self, machine: Machine) -> Problem | None:
        """Open the backend."""
        if self.name is None:
            return None
        match self.backend:
            case ConsoleBackend.STDIO if not machine.take_stdio():
                return Problem("vtcon: stdio is used by other device")
            case ConsoleBackend.SOCKET:
                return self._bind(machine)
            case ConsoleBackend.TTY if machine.host.entry(self.path or "").kind is not Kind.TTY:
                return Problem("")
            case ConsoleBackend.FILE if not _creatable(self.path or "", machine):
                return Problem("")
            case _:
                return None

    def _bind(self, machine: Machine) -> Problem | None:
        """Bind a socket: the folder of the path, as far as it is not cut, must be there."""
        if not self.path:
            return Problem("vtcon: portpath is NULL")
        path = self.path
        if size(path) > SOCKET_PATH_LIMIT:
            if machine.release in LONG_SOCKET_PATH_ABORTS:
                return crash(ABORT)
            path = cut(path, SOCKET_PATH_LIMIT)
        if not machine.host.folder(_parent(path)):
            return Problem("vtcon: virtio_console_config_backend failed")
        return None


@dataclass(frozen=True, slots=True)
class Console:
    """``-s SLOT,virtio-console,PORT[,PORT...]``; ``fault`` is wrong with what follows the ports."""

    ports: tuple[ConsolePort, ...]
    fault: Problem | None = None

    def start(self, machine: Machine) -> Problem | None:
        """Open the ports in order; each is read only when those before it are open."""
        for port in self.ports:
            if problem := port.start(machine):
                return problem
        return self.fault


def console(config: str | None, release: str) -> Console | Problem:
    """Read the arguments of virtio-console up to the first bad one; a comma always ends a port."""
    if config is None:
        return Problem("vtcon: invalid opts")
    texts = config.split(",", MAX_PORTS)
    ports: list[ConsolePort] = []
    for text in texts[:MAX_PORTS]:
        port = _port(text, release)
        if isinstance(port, Problem):
            return Console(tuple(ports), port)
        ports.append(port)
    return Console(tuple(ports), Problem("") if len(texts) > MAX_PORTS else None)


def _port(text: str, release: str) -> ConsolePort | Problem:
    backend, colon, rest = text.partition(":")
    marked = backend.startswith("@")
    backend = backend.removeprefix("@")
    kind = _BACKENDS.get(fold(backend))
    if kind is None:
        return Problem(f"vtcon: invalid backend {backend}!")
    if not colon:
        if release in PORT_NAME_NEEDED:
            return Problem("vtcon: please at least config portname")
        return ConsolePort(kind, None, console=marked)
    name, equals, path = rest.partition("=")
    role = None
    if release in COLON_ENDS_PATH:
        path, colon, after = path.partition(":")
        role = after if colon else None
    return ConsolePort(kind, name, path if equals else None, marked, role)


def _creatable(path: str, machine: Machine) -> bool:
    """Tell whether a file can be opened for writing, or made."""
    kind = machine.host.entry(path).kind
    if kind is Kind.MISSING:
        return bool(path) and machine.host.folder(_parent(path))
    return kind is not Kind.OTHER


def _parent(path: str) -> str:
    """Return the folder that a path is in, "." for a bare name."""
    folder, slash, _ = path.rpartition("/")
    return folder or ("/" if slash else ".")
