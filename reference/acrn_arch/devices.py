"""The devices: when each is valid, and its argv text on a given slot.

Validity and text are upstream's to the letter, oddities included (golden/ledger.json lists
those): a console on backend ``console`` is valid and has no backend text, one on ``stdio`` has
text and is never valid.
"""

from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

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
    prefix: ClassVar[str] = ""

    def valid(self) -> bool:
        """Type tap or macvtap, an interface name and a MAC address (its form is not looked at)."""
        return self.net_type in _VALID_NET_TYPES and self.if_name != "" and self.mac_address != ""

    def params(self, slot: int) -> tuple[str, ...]:
        """``-s SLOT,virtio-net,NAME,mac=MAC``; of an unknown type only the name."""
        if self.net_type in _VALID_NET_TYPES:
            text = f"{self.prefix}{self.if_name},mac={self.mac_address}"
        else:
            text = self.if_name
        return "-s", f"{slot},virtio-net,{text}"


class TapNet(Net):
    """A virtio-net device for acrn-dm v3.0 and newer, which opens a tap only behind ``tap=``."""

    __slots__ = ()
    prefix = "tap="


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


LEAST_CID = 3
"""Context ids below it are the host's own (kata-containers 3.9.0: minGuestCID)."""


@dataclass(frozen=True, slots=True)
class Vsock:
    """The agent's socket (kata-containers 3.9.0: VSOCKDevice); ``context_id`` is a uint64."""

    context_id: int = 0
    greatest: ClassVar[int] = (1 << 32) - 1

    def valid(self) -> bool:
        """Ask for a context id that a guest can have."""
        return LEAST_CID <= self.context_id <= self.greatest

    def params(self, slot: int) -> tuple[str, ...]:
        """``-s SLOT,vhost-vsock,cid=ID``, the id cut to 32 bits."""
        return "-s", f"{slot},vhost-vsock,cid={self.context_id & 0xFFFFFFFF}"


class BoardVsock(Vsock):
    """The agent's socket for acrn-dm v3.0 to v3.3, which refuse the greatest id."""

    __slots__ = ()
    greatest = (1 << 32) - 2


Device = Console | Net | Block | Bridge | Lpc | Vsock
