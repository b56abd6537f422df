"""The trace: everything that went over the wire, a JSON object a line, as it happens."""

import time
from pathlib import Path
from typing import BinaryIO

import msgspec


class Trace:
    """Writes ``{"seconds", "process", "event", "text"}`` lines; what is not UTF-8 is escaped."""

    def __init__(self, path: Path) -> None:
        """Open the file anew; raises OSError."""
        self._file: BinaryIO = path.open("wb")
        self._start = time.monotonic()

    def line(self, process: int, event: str, data: bytes) -> None:
        """Add what was ``sent``, ``received``, said on ``stderr``, or how a process ``ended``."""
        entry = {
            "seconds": round(time.monotonic() - self._start, 6),
            "process": process,
            "event": event,
            "text": data.rstrip(b"\n").decode("utf-8", "backslashreplace"),
        }
        self._file.write(msgspec.json.encode(entry) + b"\n")

    def close(self) -> None:
        """Close the file."""
        self._file.close()
