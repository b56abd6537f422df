"""virtio-console's configuration: ``[@]backend:port[=path]``, several with commas between."""

from dataclasses import dataclass
from enum import StrEnum

from acrn_standin.errors import InexpressibleError, RefusedError

_MOST_PORTS = 16


class Backend(StrEnum):
    """Where a port's bytes come from and go to."""

    STDIO = "stdio"
    TTY = "tty"
    PTY = "pty"
    FILE = "file"
    SOCKET = "socket"


@dataclass(frozen=True, slots=True)
class Port:
    """One port; ``path`` is empty for a backend that needs none."""

    console: bool
    backend: Backend
    name: str
    path: str


def ports(config: str | None) -> tuple[Port, ...]:
    """Return the ports of a configuration (None: there is none).

    Raises RefusedError, and InexpressibleError for a socket that is to be connected to.
    """
    if config is None:
        raise RefusedError(1, "vtcon: invalid opts")
    found = tuple(_port(text) for text in config.split(","))
    if len(found) > _MOST_PORTS:
        raise RefusedError(1, "vtcon: virtio_console_add_port failed")
    return found


def _port(text: str) -> Port:
    word, colon, rest = text.partition(":")
    console, word = word.startswith("@"), word.removeprefix("@")
    if word.lower() not in set(Backend):
        raise RefusedError(1, f"vtcon: invalid backend {word}!")
    backend = Backend(word.lower())
    if not colon:
        raise RefusedError(1, "vtcon: please at least config portname")
    name, equals, path = rest.partition("=")
    if backend is Backend.SOCKET:
        return Port(console, backend, name, _socket_path(path, given=bool(equals)))
    if not equals and backend in {Backend.TTY, Backend.FILE}:
        raise RefusedError(1, f"vtcon: portpath missing for {name}")
    return Port(console, backend, name, path if backend in {Backend.TTY, Backend.FILE} else "")


def _socket_path(text: str, *, given: bool) -> str:
    path, colon, role = text.partition(":")
    if not given:
        raise RefusedError(1, "vtcon: portpath is NULL")
    if colon and role not in {"server", "client"}:
        raise RefusedError(1, "Socket type not exist")
    if role == "client":
        raise InexpressibleError(f"a console that connects to a socket ({path}:client)")
    return path
