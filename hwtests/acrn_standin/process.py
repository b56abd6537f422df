"""One run of QEMU: a child that dies with this process, and the monitor to talk to it."""

import asyncio
import os
import shutil
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from typing import Final

from qemu.qmp import QMPClient, QMPError, Runstate, StateError

from acrn_standin.errors import StartError
from acrn_standin.say import remark

QEMU: Final = "qemu-system-x86_64"

TIED: Final = ("setpriv", "--pdeathsig", "KILL", "--")
"""In front of a command: the kernel kills it when the process that started it is gone."""

SIGNALS: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
"""Those that end a supervisor."""

_SPEAKERS: Final = (f"{QEMU}:", f"{TIED[0]}:")
_QUITS_WITHIN: Final = 3.0
_LAST_WORDS_WITHIN: Final = 1.0
_LONGEST_WORDS: Final = 600


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended: QMP's reason of the shutdown, empty where QEMU gave none; its last words."""

    reason: str
    words: str


class Qemu:
    """A running QEMU, with its monitor."""

    def __init__(self, process: asyncio.subprocess.Process, client: QMPClient) -> None:
        """Take a process that was just started, and the client that is connected to it."""
        self._process = process
        self._client = client
        self._words = asyncio.create_task(_passed_on(process))

    async def execute(self, command: str, **arguments: object) -> object:
        """Return the monitor's answer; underscores in names stand for hyphens. Raises QMPError."""
        named = {name.replace("_", "-"): value for name, value in arguments.items()}
        return await self._client.execute(command, named)

    async def connect(self, monitor: socket.socket) -> None:
        """Connect to the monitor; where QEMU ends before it answers, `ended` will tell."""
        # The client's own list keeps all events otherwise.
        self._client.events.names.add("SHUTDOWN")
        with suppress(QMPError):
            await self._client.connect(monitor)

    async def ended(self) -> Ending:
        """Return how it ended, once it has."""
        await self._process.wait()
        words = await asyncio.shield(self._words)
        # The event was written before the end, but need not have been read.
        with suppress(TimeoutError):
            async with asyncio.timeout(_LAST_WORDS_WITHIN):
                while self._client.runstate is Runstate.RUNNING:
                    await self._client.runstate_changed()
        events = self._client.events.history
        return Ending(_reason(events[-1]["data"]) if events else "", words)

    async def stop(self) -> None:
        """End it: by its monitor, and by force where that does not help."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_QUITS_WITHIN):
                await self._asked_to_quit()
        with suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()

    async def _asked_to_quit(self) -> None:
        try:
            await self.execute("quit")
        except StateError:
            # No monitor: it has ended, or never came up.
            return
        except QMPError:
            # It hung up before it answered.
            pass
        await self._process.wait()

    async def close(self) -> None:
        """Let go of a QEMU that has ended."""
        await self._words
        with suppress(QMPError, OSError, EOFError):
            await self._client.disconnect()


@asynccontextmanager
async def running(argv: tuple[str, ...]) -> AsyncIterator[Qemu]:
    """Start QEMU with these arguments; at the end of the context it is gone. Raises StartError."""
    _require_programs()
    ours, theirs = socket.socketpair()
    with ours:
        with theirs, _signals_blocked():
            monitor = ("-chardev", f"socket,id=qmp,fd={theirs.fileno()}")
            mode = ("-mon", "chardev=qmp,mode=control")
            process = await asyncio.create_subprocess_exec(
                *(*TIED, QEMU, *argv, *monitor, *mode),
                pass_fds=[theirs.fileno()],
                # acrn-dm does not listen to what is no terminal.
                stdin=None if os.isatty(0) else asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
            )
        qemu = Qemu(process, QMPClient())
        try:
            await qemu.connect(ours)
            yield qemu
        finally:
            await qemu.stop()
            await qemu.close()


def _require_programs() -> None:
    for program, package in (TIED[0], "util-linux"), (QEMU, "qemu-system-x86"):
        if not shutil.which(program):
            raise StartError(f"{program} is not there; apt-get install {package}")


@contextmanager
def _signals_blocked() -> Iterator[None]:
    """Block the signals that end us, for a child to inherit: how it ends is for us to say.

    A signal to the whole process group, and the hang-up of a terminal, reach it too.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


async def _passed_on(process: asyncio.subprocess.Process) -> str:
    """Show what a QEMU says on stderr, and return its last line that is no hint."""
    stream = process.stderr
    if stream is None:
        return ""
    last, partial = "", b""
    while data := await stream.read(1 << 16):
        *lines, partial = (partial + data).split(b"\n")
        partial = partial[-_LONGEST_WORDS:]
        for line in lines:
            text = line[:_LONGEST_WORDS].decode("utf-8", "backslashreplace")
            remark(text)
            # Hints may follow the line that has the reason.
            if text.startswith(_SPEAKERS) or not last:
                last = text
    return last


def _reason(data: object) -> str:
    match data:
        case {"reason": str(reason)}:
            return reason
        case _:
            return ""
