"""A stream: the bytes of one console, taken off it as they come, and read by pexpect's rules."""

import io
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from pexpect import EOF, TIMEOUT
from pexpect.spawnbase import SpawnBase

from acrn_hwtests.transcript import Transcript

_CHUNK = 1 << 16
_KEPT = 1 << 20
"""Bytes that wait to be read, and bytes that a pattern's text before it may have; older ones go."""

_READ = 1 << 12
_WINDOW = 1 << 14
"""Bytes that patterns look back on: a line of 2 MB without it takes some 15 s (measured).

pexpect looks at no more of a read than fits into it, so a read is smaller.
"""

_TAIL = 24
"""Lines that are shown of what came last: acrn-dm may clean up for a dozen after its reason."""

_SEND_SECONDS = 5.0

Live = Callable[[str, bytes], None]
"""Shows what comes on a stream, by the stream's name, while it comes."""


class Connection(Protocol):
    """A connected socket, or what can be used as one: a terminal of the tier's own."""

    def settimeout(self, seconds: float | None, /) -> None:
        """Set the time after which reading and writing raise TimeoutError."""

    def recv(self, size: int, /) -> bytes:
        """Read; nothing at the end."""

    def sendall(self, data: bytes, /) -> None:
        """Write all of it."""

    def shutdown(self, how: int, /) -> None:
        """Have whoever reads come to the end."""

    def close(self) -> None:
        """Close it."""


if TYPE_CHECKING:
    _Spawn = SpawnBase[bytes]
else:  # pexpect is generic to its type stubs alone
    _Spawn = SpawnBase


class Stream(_Spawn):
    """A connection as something that pexpect can expect on; bytes only.

    A thread of its own reads it at all times, so that the transcript is complete and no guest waits
    for a reader. ``live`` is called with what comes. ``received`` are the bytes so far, and
    ``last_byte`` the time of the last one, without what is blank alone; ``left_out`` are those
    that nobody read in time; ``error`` says why it could not be read any more, if it could not.
    """

    _before: io.BytesIO  # pexpect's own

    def __init__(
        self, name: str, connection: Connection, transcript: Transcript, live: Live
    ) -> None:
        super().__init__(timeout=None, maxread=_READ, searchwindowsize=_WINDOW)
        self.name = name
        self.delaybeforesend = None
        self.last_byte = time.monotonic()
        self.received = 0
        self.left_out = 0
        self.error = ""
        self._connection = connection
        self._transcript = transcript
        self._live = live
        self._waiting = bytearray()
        self._ended = False
        self._news = threading.Condition()
        self._tail = b""
        connection.settimeout(_SEND_SECONDS)
        self._pump = threading.Thread(target=self._read_on, name=f"stream {name}", daemon=True)
        self._pump.start()

    def read_nonblocking(self, size: int = 1, timeout: float | None = None) -> bytes:
        """Return what has come, at most ``size`` bytes; waits for ``timeout`` seconds.

        Raises pexpect's EOF and TIMEOUT.
        """
        with self._news:
            self._news.wait_for(lambda: self._waiting or self._ended, timeout)
            data = bytes(self._waiting[:size])
            del self._waiting[:size]
            if not data:
                raise EOF("the stream ended") if self._ended else TIMEOUT("nothing came")
        self._bound()
        return data

    def send(self, data: bytes) -> None:
        """Write to the guest. Raises pexpect's EOF if nobody is there or nobody reads."""
        self._transcript.add(">", data)
        try:
            self._connection.sendall(data)
        except OSError as error:
            raise EOF(f"cannot write: {error}") from None

    @property
    def tail(self) -> str:
        """The last lines that came, readable, whatever has been matched since."""
        text = self._tail.decode("utf-8", "backslashreplace").replace("\r", "")
        return "\n".join(ascii(line)[1:-1] for line in text.split("\n")[-_TAIL:])

    def close(self) -> None:
        """Hang up."""
        with suppress(OSError):  # the other end has
            self._connection.shutdown(socket.SHUT_RDWR)
        self._pump.join()
        self._connection.close()

    def _bound(self) -> None:
        """Keep pexpect's record of what no pattern has matched from growing for ever."""
        if self._before.tell() > 2 * _KEPT:
            self.left_out += self._before.tell() - _KEPT
            kept = self._before.getvalue()[-_KEPT:]
            self._before = io.BytesIO()
            self._before.write(kept)

    @property
    def ended(self) -> bool:
        """Whether nothing more will come, and all that came has been read."""
        with self._news:
            return self._ended and not self._waiting

    def wait_for_end(self, seconds: float) -> None:
        """Wait until the stream has ended, at most some seconds."""
        with self._news:
            self._news.wait_for(lambda: self._ended, seconds)

    def _read_on(self) -> None:
        """Read until the end; a transcript that cannot be written is an end too."""
        try:
            self._pumped()
        except OSError as error:
            self.error = f"cannot keep its transcript: {error.strerror}"
        with self._news:
            self._ended = True
            self._news.notify_all()

    def _pumped(self) -> None:
        while True:
            try:
                data = self._connection.recv(_CHUNK)
            except TimeoutError:
                continue
            except OSError:
                data = b""
            if not data:
                return
            self._transcript.add("<", data)
            self._live(self.name, data)
            if not data.isspace():  # a terminal echoes the newline that was to wake it
                self.last_byte = time.monotonic()
                self.received += len(data)
            with self._news:
                self._waiting += data
                self.left_out += max(0, len(self._waiting) - _KEPT)
                del self._waiting[:-_KEPT]
                self._tail = (self._tail + data)[-_WINDOW:]
                self._news.notify_all()
