"""UARTs: the ports of the LPC bus (``-l``) and the PCI emulation ``uart``; facts: ``-l``."""

from dataclasses import dataclass, field
from enum import StrEnum

from acrn_dm.host import Kind
from acrn_dm.machine import Machine
from acrn_dm.problem import USAGE_EXIT, FaultKind, Problem
from acrn_dm.tables import COM_PORTS
from acrn_dm.text import decimal, fold


class UartKind(StrEnum):
    """What a UART is connected to."""

    STDIO = "stdio"
    TCP = "tcp"
    TTY = "tty"


@dataclass(frozen=True, slots=True)
class UartBackend:
    """``stdio``, ``tcp:PORT`` (value: the port) or the path of a tty (value: the path)."""

    kind: UartKind
    value: str = ""

    def open(self, machine: Machine) -> Problem | None:
        """Return why the backend cannot be opened, or None."""
        match self.kind:
            case UartKind.STDIO:
                if not machine.take_stdio():
                    return Problem(FaultKind.STDIO, "uart: stdio is used by other device")
            case UartKind.TCP:
                if decimal(self.value) is None:
                    return Problem(FaultKind.UART, "uart: open_backend failed")
            case UartKind.TTY:
                kind = machine.host.entry(self.value).kind
                if kind is Kind.MISSING:
                    return Problem(FaultKind.UART, f"uart: open failed: {self.value}")
                if kind is not Kind.TTY:
                    return Problem(FaultKind.UART, f"uart: not a tty: {self.value}")
        return None


def uart_backend(text: str | None) -> UartBackend | None:
    """Read a backend; None is a UART that is connected to nothing."""
    if text is None:
        return None
    if text == "stdio":
        return UartBackend(UartKind.STDIO)
    if text.startswith("tcp:"):
        return UartBackend(UartKind.TCP, text.removeprefix("tcp:"))
    return UartBackend(UartKind.TTY, text)


@dataclass(frozen=True, slots=True)
class Uart:
    """``-s SLOT,uart[,BACKEND]``."""

    backend: UartBackend | None

    def start(self, machine: Machine) -> Problem | None:
        """Open the backend."""
        return self.backend.open(machine) if self.backend else None


@dataclass(frozen=True, slots=True)
class LpcPort:
    """``-l NAME[,BACKEND]``; ``token`` is the index of the token that holds it."""

    name: str
    backend: UartBackend | None
    token: int = field(compare=False)


def lpc_port(text: str, token: int, release: str) -> LpcPort | Problem:
    """Read the value of ``-l``; the name in any case (com1 and com2, v3.3: com1 to com5)."""
    name, comma, backend = text.partition(",")
    name = fold(name)
    if name not in COM_PORTS[release]:
        message = f"acrn-dm: invalid lpc device configuration '{text}'"
        return Problem(FaultKind.LPC_PORT, message, exit=USAGE_EXIT)
    return LpcPort(name, uart_backend(backend if comma else None), token)


def uart(config: str | None, _release: str) -> Uart:
    """Read the arguments of the emulation ``uart``."""
    return Uart(uart_backend(config))
