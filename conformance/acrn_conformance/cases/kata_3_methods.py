"""The methods of kata-3, and of acrn-3: where they take or give something else than kata-1's."""

import msgspec

from acrn_conformance.cases import methods
from acrn_conformance.cases.device_types import DeviceOrVsock
from acrn_conformance.cases.field_types import Int64, Pair, UInt32, UInt64
from acrn_conformance.cases.methods import Kernel, Memory, Method
from acrn_conformance.cases.step_types import SandboxStepOrVsock, StepOrVsock


class Config(msgspec.Struct, frozen=True):
    """A guest's configuration; ``apic_id``: its CPUs as local APIC ids."""

    path: str = ""
    ctl_path: str = ""
    name: str = ""
    apic_id: str = ""
    acpi_virt: bool = False
    memory: Memory = Memory()
    kernel: Kernel = Kernel()
    devices: tuple[DeviceOrVsock, ...] = ()


class ArgvParams(msgspec.Struct, frozen=True):
    """A configuration to build a command line of."""

    config: Config = Config()


class DeviceValidParams(msgspec.Struct, frozen=True):
    """A device."""

    device: DeviceOrVsock


class DeviceParamsParams(msgspec.Struct, frozen=True):
    """A device, valid or not, and the slot that it is on."""

    device: DeviceOrVsock
    slot: Int64 = 0


class AppendDevicesParams(msgspec.Struct, frozen=True):
    """Devices, and what is appended to them."""

    devices: tuple[DeviceOrVsock, ...] = ()
    steps: tuple[StepOrVsock, ...] = ()


class Devices(msgspec.Struct, frozen=True):
    """Devices, all fields of each."""

    devices: tuple[DeviceOrVsock, ...]


class Capabilities(methods.Capabilities, frozen=True):
    """Abilities that the arch layer claims for ACRN."""

    network_device_hotplug: bool


class Limits(methods.Limits, frozen=True):
    """The limits of a guest, its vsock's context id among them."""

    min_guest_cid: Int64
    max_guest_cid: Int64


class SandboxArgvParams(msgspec.Struct, frozen=True):
    """A sandbox as the runtime knows it; ``kernel_params`` are the user's."""

    id: str = ""
    apic_id: str = ""
    memory_mb: UInt64 = 0
    debug: bool = False
    max_vcpus: UInt32 = 0
    kernel_path: str = ""
    image_path: str = ""
    kernel_params: tuple[Pair, ...] = ()
    console_path: str = ""
    steps: tuple[SandboxStepOrVsock, ...] = ()


class BlockRescanParams(methods.BlockRescanParams, frozen=True, kw_only=True):
    """A file to put behind the disk with an index; none of a ``swap`` disk."""

    swap: bool = False


class NextApicIdParams(msgspec.Struct, frozen=True):
    """The machine's local APIC ids in order, and the text that is stored, null without a file."""

    apic_ids: tuple[str, ...] = ()
    stored: str | None = None


class NextApicId(msgspec.Struct, frozen=True):
    """The local APIC id of the guest's CPU, and the text to store."""

    apic_id: str
    stored: str


class StoredIndex(msgspec.Struct, frozen=True):
    """The text that is stored, of a request an absent one being empty."""

    stored: str = ""


class NewStoredIndex(msgspec.Struct, frozen=True):
    """The text to store."""

    stored: str


METHODS = (
    Method("describe", methods.Nothing, methods.Description),
    Method("argv", ArgvParams, methods.Command, "argv"),
    Method("device_valid", DeviceValidParams, methods.Validity),
    Method("device_params", DeviceParamsParams, methods.DeviceTokens, "params"),
    Method("append_devices", AppendDevicesParams, Devices, "devices"),
    Method("kernel_parameters", methods.KernelParametersParams, methods.KernelParameters, "params"),
    Method("memory_topology", methods.MemoryTopologyParams, methods.MemoryTopology),
    Method("capabilities", methods.Nothing, Capabilities),
    Method("paths", methods.Nothing, methods.Paths),
    Method("limits", methods.Nothing, Limits),
    Method("sandbox_argv", SandboxArgvParams, methods.Command, "argv"),
    Method("block_rescan", BlockRescanParams, methods.Rescan, "argv"),
    Method("next_apic_id", NextApicIdParams, NextApicId),
    Method("release_apic_id", StoredIndex, NewStoredIndex),
)
"""The methods of kata-3 and acrn-3, in the wire's order."""
