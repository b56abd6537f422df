"""The trace: everything that went over the wire, a JSON object a line, as it happens."""

import time
from pathlib import Path
from typing import BinaryIO

import msgspec


class Trace:
    """Writes ``{"seconds", "process", "event", "text"}`` lines; what is not UTF-8 is escaped.

    ``fault``: the reason why nothing more is written, such as a full disk, or nothing. That is no
    reason to stop judging.
    """

    def __init__(self, path: Path) -> None:
        """Open the file anew; raises OSError."""
        self._file: BinaryIO = path.open("wb")
        self._start = time.monotonic()
        self.fault = ""

    def line(self, process: int, event: str, data: bytes) -> None:
        """Add what was ``sent``, ``received``, said on ``stderr``, or how a process ``ended``."""
        if self.fault:
            return
        entry = {
            "seconds": round(time.monotonic() - self._start, 6),
            "process": process,
            "event": event,
            "text": data.rstrip(b"\n").decode("utf-8", "backslashreplace"),
        }
        try:
            self._file.write(msgspec.json.encode(entry) + b"\n")
        except OSError as error:
            self.fault = error.strerror or str(error)

    def close(self) -> None:
        """Close the file."""
        try:
            self._file.close()
        except OSError as error:
            self.fault = self.fault or error.strerror or str(error)
