"""The console driver: from the first byte of a guest to its last, a state at a time.

What goes wrong is watched for at every step, together with what is waited for: an end of the
stream, a panic, a restart. Nothing is tried twice but the newline that wakes a prompt.
"""

import re
import secrets
import shlex
import time
from collections.abc import Callable
from dataclasses import dataclass

from pexpect import EOF, TIMEOUT

from acrn_hwtests.boardfile import Timeouts
from acrn_hwtests.state import (
    CommandTimeoutError,
    EndedError,
    GuestError,
    PanicError,
    PowerOffError,
    RebootedError,
    SilentError,
    State,
)
from acrn_hwtests.stream import Stream

LONGEST_COMMAND = 900
"""Bytes; lines of 1,000 pass through busybox's shell, of 2,000 do not (measured)."""

_PROMPT = re.compile(rb"# (?:\x1b\[6n)?")
_POWERED_OFF = re.compile(rb"reboot: Power down")
_TIME = rb"\[ *\d+\.\d+\](?:\[[^\]\r\n]{1,20}\])? "
# At the start of a line or behind the kernel's time: a program may well speak of a panic.
_PANIC = re.compile(rb"(?:^|[\r\n]|%s)(Kernel panic - not syncing[^\r\n]*)\r?\n" % _TIME)
_REBOOT = re.compile(_TIME + rb"reboot: Restarting system")

_SLICE = 0.25
"""Seconds after which the other console is looked at."""

_LAST_WORDS_SECONDS = 1.0

_WAKE = 2.0
"""Seconds without a byte after which a newline asks for the prompt: it may have been missed."""


@dataclass(frozen=True, slots=True)
class Output:
    """A command's output, without carriage returns, and its exit status.

    ``left_out`` counts bytes from its beginning that were too many to keep.
    """

    status: int
    text: str
    left_out: int = 0

    def checked(self) -> str:
        """Return the text; raises AssertionError where the command failed, or text is missing."""
        assert self.status == 0, f"exit status {self.status}: {self.text}"  # noqa: S101 - a check's
        assert not self.left_out, f"{self.left_out} bytes are left out"  # noqa: S101 - a check's
        return self.text


