"""The harness's end of the hypervisor's device: what acrn-dm asks, and a guest's port accesses."""

import os
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

_LONGEST = 512
_CREDENTIALS = struct.Struct("3i")


class Event(NamedTuple):
    """What acrn-dm has asked of its device, as the shim tells it (``shim.c`` lists the names)."""

    name: str
    detail: str


class Device:
    """The place to which the shim of one acrn-dm connects."""

    def __init__(self, place: socket.socket) -> None:
        self._place = place
        self._shim: socket.socket | None = None
        self.pid = 0
        """acrn-dm's process id on this machine, once it is there."""

    def fileno(self) -> int:
        """Return the file to wait for before ``receive``."""
        return (self._shim or self._place).fileno()

    def receive(self) -> Event | None:
        """Return the next event, waiting for it; None where acrn-dm has gone."""
        if self._shim is None:
            self._shim = self._place.accept()[0]
            peer = self._shim.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
            self.pid = _CREDENTIALS.unpack(peer)[0]
            return Event("start", "")
        try:
            text = self._shim.recv(_LONGEST)
        except ConnectionResetError:
            return None
        name, _, detail = text.decode("utf-8", "backslashreplace").partition(" ")
        return Event(name, detail) if text else None

    def write(self, port: int, size: int, value: int) -> None:
        """Let the guest that does not exist write to a port; ``size`` in bytes."""
        if self._shim:
            self._shim.send(f"write {port:x} {size:x} {value:x}".encode())

    def read(self, port: int, size: int) -> None:
        """Let it read from a port; the value comes with the event ``done``."""
        if self._shim:
            self._shim.send(f"read {port:x} {size:x}".encode())

    def close(self) -> None:
        """Hang up."""
        for each in (self._shim, self._place):
            if each:
                each.close()


@contextmanager
def short(path: Path) -> Iterator[str]:
    """Yield a short name of a path for a socket, whose name has 107 bytes at most."""
    folder = os.open(path.parent, os.O_PATH)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


@contextmanager
def device_at(path: Path) -> Iterator[Device]:
    """Listen at a path as the hypervisor's device. Raises OSError."""
    place = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    device = Device(place)
    try:
        with short(path) as name:
            place.bind(name)
        place.listen(1)
        yield device
    finally:
        device.close()
