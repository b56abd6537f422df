"""UARTs: the ports of the LPC bus (``-l``) and the PCI emulation ``uart``; facts: ``-l``."""

from enum import StrEnum
from typing import Final, NamedTuple

from acrn_dm.host import Kind, NeedKind
from acrn_dm.machine import Machine
from acrn_dm.problem import USAGE_EXIT, FaultKind, Problem
from acrn_dm.tables import COM_PORTS, LIFE_CYCLE_PORT, VUART_BY_INDEX
from acrn_dm.text import decimal, fold, natural

_INDEX: Final = "vuart_idx"
_PORTS: Final = 1 << 16


class UartKind(StrEnum):
    """The thing that a UART is connected to."""

    STDIO = "stdio"
    TCP = "tcp"
    TTY = "tty"
    HYPERVISOR = "hypervisor"


class UartBackend(NamedTuple):
    """``stdio``, ``tcp:PORT`` (value: the port), the path of a tty, or the hypervisor's index."""

    kind: UartKind
    value: str = ""

    def open(self, machine: Machine) -> Problem | None:
        """Return why the backend cannot be opened, or None."""
        match self.kind:
            case UartKind.STDIO:
                if not machine.take_stdio():
                    return Problem(FaultKind.STDIO, "uart: stdio is used by other device")
            case UartKind.TCP:
                return self._listen(machine)
            case UartKind.TTY:
                if self.value in machine.terminals or machine.has(NeedKind.TTY, self.value):
                    return None
                missing = machine.host.entry(self.value).kind is Kind.MISSING
                text = "open failed" if missing else "not a tty"
                return Problem(FaultKind.UART, f"uart: {text}: {self.value}")
            case UartKind.HYPERVISOR:
                machine.wants(f"a virtual UART {self.value}")
        return None

    def _listen(self, machine: Machine) -> Problem | None:
        number = decimal(self.value)
        if number is None:
            return Problem(FaultKind.UART, "")
        port = number.value % _PORTS
        if port in machine.tcp_ports:
            return Problem(FaultKind.UART, "uart: config_backend failed")
        if port:
            machine.tcp_ports.add(port)
        return None


def uart_backend(text: str | None) -> UartBackend | None:
    """Read a backend; None is a UART that is connected to nothing."""
    if text is None:
        return None
    if text == "stdio":
        return UartBackend(UartKind.STDIO)
    if text.startswith("tcp"):
        return UartBackend(UartKind.TCP, text.partition(":")[2])
    return UartBackend(UartKind.TTY, text)


class Uart(NamedTuple):
    """``-s SLOT,uart[,BACKEND]``."""

    backend: UartBackend | None

    def start(self, machine: Machine) -> Problem | None:
        """Open the backend."""
        return self.backend.open(machine) if self.backend else None


class LpcPort(NamedTuple):
    """``-l NAME[,BACKEND]``; ``token`` is the index of the token that holds it."""

    name: str
    backend: UartBackend | None
    token: int


def lpc_port(text: str, token: int, release: str) -> LpcPort | Problem:
    """Read the value of ``-l``; the name in any case (com1 and com2, v3.3: com1 to com5)."""
    name, comma, backend = text.partition(",")
    name = fold(name)
    if name in COM_PORTS[release]:
        if name != LIFE_CYCLE_PORT or not comma:
            return LpcPort(name, uart_backend(backend if comma else None), token)
        backend, *resources = backend.split(",", 2)
        if not resources or (len(resources) > 1 and all(map(_resource, resources))):
            return LpcPort(name, uart_backend(backend), token)
    message = f"acrn-dm: invalid lpc device configuration '{text}'"
    return Problem(FaultKind.LPC_PORT, message, exit=USAGE_EXIT)


def _resource(text: str) -> bool:
    """Tell whether an I/O port or interrupt of the life-cycle port is a number."""
    return natural(text, 0) is not None


def uart(config: str | None, release: str) -> Uart:
    """Read the arguments of the emulation ``uart``: a backend, or ``vuart_idx:N`` (v2.3)."""
    if config and config.startswith(_INDEX) and release in VUART_BY_INDEX:
        index = natural(config.partition(":")[2])
        if index is not None:
            return Uart(UartBackend(UartKind.HYPERVISOR, str(index.value)))
    return Uart(uart_backend(config))
