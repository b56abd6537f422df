"""A conversation with one process, a line at a time: what comes of each, before any verdict."""

import select
import time
from collections.abc import Sequence
from typing import NamedTuple, Self

from acrn_conformance.implementation.process import LineTooLongError, Process

_LATE = 2.0
"""Seconds that an answer may take once the input has ended."""


class Heard(NamedTuple):
    """What came of a line: the first line said to it, None where there is none.

    ``late``: nothing came until its input had ended. ``ended``: how the process ended, with the end
    of its stderr, where it ended without a word.
    """

    line: bytes | None
    late: bool = False
    ended: str = ""


class Trial:
    """One process of an implementation. Raises StartError."""

    def __init__(self, command: Sequence[str]) -> None:
        """Start it."""
        self._process = Process(command, 0, None)
        self._outputs = [self._process.stdout, self._process.stderr]
        self._said: list[bytes] = []
        self._goes_on = True
        self._finished = False

    def __enter__(self) -> Self:
        """Return itself; the end of the context is its end."""
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        if not self._finished:
            self._process.terminate()
            self._process.finish()

    def ask(self, line: bytes, seconds: float) -> Heard:
        """Send a line, and return what comes of it within so many seconds."""
        self._process.send(line)
        if self._listened(seconds):
            return Heard(self._said.pop(0))
        late = self._goes_on
        if late:
            self._process.end_input()
            if self._listened(_LATE):
                return Heard(self._said.pop(0), late=True)
        if self._goes_on:
            return Heard(None)
        self._process.read_stderr()
        words = self._process.last_words()
        self._finished = True
        return Heard(None, late, self._process.finish() + words)

    def _listened(self, seconds: float) -> bool:
        """Listen until a line comes, its output ends, or it is time; tell whether there is one."""
        deadline = time.monotonic() + seconds
        while not self._said and self._goes_on and (left := deadline - time.monotonic()) > 0:
            waits = [self._process.stdin] if self._process.flush() else []
            readable, _, _ = select.select(self._outputs, waits, [], left)
            if self._process.stderr in readable and not self._process.read_stderr():
                self._outputs.remove(self._process.stderr)
            if self._process.stdout in readable:
                self._hear()
        return bool(self._said)

    def _hear(self) -> None:
        try:
            lines, self._goes_on = self._process.read()
        except LineTooLongError as error:
            lines = str(error).encode()
        if lines:
            self._said += lines.removesuffix(b"\n").split(b"\n")
