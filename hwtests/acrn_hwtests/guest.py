"""A guest on a board: its device model, its consoles, its transcripts, and its end."""

import re
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from acrn_hwtests.boardfile import Timeouts
from acrn_hwtests.console import Console
from acrn_hwtests.ending import FUNCTIONS, Programs, end
from acrn_hwtests.hosts.host import Host, HostError, run
from acrn_hwtests.last_words import reason
from acrn_hwtests.plan import Plan
from acrn_hwtests.state import (
    DeviceModelError,
    EndedError,
    GuestError,
    LostError,
    PowerOffError,
    RebootedError,
    State,
)
from acrn_hwtests.stream import Connection, Live, Stream
from acrn_hwtests.terminal import Terminal
from acrn_hwtests.transcript import Folder

_LAUNCH = """
cd "$1" || exit
mkfifo stderr 2>/dev/null
exec 3>stderr 2>/dev/null
sh -c 'exec 2>&3 3>&-; echo $$ >pid && [ -e "$1/pid" ] && shift && exec "$@"' sh "$@"
exit $?
"""
"""Leaves acrn-dm's process id in the guest's folder, and starts it only if that is still where the
keeper looks. Ends with a status also after a signal, which ssh could not tell. stderr is acrn-dm's
alone: a shell says there that its command was killed. It goes through a pipe with a reader of its
own, since a terminal over ssh has one stream alone."""

_ERRORS = 'mkfifo "$1/stderr" 2>/dev/null; exec cat "$1/stderr"'
"""Reads acrn-dm's stderr; whichever of the two comes first makes the pipe and waits at it."""

_KILL = """
is_guest "$2" "$3" && kill -s "$1" "$2"
"""

_LISTENS = """grep ' 00010000 ' /proc/net/unix | sed 's/^[^/]*//' | grep -qxF -- "$1" """
"""Succeeds if somebody listens at a socket: to connect there is not refused. Seen on the board,
since ssh forwards a connection before it is refused there."""

_RELAY = 'exec 3<>"$1"; stty raw -echo <&3; cat <&3 & cat >&3; kill $!'
"""Carries a terminal's bytes over standard streams until the near end hangs up."""

_END_SECONDS = 40.0
_SIGNALLED = 128
"""A shell's exit status for a command that a signal has ended is this and the signal's number."""

_LAST_SIGNAL = 64


