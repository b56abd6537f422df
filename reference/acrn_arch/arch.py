"""The arch object: what a runtime asks of the ACRN arch layer before it launches a guest."""

import os
from dataclasses import dataclass

from acrn_arch.config import Memory
from acrn_arch.devices import Block, Bridge, Console, Device, Lpc, PortType
from acrn_arch.diagnostics import log
from acrn_arch.dialect import KATA_1, Dialect
from acrn_arch.errors import MissingImageError, RangeError
from acrn_arch.kernel import Param, with_mode

ACRN_DM = "/usr/bin/acrn-dm"
ACRNCTL = "/usr/bin/acrnctl"
MAX_VCPUS = 8

Devices = tuple[Device, ...]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A network endpoint: ``endpoint`` veth or macvtap, any other being unsupported.

    ``model`` counts for veth alone: ``macvtap`` gives a macvtap device, all others a tap.
    """

    endpoint: str
    model: str = ""
    if_name: str = ""
    hard_addr: str = ""


@dataclass(frozen=True, slots=True)
class Arch:
    """The arch layer for one guest (seed: acrnArchBase); an image brings root parameters.

    Each ``append_*`` returns new devices and leaves the given ones alone.
    """

    image_path: str = ""
    dialect: Dialect = KATA_1

    def kernel_parameters(self, *, debug: bool) -> tuple[Param, ...]:
        """Return common, root, debug or quiet, systemd's; root and systemd only with an image."""
        return with_mode(self.dialect.common, rooted=bool(self.image_path), debug=debug)

    def memory_topology(self, memory_mb: int) -> Memory:
        """Memory in MiB, a uint64, as acrn-dm takes it. Raises RangeError outside uint64."""
        if not 0 <= memory_mb < 1 << 64:
            raise RangeError(f"memory of {memory_mb} MiB is outside 0..2^64-1; give a size in it")
        return Memory(f"{memory_mb}M")

    def append_bridges(self, devices: Devices) -> Devices:
        """Add the host bridge."""
        return (*devices, Bridge(0, "hostbridge"))

    def append_lpc(self, devices: Devices) -> Devices:
        """Add the LPC bus, whose UART acrn-dm connects to its stdio."""
        return (*devices, Lpc(0, "lpc"))

    def append_console(self, devices: Devices, path: str) -> Devices:
        """Add the guest's console on a socket."""
        return (*devices, Console("console0", "socket", PortType.CONSOLE, path))

    def append_socket(self, devices: Devices, name: str, host_path: str) -> Devices:
        """Add a serial port on a socket, as the agent needs one."""
        return (*devices, Console(name, "socket", PortType.SERIAL, host_path))

    def append_image(self, devices: Devices, path: str) -> Devices:
        """Add the guest image with index 0. Raises MissingImageError only where it does not exist.

        Any other trouble in looking (a parent that is a file, a NUL in the path) is let pass.
        """
        try:
            os.stat(path.encode())  # noqa: PTH116  (bytes: any locale)
        except FileNotFoundError:
            raise MissingImageError(path) from None
        except (OSError, ValueError):
            pass
        return (*devices, Block(path, 0))

    def append_network(self, devices: Devices, endpoint: Endpoint) -> Devices:
        """Add a network device; an unsupported endpoint adds none and leaves a diagnostic."""
        match endpoint.endpoint:
            case "veth":
                net_type = "macvtap" if endpoint.model == "macvtap" else "tap"
            case "macvtap":
                net_type = "macvtap"
            case kind:
                log().error("network endpoint %r is not supported: no device for it", kind)
                return devices
        return (*devices, self.dialect.net(net_type, endpoint.if_name, endpoint.hard_addr))

    def append_block_device(self, devices: Devices, file: str, index: int) -> Devices:
        """Add a drive; one without a file adds nothing."""
        return (*devices, Block(file, index)) if file else devices
