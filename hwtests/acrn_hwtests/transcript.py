"""The transcript: what was said on each console, on disk as it happens, bounded, with a header."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec

from acrn_base.files import whole_file

_KEPT = 1 << 20
"""Bytes kept of the head of a stream, and of its tail."""


class Header(msgspec.Struct, frozen=True):
    """A transcript's header; times are ISO 8601 in UTC, ``end`` is empty while the guest runs."""

    board: str
    board_class: str
    release: str
    program: str
    argv: tuple[str, ...]
    kernel: str
    kernel_sha256: str
    image: str
    image_sha256: str
    started: str
    remarks: tuple[str, ...] = ()
    ended: str = ""
    end: str = ""


class Bounded:
    """A file that keeps head and tail of what is written to it, however much that is.

    The tail goes into two files in turn, so that all that is kept is on disk at any moment;
    `close` puts the three together.
    """

    def __init__(self, path: Path, kept: int = _KEPT) -> None:
        self._path, self._kept = path, kept
        self._file = path.open("wb", buffering=0)
        self._size = self._turned = 0
        self._in_head = True

    def write(self, data: bytes) -> None:
        """Append."""
        while data:
            room = self._kept - self._size
            if not room:
                self._turn()
                continue
            self._file.write(data[:room])
            self._size += len(data[:room])
            data = data[room:]

    def _turn(self) -> None:
        """Begin a new piece of the tail; of the pieces before it the last is kept."""
        self._file.close()
        latest = self._piece("latest")
        if not self._in_head:
            latest.replace(self._piece("before"))
            self._turned += 1
        self._in_head = False
        self._file = latest.open("wb", buffering=0)
        self._size = 0

    def close(self) -> None:
        """Put the pieces together; between head and tail a line says how much is left out."""
        self._file.close()
        if self._in_head:
            return
        with self._path.open("ab") as whole:
            if left_out := max(0, self._turned - 1) * self._kept:
                whole.write(b"\n... %d bytes are left out here ...\n" % left_out)
            for name in ("before", "latest"):
                piece = self._piece(name)
                if piece.exists():
                    whole.write(piece.read_bytes())
                    piece.unlink()
        self._in_head = True

    def _piece(self, name: str) -> Path:
        return self._path.with_name(f"{self._path.name}.{name}")


class Transcript:
    """One stream: ``NAME.raw`` is what came, ``NAME.log`` both directions with seconds."""

    def __init__(self, folder: Path, name: str) -> None:
        self._raw = Bounded(folder / f"{name}.raw")
        self._log = Bounded(folder / f"{name}.log")
        self._started = time.monotonic()
        self._lock = threading.Lock()
        self._closed = False
        self._line = ""  # the direction of a line that has no end yet

    def add(self, direction: Literal["<", ">"], data: bytes) -> None:
        """Write what came from the guest (``<``) or went to it (``>``), at once."""
        with self._lock:
            if self._closed:
                return
            if direction == "<":
                self._raw.write(data)
            self._log.write("".join(self._logged(direction, data)).encode())

    def _logged(self, direction: str, data: bytes) -> Iterator[str]:
        """Yield what the log gets: a line begins with its time, and grows until it ends."""
        *whole, rest = data.decode("utf-8", "backslashreplace").split("\n")
        for text in [*(f"{line}\n" for line in whole), rest]:
            shown = ascii(text.rstrip("\r\n"))[1:-1]
            if shown and self._line != direction:
                stamp = f"{time.monotonic() - self._started:10.3f} {direction} "
                yield ("\n" if self._line else "") + stamp
                self._line = direction
            yield shown
            if text.endswith("\n") and self._line == direction:
                yield "\n"
                self._line = ""

    def close(self) -> None:
        """Close both files."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._log.write(b"\n" if self._line else b"")
                self._raw.close()
                self._log.close()


class Folder:
    """The transcripts of one guest, with ``header.json``, which `close` completes."""

    def __init__(self, path: Path, header: Header) -> None:
        path.mkdir(parents=True, mode=0o700)
        self.path = path
        self._header = header
        self._streams: list[Transcript] = []
        self._write(header)

    def stream(self, name: str) -> Transcript:
        """Begin the transcript of a stream."""
        found = Transcript(self.path, name)
        self._streams.append(found)
        return found

    def close(self, ended: str, end: str) -> None:
        """Close all, and say when and why the guest ended."""
        for stream in self._streams:
            stream.close()
        self._write(msgspec.structs.replace(self._header, ended=ended, end=end))

    def _write(self, header: Header) -> None:
        text = msgspec.json.format(msgspec.json.encode(header), indent=1) + b"\n"
        with whole_file(self.path / "header.json") as file:
            file.write(text)
