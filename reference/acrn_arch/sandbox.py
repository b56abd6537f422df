"""A whole sandbox as the container runtime composes it, and the hot-plug of its disks.

Source: the measured composition of kata-containers/runtime 04f29832, around the seed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import assert_never

from acrn_arch.arch import ACRN_DM, ACRNCTL, Arch, Devices, Endpoint, Param
from acrn_arch.config import Config, Kernel
from acrn_arch.devices import Block
from acrn_arch.errors import MissingImageError, RescanError
from acrn_arch.table import POOL_SIZE, BlockTable

PLACEHOLDER = "nodisk"
"""The file name that makes acrn-dm create an empty disk, to be filled by a rescan."""


@dataclass(frozen=True, slots=True)
class Bridges:
    """The host bridge, to be appended."""


@dataclass(frozen=True, slots=True)
class LpcBus:
    """The LPC bus, to be appended."""


@dataclass(frozen=True, slots=True)
class ConsoleSocket:
    """The guest's console on a socket, to be appended."""

    path: str


@dataclass(frozen=True, slots=True)
class Image:
    """The guest image, to be looked for and appended."""

    path: str


@dataclass(frozen=True, slots=True)
class Socket:
    """A socket to append, as a serial port."""

    name: str
    host_path: str


@dataclass(frozen=True, slots=True)
class Drive:
    """A drive to append, with its place in the block table."""

    file: str
    index: int


SandboxStep = Socket | Endpoint | Drive
Step = Bridges | LpcBus | ConsoleSocket | Image | SandboxStep


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A sandbox as the runtime knows it; ``memory_mb`` in MiB, ``kernel_params`` the user's."""

    id: str = ""
    uuid: str = ""
    memory_mb: int = 0
    debug: bool = False
    max_vcpus: int = 0
    kernel_path: str = ""
    image_path: str = ""
    kernel_params: tuple[Param, ...] = ()
    console_path: str = ""
    steps: tuple[SandboxStep, ...] = ()

    def config(self) -> Config:
        """Compose the guest's configuration; whether the image exists is not looked at.

        Raises MissingImageError for an empty image path, RangeError as memory_topology.
        """
        arch = Arch(self.image_path)
        return Config(
            path=ACRN_DM,
            ctl_path=ACRNCTL,
            name=f"sandbox-{self.id}",
            uuid=self.uuid,
            acpi_virt=True,
            memory=arch.memory_topology(self.memory_mb),
            kernel=Kernel(self.kernel_path, self.image_path, self._kernel_line(arch)),
            devices=self._devices(arch),
        )

    def _devices(self, arch: Arch) -> Devices:
        if not self.image_path:
            raise MissingImageError(self.image_path)
        devices = arch.append_console(arch.append_lpc(arch.append_bridges(())), self.console_path)
        devices += (Block(self.image_path, 0),)
        for index in range(1, POOL_SIZE + 1):
            devices = arch.append_block_device(devices, PLACEHOLDER, index)
        for step in self.steps:
            devices = append(arch, devices, step)
        return devices

    def _kernel_line(self, arch: Arch) -> str:
        """Join all parameters, the user's last, so that they win in the guest."""
        own = (Param("panic", "1"), Param("maxcpus", str(self.max_vcpus)))
        return serialise((*arch.kernel_parameters(debug=self.debug), *own, *self.kernel_params))


def append(arch: Arch, devices: Devices, step: Step) -> Devices:
    """Return the devices with what a step appends. Raises MissingImageError as append_image."""
    match step:
        case Bridges():
            return arch.append_bridges(devices)
        case LpcBus():
            return arch.append_lpc(devices)
        case ConsoleSocket(path):
            return arch.append_console(devices, path)
        case Image(path):
            return arch.append_image(devices, path)
        case Socket(name, host_path):
            return arch.append_socket(devices, name, host_path)
        case Endpoint():
            return arch.append_network(devices, step)
        case Drive(file, index):
            return arch.append_block_device(devices, file, index)
        case _:
            assert_never(step)


def serialise(params: Iterable[Param]) -> str:
    """Join parameters with blanks as ``key=value``, or whichever of the two there is."""
    pieces = (f"{p.key}={p.value}" if p.key and p.value else p.key or p.value for p in params)
    return " ".join(piece for piece in pieces if piece)


def block_rescan(name: str, table: BlockTable, index: int, file: str) -> tuple[str, ...]:
    """Return acrnctl's arguments to put ``file`` behind the disk with ``index``.

    Raises RescanError without a file and for an index outside 0..7: index 8 has a table entry
    that can never be updated, index 0 replaces the guest's own root disk (both upstream's).
    """
    if not file:
        raise RescanError("a rescan needs a file; name the disk image to show to the guest")
    if not 0 <= index < POOL_SIZE:
        raise RescanError(f"index {index} is outside the pool; give one from 0 to {POOL_SIZE - 1}")
    return "blkrescan", name, f"{table.slots[index]},{file}"
