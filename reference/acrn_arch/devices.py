"""The five devices: when each is valid, and its argv text on a given slot.

Validity and text are upstream's to the letter, oddities included (golden/ledger.json lists
those): a console on backend ``console`` is valid and has no backend text, one on ``stdio`` has
text and is never valid.
"""

from dataclasses import dataclass
from enum import Enum

_VALID_BACKENDS = frozenset({"tty", "pty", "console", "socket", "file"})
_VALID_NET_TYPES = frozenset({"tap", "macvtap"})


class PortType(Enum):
    """How acrn-dm offers a console port to the guest; ``other`` stands for any invalid one."""

    SERIAL = "serial"
    CONSOLE = "console"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Console:
    """A virtio-console port (seed: ConsoleDevice)."""

    name: str = ""
    backend: str = ""
    port_type: PortType = PortType.SERIAL
    path: str = ""

    def valid(self) -> bool:
        """Known backend and port type, and a path, even where the backend never uses one."""
        return (
            self.backend in _VALID_BACKENDS
            and self.port_type is not PortType.OTHER
            and self.path != ""
        )

    def params(self, slot: int) -> tuple[str, ...]:
        """``-s SLOT,virtio-console,[@]BACKEND:PORT[=PATH]``."""
        at = "@" if self.port_type is PortType.CONSOLE else ""
        return "-s", f"{slot},virtio-console,{at}{self._backend_text()}"

    def _backend_text(self) -> str:
        match self.backend:
            case "pty":
                return "pty:pty_port"
            case "tty":
                return f"tty:tty_port={self.path}"
            case "socket":
                return f"socket:{self.name}={self.path}"
            case "file":
                return f"file:file_port={self.path}"
            case "stdio":
                return "stdio:stdio_port"
            case _:
                return ""


@dataclass(frozen=True, slots=True)
class Net:
    """A virtio-net device (seed: NetDevice)."""

    net_type: str = ""
    if_name: str = ""
    mac_address: str = ""

    def valid(self) -> bool:
        """Type tap or macvtap, an interface name and a MAC address (its form is not looked at)."""
        return self.net_type in _VALID_NET_TYPES and self.if_name != "" and self.mac_address != ""

    def params(self, slot: int) -> tuple[str, ...]:
        """``-s SLOT,virtio-net,NAME,mac=MAC``; of an unknown type only the name."""
        mac = f",mac={self.mac_address}" if self.net_type in _VALID_NET_TYPES else ""
        return "-s", f"{slot},virtio-net,{self.if_name}{mac}"


@dataclass(frozen=True, slots=True)
class Block:
    """A virtio-blk device (seed: BlockDevice); ``index`` is its place in the block table."""

    file_path: str = ""
    index: int = 0

    def valid(self) -> bool:
        """Ask for a file path only."""
        return self.file_path != ""

    def params(self, slot: int) -> tuple[str, ...]:
        """``-s SLOT,virtio-blk,PATH``."""
        return "-s", f"{slot},virtio-blk,{self.file_path}"


@dataclass(frozen=True, slots=True)
class Bridge:
    """The host bridge (seed: BridgeDevice); ``config`` never reaches the argv."""

    function: int = 0
    emul: str = ""
    config: str = ""

    def valid(self) -> bool:
        """Only function 0 of the emulation ``hostbridge``."""
        return self.function == 0 and self.emul == "hostbridge"

    def params(self, slot: int) -> tuple[str, ...]:
        """``-s SLOT:FUNCTION,EMULATION``."""
        return "-s", f"{slot}:{self.function},{self.emul}"


@dataclass(frozen=True, slots=True)
class Lpc:
    """The LPC bus with its UART (seed: LPCDevice)."""

    function: int = 0
    emul: str = ""

    def valid(self) -> bool:
        """Ask for the emulation ``lpc``; upstream does not look at the function."""
        return self.emul == "lpc"

    def params(self, slot: int) -> tuple[str, ...]:
        """``-s SLOT:FUNCTION,EMULATION`` and, as one token, ``-lcom1,stdio``."""
        return "-s", f"{slot}:{self.function},{self.emul}", "-lcom1,stdio"


Device = Console | Net | Block | Bridge | Lpc
