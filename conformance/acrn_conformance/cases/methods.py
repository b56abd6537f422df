"""The methods of the wire: the one source of their names, and of what each takes and gives.

Those of kata-1; the other dialects share most of their types. In a request every field with a
default may be absent or null; a result carries every field.
"""

from typing import Annotated, Final

import msgspec

from acrn_conformance.cases.device_types import Device
from acrn_conformance.cases.field_types import Bounds, Int64, Length, Pair, Slots, UInt32, UInt64
from acrn_conformance.cases.step_types import SandboxStep, Step

PROTOCOL: Final = 1
"""The version of the wire that `describe` must name."""


class Method(msgspec.Struct, frozen=True):
    """A method: the shape of its params, and of its result.

    ``built``: the field of the result that lists what was built, item by item; empty where there
    is none.
    """

    name: str
    params: type[msgspec.Struct]
    result: type[msgspec.Struct]
    built: str = ""

    @property
    def asks(self) -> bool:
        """Whether the answer depends on what is asked."""
        return bool(self.params.__struct_fields__)

    @property
    def builds_command(self) -> bool:
        """Whether a whole command line is built, with its block table."""
        return self.result is Command

    @property
    def builds_on_slots(self) -> bool:
        """Whether what is built are tokens that put devices on slots."""
        return "block_slots" in self.result.__struct_fields__


class Nothing(msgspec.Struct, frozen=True):
    """The params of a method that asks nothing."""


class Memory(msgspec.Struct, frozen=True):
    """Guest memory as acrn-dm takes it, e.g. ``2048M``."""

    size: str = ""


class Kernel(msgspec.Struct, frozen=True):
    """Guest kernel; ``params`` is the whole kernel line."""

    path: str = ""
    image_path: str = ""
    params: str = ""


class Config(msgspec.Struct, frozen=True):
    """A guest's configuration."""

    path: str = ""
    ctl_path: str = ""
    name: str = ""
    uuid: str = ""
    acpi_virt: bool = False
    memory: Memory = Memory()
    kernel: Kernel = Kernel()
    devices: tuple[Device, ...] = ()


class ArgvParams(msgspec.Struct, frozen=True):
    """A configuration to build a command line of."""

    config: Config = Config()


class Command(msgspec.Struct, frozen=True):
    """A command line without the program's name, and its block table."""

    argv: tuple[str, ...]
    block_slots: Slots


class DeviceValidParams(msgspec.Struct, frozen=True):
    """A device."""

    device: Device


class Validity(msgspec.Struct, frozen=True):
    """Whether a device is valid."""

    valid: bool


class DeviceParamsParams(msgspec.Struct, frozen=True):
    """A device, valid or not, and the slot that it is on."""

    device: Device
    slot: Int64 = 0


class DeviceTokens(msgspec.Struct, frozen=True):
    """The tokens of a device, and the block table that it alone gives."""

    params: tuple[str, ...]
    block_slots: Slots


class AppendDevicesParams(msgspec.Struct, frozen=True):
    """Devices, and what is appended to them."""

    devices: tuple[Device, ...] = ()
    steps: tuple[Step, ...] = ()


class Devices(msgspec.Struct, frozen=True):
    """Devices, all fields of each."""

    devices: tuple[Device, ...]


class KernelParametersParams(msgspec.Struct, frozen=True):
    """The image, and whether the guest is debugged: the kernel's parameters depend on both."""

    image_path: str = ""
    debug: bool = False


class KernelParameters(msgspec.Struct, frozen=True):
    """Kernel parameters as pairs of key and value."""

    params: tuple[Pair, ...]


class MemoryTopologyParams(msgspec.Struct, frozen=True):
    """Memory in MiB."""

    memory_mb: UInt64 = 0


class MemoryTopology(msgspec.Struct, frozen=True):
    """Guest memory as acrn-dm takes it."""

    size: str


class Capabilities(msgspec.Struct, frozen=True):
    """Abilities that the arch layer claims for ACRN."""

    block_device: bool
    block_device_hotplug: bool
    multi_queue: bool
    fs_sharing: bool


class Paths(msgspec.Struct, frozen=True):
    """The paths of the programs."""

    acrn_dm: str
    acrnctl: str


class Limits(msgspec.Struct, frozen=True):
    """The limits of a guest."""

    max_vcpus: Int64
    block_pool_size: Int64
    reserved_slot: Int64


class SandboxArgvParams(msgspec.Struct, frozen=True):
    """A sandbox as the runtime knows it; ``kernel_params`` are the user's."""

    id: str = ""
    uuid: str = ""
    memory_mb: UInt64 = 0
    debug: bool = False
    max_vcpus: UInt32 = 0
    kernel_path: str = ""
    image_path: str = ""
    kernel_params: tuple[Pair, ...] = ()
    console_path: str = ""
    steps: tuple[SandboxStep, ...] = ()


class BlockRescanParams(msgspec.Struct, frozen=True, kw_only=True):
    """A file to put behind the disk with an index, by a guest's block table."""

    name: str = ""
    block_slots: Slots
    index: Int64 = 0
    file: str = ""


class Rescan(msgspec.Struct, frozen=True):
    """The arguments of acrnctl: ``blkrescan``, name, slot and file."""

    argv: Annotated[tuple[str, ...], Length(3)]


class Description(msgspec.Struct, frozen=True):
    """An implementation's word on itself (method ``describe``); no dialect means kata-1."""

    name: str
    version: str
    language: str
    protocol: Annotated[int, Bounds(PROTOCOL, PROTOCOL)]
    methods: tuple[str, ...]
    dialect: str | None = None


METHODS = (
    Method("describe", Nothing, Description),
    Method("argv", ArgvParams, Command, "argv"),
    Method("device_valid", DeviceValidParams, Validity),
    Method("device_params", DeviceParamsParams, DeviceTokens, "params"),
    Method("append_devices", AppendDevicesParams, Devices, "devices"),
    Method("kernel_parameters", KernelParametersParams, KernelParameters, "params"),
    Method("memory_topology", MemoryTopologyParams, MemoryTopology),
    Method("capabilities", Nothing, Capabilities),
    Method("paths", Nothing, Paths),
    Method("limits", Nothing, Limits),
    Method("sandbox_argv", SandboxArgvParams, Command, "argv"),
    Method("block_rescan", BlockRescanParams, Rescan, "argv"),
)
"""The methods of kata-1, in the wire's order."""

BUILT = tuple(dict.fromkeys(method.built for method in METHODS if method.built))
"""The fields of results that list what was built."""