class Guest:
    """A running acrn-dm with its consoles; as a context manager it is ended on leaving.

    The device model's standard streams are the console ttyS0 (``-lcom1,stdio``), on a terminal of
    the tier's own; its stderr is apart. Consoles on sockets are there after `attach`.
    """

    def __init__(
        self,
        host: Host,
        programs: Programs,
        plan: Plan,
        timeouts: Timeouts,
        folder: Folder,
        live: Live,
    ) -> None:
        """Start it. The plan's folder must be there. Raises HostError."""
        self.plan = plan
        self.folder = folder
        self.timeouts = timeouts
        self._host = host
        self._programs = programs
        self._live = live
        self._streams: list[Stream] = []
        self._consoles: list[Console] = []
        self._helpers: list[subprocess.Popen[bytes]] = []
        self._end = self._pid = ""
        words = ["sh", "-c", _LAUNCH, "sh", plan.folder, programs.acrn_dm, *plan.argv]
        terminal = Terminal()
        near, far = socket.socketpair()
        with far, terminal.far:
            try:
                self._help(["sh", "-c", _ERRORS, "sh", plan.folder], far)
                self._process = subprocess.Popen(
                    host.command(words, terminal=True),
                    stdin=terminal.far,
                    stdout=terminal.far,
                    stderr=far.fileno(),
                    start_new_session=True,
                )
            except OSError as error:
                near.close()
                terminal.close()
                for helper in self._helpers:
                    helper.kill()
                raise HostError(f"{host.name}: cannot start: {error.strerror}") from None
        self.errors = self.stream("stderr", near)
        self.serial = self.console("ttyS0", terminal)
        self.hvc: Console | None = None

    @property
    def name(self) -> str:
        """The VM's name, unique to this guest."""
        return self.plan.name

    def _help(self, words: Sequence[str], end: socket.socket) -> None:
        """Run a command on the board whose standard streams are a socket, as long as the guest."""
        self._helpers.append(
            subprocess.Popen(
                self._host.command(words),
                stdin=end.fileno(),
                stdout=end.fileno(),
                stderr=subprocess.DEVNULL,  # where what it reads goes before we do
                start_new_session=True,
            )
        )

    def stream(self, name: str, connection: Connection) -> Stream:
        """Take up a stream of this guest; it is closed with the guest."""
        found = Stream(name, connection, self.folder.stream(name), self._live)
        self._streams.append(found)
        return found

    def console(self, name: str, connection: Connection) -> Console:
        """Take up a console of this guest."""
        stream = self.stream(name, connection)
        found = Console(stream, self.timeouts, str(self.folder.path), self._why)
        self._consoles.append(found)
        return found

    def attach(self) -> Console:
        """Connect to the console hvc0. Raises GuestError if its socket does not come."""
        connection = self.connect(self.plan.console_path)
        self._pid = str(self.pid())  # known here, lest somebody removes what has it there
        self.hvc = self.console("hvc0", connection)
        self.hvc.others, self.serial.others = (self.serial,), (self.hvc,)
        return self.hvc

    def connect(self, path: str) -> socket.socket:
        """Connect to a socket of the device model, which may not be there yet.

        Raises GuestError once the time for that is over, or the device model.
        """
        deadline = time.monotonic() + self.timeouts.socket
        while True:
            if self.listens(path):
                connection = socket.socket(socket.AF_UNIX)
                try:
                    connection.connect(self._host.socket(path))
                except OSError:  # gone again
                    connection.close()
                else:
                    return connection
            if self.status() is not None:
                raise self._why(self.serial)
            if time.monotonic() > deadline:
                seconds = self.timeouts.socket
                raise self.serial.fail(LostError, f"no socket {path} in {seconds:g} s")
            time.sleep(0.05)

    def listens(self, path: str) -> bool:
        """Tell whether a connection to a socket on the board would not be refused.

        acrn-dm leaves its sockets' files behind (measured): that one is there says nothing.
        """
        return run(self._host, ["sh", "-c", _LISTENS, "sh", path]).status == 0

    def terminal(self, path: str) -> socket.socket:
        """Connect to a terminal on the board, such as acrn-dm's pty backend makes one."""
        near, far = socket.socketpair()
        with far:
            self._help(["sh", "-c", _RELAY, "sh", path], far)
        return near

    def printed(self, pattern: bytes) -> re.Match[bytes] | None:
        """Search all that acrn-dm has printed, and that the guest has on ttyS0."""
        return re.search(pattern, (self.folder.path / "ttyS0.raw").read_bytes())

    def pid(self) -> int:
        """Return acrn-dm's process id on the board. Raises HostError."""
        done = run(self._host, ["cat", self.plan.path("pid")])
        if not done.text.isdigit():
            raise HostError(f"{self._host.name}: no process id of {self.name}: {done.complaint}")
        return int(done.text)

    def arguments(self) -> tuple[str, ...]:
        """Return the arguments that acrn-dm has on the board, as the kernel knows them.

        Raises HostError.
        """
        done = run(self._host, ["cat", f"/proc/{self.pid()}/cmdline"])
        words = done.output.decode("utf-8", "surrogateescape").removesuffix("\0").split("\0")
        return tuple(words)

    def status(self, seconds: float = 0) -> int | None:
        """Return acrn-dm's exit status once it has ended, waiting for it up to ``seconds``."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def power_off(self, console: Console) -> int:
        """Power the guest off; return acrn-dm's exit status. Raises GuestError."""
        console.power_off()
        seconds = self.timeouts.power_off
        status = self.status(seconds)
        if status is None:
            raise console.fail(PowerOffError, f"acrn-dm still runs {seconds:g} s after the guest")
        self._end = f"powered off, exit status {status}"
        return status

    def kill(self, number: signal.Signals) -> None:
        """Send acrn-dm a signal, if it is still there. Raises HostError."""
        word = number.name.removeprefix("SIG")
        words = ["sh", "-c", FUNCTIONS + _KILL, "sh", word, str(self.pid()), self.name]
        run(self._host, words)

    def stop(self) -> None:
        """End it, and hang up; what it leaves on the board goes."""
        try:
            # What cannot be reached, or does not end, the keeper will look for.
            with suppress(HostError):
                end(self._host, self._programs, self.plan.folder, self._pid, _END_SECONDS)
        finally:
            for stream in self._streams:
                stream.close()
            for process in (self._process, *self._helpers):
                # The near ends, of a connection that is lost, or of a helper that hangs.
                process.kill()
                process.wait()
            now = datetime.now(UTC).isoformat(timespec="milliseconds")
            self.folder.close(now, self._how())

    def _how(self) -> str:
        """Tell how the guest ended: by itself, by an error, or by us."""
        errors = [console.error for console in self._consoles if console.error]
        return self._end or next((f"{e.state}: {e.reason}" for e in errors), "stopped")

    def _why(self, console: Console) -> GuestError:
        """Tell why a stream of this guest ended; acrn-dm itself may take a while to."""
        if console.stream.error:
            return console.fail(LostError, console.stream.error)
        status = self.status(self.timeouts.socket)
        if status is None:
            # A reset: acrn-dm rebuilds its devices, and hangs up on who is connected (measured).
            return console.fail(RebootedError, "the console was closed, the device model runs on")
        if self._host.lost(status):
            return console.fail(LostError, f"the connection to {self._host.name} broke")
        if _SIGNALLED < status <= _SIGNALLED + _LAST_SIGNAL:
            name = _signal_name(status - _SIGNALLED)
            return console.fail(LostError, f"the device model was killed by {name}")
        # v1.0 ends with status 0 even where a device could not be made (measured).
        if status == 0 and console.state not in {State.SPAWNED, State.BOOTING}:
            return console.fail(EndedError, "the device model ended, exit status 0")
        said = [line for line in self.serial.stream.tail.split("\n") if line]
        said += [line for line in self.errors.tail.split("\n") if line]
        told = f": {reason(said)}" if said else ", and said nothing"
        return console.fail(DeviceModelError, f"acrn-dm ended with exit status {status}{told}")

    def __enter__(self) -> Self:
        """Return the guest itself."""
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        """End it."""
        self.stop()


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
