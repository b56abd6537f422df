"""The arguments of virtio-console: ``[@]BACKEND:PORT[=PATH][:server|client]``, comma separated."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from acrn_dm.host import Kind, NeedKind
from acrn_dm.machine import Machine
from acrn_dm.problem import ABORT, FaultKind, Problem, crash
from acrn_dm.tables import LAST_PORT_ALONE, LONG_SOCKET_PATH_ABORTS, PORT_NAME_NEEDED, SOCKET_ROLES
from acrn_dm.text import cut, fold, size

MAX_PORTS: Final = 16
SOCKET_PATH_LIMIT: Final = 107
"""Bytes of a socket's path; what is longer is cut, and v1.0 aborts."""


class ConsoleBackend(StrEnum):
    """The thing on the host that a port is connected to."""

    STDIO = "stdio"
    TTY = "tty"
    PTY = "pty"
    FILE = "file"
    SOCKET = "socket"


_FILES: Final = frozenset({ConsoleBackend.TTY, ConsoleBackend.FILE})
_BACKENDS: Final = {backend.value: backend for backend in ConsoleBackend}


class ConsolePort(NamedTuple):
    """One port; ``console`` is the mark ``@``, ``role`` what follows a ``:`` after the path.

    ``name`` is None where nothing follows the backend, which v1.0 lets pass.
    """

    backend: ConsoleBackend
    name: str | None
    path: str | None = None
    console: bool = False
    role: str | None = None

    @property
    def bound(self) -> str:
        """The path that a socket is bound to: as much of it as a socket's address holds."""
        return cut(self.path or "", SOCKET_PATH_LIMIT)

    @property
    def lost(self) -> int:
        """The bytes of a socket's path that are cut, 0 for any other backend."""
        if self.backend is not ConsoleBackend.SOCKET:
            return 0
        return max(0, size(self.path or "") - SOCKET_PATH_LIMIT)

    def start(self, machine: Machine) -> Problem | None:
        """Open the backend."""
        match self.backend:
            case ConsoleBackend.STDIO if not machine.take_stdio():
                return Problem(FaultKind.STDIO, "vtcon: stdio is used by other device")
            case ConsoleBackend.SOCKET:
                return self._bind(machine)
            case ConsoleBackend.TTY if not machine.has(NeedKind.TTY, self.path or ""):
                return Problem(FaultKind.CONSOLE_PATH)
            case ConsoleBackend.FILE if not _creatable(self.path or "", machine):
                return Problem(FaultKind.CONSOLE_PATH)
            case _:
                return None

    def _bind(self, machine: Machine) -> Problem | None:
        """Bind a socket: the folder of the path, as far as it is not cut, must be there."""
        if self.path is None:
            return Problem(FaultKind.CONSOLE_PATH, "vtcon: portpath is NULL")
        if self.lost and machine.release in LONG_SOCKET_PATH_ABORTS:
            return crash(FaultKind.CONSOLE_PATH, ABORT)
        text = "vtcon: virtio_console_config_backend failed"
        if self.role not in {None, "server", "client"}:
            return Problem(FaultKind.CONSOLE_ROLE, text)
        if self.role == "client":
            there = machine.host.entry(self.path).kind is not Kind.MISSING
        else:
            there = bool(self.path) and machine.has(NeedKind.PLACE, self.bound)
        return None if there else Problem(FaultKind.CONSOLE_PATH, text)


class Console(NamedTuple):
    """``-s SLOT,virtio-console,PORT[,PORT...]``; ``fault`` is wrong with what follows the ports."""

    ports: tuple[ConsolePort, ...]
    fault: Problem | None = None

    def start(self, machine: Machine) -> Problem | None:
        """Open the ports in order; each is read only when those before it are open."""
        plain = len(self.ports) == 1 and self.ports[0].name is not None and not self.fault
        if not plain and machine.release in LAST_PORT_ALONE:
            return self._start_last(machine)
        for port in self.ports:
            named = port.name is not None
            if named and (problem := port.start(machine)):
                return problem
        return self.fault

    def _start_last(self, machine: Machine) -> Problem | None:
        """Open the last port alone; the others are only read."""
        if self.fault:
            return self.fault
        if any(port.path is None and port.name and port.backend in _FILES for port in self.ports):
            return Problem(FaultKind.CONSOLE_PATH)
        return self.ports[-1].start(machine)


def console(config: str | None, release: str) -> Console | Problem:
    """Read the arguments of virtio-console up to the first bad one; a comma always ends a port."""
    if config is None:
        return Problem(FaultKind.CONSOLE_BACKEND, "vtcon: invalid opts")
    alone = "," in config and release in LAST_PORT_ALONE
    texts = config.split(",", -1 if alone else MAX_PORTS)
    ports: list[ConsolePort] = []
    for text in texts if alone else texts[:MAX_PORTS]:
        port = _port(text, release)
        if isinstance(port, Problem):
            return Console(tuple(ports), _behind(ports, port))
        ports.append(port)
    too_many = Problem(FaultKind.CONSOLE_PATH) if len(texts) > len(ports) else None
    return Console(tuple(ports), too_many)


def _behind(ports: Sequence[ConsolePort], problem: Problem) -> Problem:
    """Return what is wrong behind some ports: a backend that is none may be the end of a path."""
    if problem.kind is FaultKind.CONSOLE_BACKEND and any(port.path for port in ports):
        return problem._replace(kind=FaultKind.COMMA)
    return problem


def _port(text: str, release: str) -> ConsolePort | Problem:
    backend, colon, rest = text.partition(":")
    marked = backend.startswith("@")
    backend = backend.removeprefix("@")
    kind = _BACKENDS.get(fold(backend))
    if kind is None:
        return Problem(FaultKind.CONSOLE_BACKEND, f"vtcon: invalid backend {backend}!")
    if not colon:
        if release in PORT_NAME_NEEDED:
            text = "vtcon: please at least config portname"
            return Problem(FaultKind.CONSOLE_NAME, text)
        return ConsolePort(kind, None, console=marked)
    name, equals, path = rest.partition("=")
    role = None
    if kind is ConsoleBackend.SOCKET and release in SOCKET_ROLES:
        path, colon, after = path.partition(":")
        role = after if colon else None
    return ConsolePort(kind, name, path if equals else None, marked, role)


def _creatable(path: str, machine: Machine) -> bool:
    """Tell whether a file can be opened for writing, or made."""
    kind = machine.host.entry(path).kind
    if kind is Kind.OTHER or not path:
        return False
    return kind not in {Kind.MISSING, Kind.NAMED} or machine.has(NeedKind.PLACE, path)