class Console:
    """One console of a guest, and what the guest is doing as far as it shows there.

    ``end`` explains why the stream ended, as an error to raise; ``others`` are looked at for a
    panic while this one is waited on; ``transcript`` is the folder that errors name; ``error`` is
    what ended it for good.
    """

    def __init__(
        self,
        stream: Stream,
        timeouts: Timeouts,
        transcript: str,
        end: Callable[["Console"], GuestError],
    ) -> None:
        self.stream = stream
        self.state = State.SPAWNED
        self.others: tuple[Console, ...] = ()
        self.transcript = transcript
        self.error: GuestError | None = None
        self._timeouts = timeouts
        self._end = end

    def boot(self, timeout: float | None = None) -> None:
        """Wait for a prompt, also one that was there before, by default the board's boot time.

        Raises GuestError.
        """
        self.state = State.BOOTING
        seconds = timeout or self._timeouts.boot
        deadline = time.monotonic() + seconds
        while not self._prompted(deadline):
            if time.monotonic() > deadline:
                raise self._silent(seconds)
        self.state = State.PROMPT

    def _prompted(self, deadline: float) -> bool:
        """Wait for something like a prompt, then for the proof that a shell reads there."""
        asked = time.monotonic()
        while self._expect([_PROMPT], min(_WAKE, deadline - time.monotonic())) is None:
            if time.monotonic() > deadline:
                return False
            if self.stream.received or time.monotonic() - asked > _WAKE:
                self._send(b"\n")
        nonce = secrets.token_hex(4)
        # Echoed, the marker has two quotes in it.
        self._send(f"stty -echo cols 4096; dmesg -n 1; echo {nonce}''sync\n".encode())
        answer = re.compile(rb"%ssync\r?\n" % nonce.encode())
        return self._expect([answer], min(_WAKE, deadline - time.monotonic())) is not None

    def _silent(self, seconds: float) -> GuestError:
        if not self.stream.received:
            reason = f"not a byte in {seconds:g} s; the device model runs"
        else:
            ago = time.monotonic() - self.stream.last_byte
            reason = f"no prompt in {seconds:g} s; the last byte came {ago:.0f} s ago"
        return self.fail(SilentError, reason)

    def run(self, command: str, timeout: float | None = None) -> Output:
        """Run a command in the guest, in a shell of its own.

        ``timeout`` in seconds, by default the board's. Raises CommandTimeoutError after it has
        interrupted the command, GuestError for all that can befall the guest meanwhile, and
        ValueError for a command that a console cannot be given.
        """
        nonce = secrets.token_hex(4)
        line = f"echo {nonce}''begin; sh -c {shlex.quote(command)}; echo {nonce}''end $?\n".encode()
        if "\n" in command or len(line) > LONGEST_COMMAND:
            raise ValueError(f"a command is one line of up to {LONGEST_COMMAND} bytes: {command!r}")
        seconds = timeout or self._timeouts.command
        begin = re.compile(rb"%sbegin\r?\n" % nonce.encode())
        end = re.compile(rb"%send (\d+)\r?\n" % nonce.encode())
        self.state = State.COMMAND
        left_out = self.stream.left_out
        self._send(line)
        deadline = time.monotonic() + seconds
        found = self._expect([begin], seconds)
        found = found and self._expect([end], deadline - time.monotonic())
        if not found:
            self._send(b"\x03")
            raise self.fail(CommandTimeoutError, f"no end in {seconds:g} s of: {command}")
        self.state = State.PROMPT
        text = (self.stream.before or b"").replace(b"\r", b"").decode("utf-8", "backslashreplace")
        left_out = self.stream.left_out - left_out
        return Output(int(found[1]), text.removesuffix("\n"), left_out)

    def power_off(self) -> None:
        """Power the guest off through ACPI; return once it says that it has."""
        self.state = State.POWER_OFF
        self._send(b"sync; poweroff -f\n")
        seconds = self._timeouts.power_off
        try:
            found = self._expect([_POWERED_OFF], seconds)
        except EndedError:
            # The kernel says it on ttyS0 alone (measured); an end without it is no power-off.
            if not any(self._said(console) for console in (self, *self.others)):
                raise
            self.error = None
        else:
            if found is None:
                raise self.fail(PowerOffError, f"the guest did not power off in {seconds:g} s")
        self.state = State.ENDED

    def _said(self, console: "Console") -> bool:
        """Tell whether the kernel's line of a power-off came on a console, which has ended."""
        console.stream.wait_for_end(_LAST_WORDS_SECONDS)
        return _POWERED_OFF.search(console.stream.tail.encode()) is not None

    def fail(self, kind: type[GuestError], reason: str) -> GuestError:
        """Return an error with what was seen last, and enter its state."""
        self.state = kind.state
        error = kind(reason, self.stream.tail, self.transcript)
        if kind.final:
            self.error = error
        return error

    def trouble(self) -> GuestError | None:
        """Return what went wrong by what has come, without waiting."""
        if self.error or self.stream.ended:
            return self.error
        try:
            self._look([], 0)
        except GuestError as error:
            return error
        return None

    def _expect(self, patterns: list[re.Pattern[bytes]], seconds: float) -> re.Match[bytes] | None:
        """Wait for one of the patterns; return its match, None after ``seconds``."""
        if self.error:
            raise self.error
        deadline = time.monotonic() + seconds
        while True:
            left = deadline - time.monotonic()
            found = self._look(patterns, max(0.0, min(_SLICE, left)))
            if found or left <= 0:
                return found
            self._look_at_others()

    def _look_at_others(self) -> None:
        """Raise what went wrong by what has come on the other consoles."""
        for other in self.others:
            if trouble := other.trouble():
                self.state, self.error = trouble.state, trouble
                raise trouble

    def _look(self, patterns: list[re.Pattern[bytes]], seconds: float) -> re.Match[bytes] | None:
        """Look for the patterns and for all that can go wrong. Raises GuestError."""
        watched: list[re.Pattern[bytes] | type[EOF | TIMEOUT]] = [*patterns, _PANIC, _REBOOT]
        watched += [EOF, TIMEOUT]
        self.stream.expect_list(watched, timeout=seconds)
        match = self.stream.match
        if match is TIMEOUT:
            return None
        if not isinstance(match, re.Match):
            self._look_at_others()  # which may know why
            raise self._end(self)
        if match.re is _PANIC:
            raise self.fail(PanicError, match[1].decode("utf-8", "backslashreplace"))
        if match.re is _REBOOT:
            raise self.fail(RebootedError, "the guest restarts")
        return match

    def _send(self, data: bytes) -> None:
        try:
            self.stream.send(data)
        except EOF:
            raise self._end(self) from None
