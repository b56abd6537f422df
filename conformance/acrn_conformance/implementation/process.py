"""One process of the implementation under test: pipes that never block, an end that is final."""

import fcntl
import os
import signal
import subprocess
from collections import deque
from collections.abc import Sequence
from contextlib import suppress

from acrn_base.starting import StartError
from acrn_base.text import excerpt
from acrn_conformance.implementation.trace import Trace

LONGEST_LINE = 1 << 20
"""Bytes; the longest expected reply is about a tenth of it."""

_CLOSED = -1
"""In place of the number of a pipe that is closed: the kernel gives its own to the next one."""

_KILLED_WITHIN = 5.0

_CHUNK = 1 << 18
"""Bytes that are read at once, and that a pipe holds: with more, both sides wait less often."""

LAST_WORDS = "; its stderr ends: "
"""What stands between how a process ended and its last lines, which `` | `` parts."""

_STDERR_KEPT = 4096
_LINES = 12


class LineTooLongError(Exception):
    """The implementation writes a line beyond LONGEST_LINE."""

    kind = "too-long"
    example = ""

    def __init__(self) -> None:
        super().__init__(f"its reply line is longer than {LONGEST_LINE >> 10} KiB")


class Process:
    """The program on three pipes, leader of a session of its own so that all of it can be ended.

    It inherits environment and working directory, gets default signal dispositions, and no other
    open file. Raises StartError.
    """

    def __init__(self, command: Sequence[str], number: int, trace: Trace | None) -> None:
        """Start it; ``number`` names it in the trace."""
        try:
            self._popen = subprocess.Popen(
                command,
                bufsize=0,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as error:
            raise StartError(command, error) from None
        except ValueError:
            raise StartError(command, OSError("a NUL in an argument")) from None
        try:
            self.exit_event = os.pidfd_open(self._popen.pid)
        except OSError as error:
            self._popen.kill()
            self._popen.communicate()
            raise StartError(command, error) from None
        self._pipes = [p for p in (self._popen.stdin, self._popen.stdout, self._popen.stderr) if p]
        self.stdin, self.stdout, self.stderr = (pipe.fileno() for pipe in self._pipes)
        for pipe in self._pipes:
            os.set_blocking(pipe.fileno(), False)
        self.number = number
        self._trace = trace
        self._outbox: deque[memoryview] = deque()
        self._input_ends = False
        self._partial: list[bytes] = []
        self._partial_size = 0
        self._stderr = b""
        self._signalled = False

    def widen(self) -> None:
        """Let its pipes hold a whole chunk: worth its while where much is asked of a process."""
        for pipe in self._pipes:
            with suppress(OSError):  # a user may have had all that is theirs
                fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _CHUNK)

    def send(self, lines: bytes) -> None:
        """Queue lines; `flush` writes them."""
        self._outbox.append(memoryview(lines))
        self._traced("sent", lines)

    def end_input(self) -> None:
        """Close its standard input once all is written: to the implementation that means end."""
        self._input_ends = True

    def flush(self) -> bool:
        """Write what the pipe takes; return whether something is left to write."""
        while self._outbox:
            try:
                written = os.write(self.stdin, self._outbox[0])
            except BlockingIOError:
                return True
            except BrokenPipeError:
                # It reads no more. What it still has to say may come, so this is no end yet.
                self._outbox.clear()
            else:
                unwritten = self._outbox.popleft()[written:]
                if unwritten:
                    self._outbox.appendleft(unwritten)
        if self._input_ends and self.stdin != _CLOSED:
            self._pipes[0].close()
            self.stdin = _CLOSED
        return False

    def read(self) -> tuple[bytes, bool]:
        """Return the whole lines that have come, and whether its output goes on.

        Each has its newline, which only the very last may lack. Raises LineTooLongError.
        """
        try:
            data = os.read(self.stdout, _CHUNK)
        except BlockingIOError:
            return b"", True
        if not data:
            return self._rest(), False
        end = data.rfind(b"\n") + 1
        lines, rest = data[:end], data[end:]
        if lines and self._partial:
            lines = b"".join((*self._partial, lines))
            self._partial, self._partial_size = [], 0
        if rest:
            self._partial.append(rest)
            self._partial_size += len(rest)
        # A line that is whole in what was read is no longer than that.
        if max(self._partial_size, lines.find(b"\n")) > LONGEST_LINE:
            raise LineTooLongError
        self._traced("received", lines)
        return lines, True

    def _rest(self) -> bytes:
        """Return a last line that no newline ended, unless it is us who cut it short."""
        line = b"" if self._signalled else b"".join(self._partial)
        self._partial = []
        self._traced("received", line)
        return line

    def _traced(self, event: str, lines: bytes) -> None:
        if self._trace and lines:
            for line in lines.removesuffix(b"\n").split(b"\n"):
                self._trace.line(self.number, event, line)

    def read_stderr(self) -> bool:
        """Read what it says on stderr, keep the end of it; return whether there may be more."""
        try:
            data = os.read(self.stderr, _CHUNK)
        except BlockingIOError:
            return True
        if self._trace and data:
            self._trace.line(self.number, "stderr", data)
        self._stderr = (self._stderr + data)[-_STDERR_KEPT:]
        return bool(data)

    def terminate(self) -> None:
        """Ask the program, and all that it started in its session's group, to end."""
        self._signal(signal.SIGTERM)

    def _signal(self, number: signal.Signals) -> None:
        self._signalled = True
        # It may be gone, or another user's (a set-uid program): then there is nothing to send.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._popen.pid, number)

    def finish(self) -> str:
        """Kill what is left of it, reap it and close its pipes; return how it ended."""
        self._signal(signal.SIGKILL)
        for pipe in self._pipes:
            pipe.close()
        os.close(self.exit_event)
        how = self._reaped()
        if self._trace:
            self._trace.line(self.number, "ended", how.encode())
        return how

    def _reaped(self) -> str:
        try:
            status = self._popen.wait(_KILLED_WITHIN)
        except subprocess.TimeoutExpired:
            return "could not be killed"
        return f"killed by {_signal_name(-status)}" if status < 0 else f"exit status {status}"

    def last_words(self, longest: int = 600) -> str:
        """Return the end of its stderr, on one line, as a clause for a message."""
        text = self._stderr.decode("utf-8", "surrogateescape").strip()
        return f"{LAST_WORDS}{visible_end(text, longest)}" if text else ""


def visible_end(text: str, longest: int = 600) -> str:
    """Return the end of a text on one line."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    joined = " | ".join(lines[-_LINES:])
    return excerpt(joined if len(joined) <= longest else "..." + joined[-longest:], longest + 3)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
