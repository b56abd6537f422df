"""A terminal of the tier's own: raw, without echo, its near side read and written as a socket."""

import os
import select
import time
import tty
from io import FileIO


class Terminal:
    """A pty; ``far`` is the side for a process, to be closed here once that has it.

    acrn-dm reads its standard input only if that is a terminal, and says its words in time only if
    its standard output is one (measured).
    """

    def __init__(self) -> None:
        self._near, far = os.openpty()
        tty.setraw(far)
        os.set_blocking(self._near, False)
        self.far = FileIO(far, "r+")
        self._seconds: float | None = None
        self._hung_up = os.eventfd(0)

    def settimeout(self, seconds: float | None, /) -> None:
        """Set the time after which reading and writing are given up."""
        self._seconds = seconds

    def recv(self, size: int, /) -> bytes:
        """Read; nothing once nobody has the far side any more. Raises TimeoutError."""
        ready, _, _ = select.select([self._near, self._hung_up], [], [], self._seconds)
        if not ready:
            raise TimeoutError
        if self._hung_up in ready:
            return b""
        try:
            return os.read(self._near, size)
        except OSError:  # EIO: the far side is closed
            return b""

    def sendall(self, data: bytes, /) -> None:
        """Write all of it. Raises TimeoutError if nobody reads."""
        deadline = None if self._seconds is None else time.monotonic() + self._seconds
        while data:
            left = None if deadline is None else max(0.0, deadline - time.monotonic())
            if not select.select([], [self._near], [], left)[1]:
                raise TimeoutError("nobody reads")
            try:
                data = data[os.write(self._near, data) :]
            except BlockingIOError:
                time.sleep(0.01)  # room for less than is asked for

    def shutdown(self, _how: int, /) -> None:
        """Have whoever reads here stop."""
        os.eventfd_write(self._hung_up, 1)

    def close(self) -> None:
        """Hang up."""
        self.far.close()
        os.close(self._near)
        os.close(self._hung_up)
