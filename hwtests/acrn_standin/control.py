"""The supervisor's ear: what acrnctl asks of a running VM."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from acrn_standin import state
from acrn_standin.errors import RescanError
from acrn_standin.host import Host
from acrn_standin.process import Qemu
from acrn_standin.rescan import requested, rescan
from acrn_standin.say import remark

_ASKS_WITHIN = 5.0
_FAILED = -1


class Control:
    """Answers for the VM of a name; there is a guest to ask about while QEMU runs."""

    def __init__(self, vm: state.Vm, host: Host, stop: Callable[[], None]) -> None:
        """Answer for a VM, which ``stop`` ends; files are looked up on the host."""
        self._vm = vm
        self._stop = stop
        self._host = host
        self._qemu: Qemu | None = None
        self._placeholders: frozenset[int] = frozenset()
        self._one_at_a_time = asyncio.Lock()

    @asynccontextmanager
    async def guest(self, qemu: Qemu, placeholders: tuple[int, ...]) -> AsyncIterator[None]:
        """Let rescans reach a guest, whose placeholders are all still empty."""
        self._qemu, self._placeholders = qemu, frozenset(placeholders)
        try:
            yield
        finally:
            self._qemu = None

    @asynccontextmanager
    async def answering(self, listener: socket.socket) -> AsyncIterator[None]:
        """Answer whoever connects."""
        server = await asyncio.start_unix_server(
            self._connected, sock=listener, limit=state.LONGEST_MESSAGE
        )
        try:
            yield
        finally:
            server.close()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(TimeoutError, ValueError, OSError):
                async with asyncio.timeout(_ASKS_WITHIN):
                    line = await reader.readline()
                writer.write(state.encoded(await self._answer(state.decoded(line))))
                await writer.drain()
        finally:
            writer.close()

    async def _answer(self, request: state.Message | None) -> state.Message:
        match request:
            case {"command": "list"}:
                return {"name": self._vm.name, "key": self._vm.key}
            case {"command": "stop"}:
                self._stop()
                return {"error": 0}
            case {"command": "blkrescan", "argument": str(argument)}:
                return await self._rescan(argument)
            case _:
                return {"error": _FAILED, "why": "no such request"}

    def _running(self) -> Qemu:
        if self._qemu is None:
            raise RescanError("the guest is being reset")
        return self._qemu

    async def _rescan(self, argument: str) -> state.Message:
        async with self._one_at_a_time:
            try:
                request = requested(argument, self._placeholders, self._host)
                await rescan(self._running(), request)
            except RescanError as error:
                remark(f"blkrescan {argument}: {error}")
                return {"error": _FAILED, "why": str(error)}
            # A placeholder is filled once.
            self._placeholders -= {request.slot}
        return {"error": 0}
