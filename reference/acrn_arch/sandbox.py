"""A whole sandbox as the container runtime composes it, and the hot-plug of its disks.

Source: the measured composition of kata-containers/runtime 04f29832, around the seed.
"""

from dataclasses import dataclass
from typing import assert_never

from acrn_arch.arch import ACRN_DM, ACRNCTL, Arch, Devices, Endpoint
from acrn_arch.config import Config, Kernel
from acrn_arch.devices import Block, Vsock
from acrn_arch.dialect import KATA_1, Dialect
from acrn_arch.errors import MissingCpuError, MissingImageError, NameLengthError, RescanError
from acrn_arch.kernel import Param, serialise
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


SandboxStep = Socket | Endpoint | Drive | Vsock
Step = Bridges | LpcBus | ConsoleSocket | Image | SandboxStep


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A sandbox as the runtime knows it; ``memory_mb`` in MiB, ``kernel_params`` the user's."""

    id: str = ""
    uuid: str = ""
    apic_id: str = ""
    memory_mb: int = 0
    debug: bool = False
    max_vcpus: int = 0
    kernel_path: str = ""
    image_path: str = ""
    kernel_params: tuple[Param, ...] = ()
    console_path: str = ""
    steps: tuple[SandboxStep, ...] = ()

    def config(self, dialect: Dialect = KATA_1) -> Config:
        """Compose the guest's configuration; whether the image exists is not looked at.

        Raises MissingImageError for an empty image path, RangeError as memory_topology,
        NameLengthError and MissingCpuError where the dialect sets such a condition.
        """
        arch = Arch(self.image_path, dialect)
        if dialect.needs_cpu and not self.apic_id:
            raise MissingCpuError
        return Config(
            path=ACRN_DM,
            ctl_path=ACRNCTL,
            name=self._name(dialect),
            uuid=self.uuid,
            apic_id=self.apic_id,
            acpi_virt=True,
            memory=arch.memory_topology(self.memory_mb),
            kernel=Kernel(self.kernel_path, self.image_path, self._kernel_line(arch)),
            devices=self._devices(arch),
        )

    def _name(self, dialect: Dialect) -> str:
        name, limit = dialect.sandbox_prefix + self.id, dialect.name_limit
        if limit is not None and len(name.encode("utf-8", "surrogatepass")) > limit:
            raise NameLengthError(name, limit)
        return name

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
        case Vsock():
            return (*devices, step)
        case _:
            assert_never(step)


def block_rescan(
    name: str, table: BlockTable, index: int, file: str, *, swap: bool = False
) -> tuple[str, ...]:
    """Return acrnctl's arguments to put ``file`` behind the disk with ``index``.

    Raises RescanError for a swap disk (Kata from 2.2 on), without a file and for an index outside
    0..7: index 8 has a table entry that can never be updated, index 0 replaces the guest's own
    root disk (both upstream's).
    """
    if swap:
        raise RescanError("a swap disk cannot be hot-plugged; give it to the guest at its start")
    if not file:
        raise RescanError("a rescan needs a file; name the disk image to show to the guest")
    if not 0 <= index < POOL_SIZE:
        raise RescanError(f"index {index} is outside the pool; give one from 0 to {POOL_SIZE - 1}")
    return "blkrescan", name, f"{table.slots[index]},{file}"
