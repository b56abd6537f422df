"""Emulations, limits and habits of acrn-dm, from which release to which.

Every difference between releases stands here, or in the table of options, and nowhere else, dated
by the tag that made it.
"""

from enum import Enum
from types import MappingProxyType
from typing import Final

from acrn_dm.dated import ALL, before, during, since, timeline

_V3: Final = since("v3.0")
APIC_IDS: Final = _V3
"""Where ``--cpu_affinity`` takes local APIC ids, and no ranges; before, physical CPUs."""

EMULATIONS: Final = {
    **dict.fromkeys(("ahci", "ahci-cd", "ahci-hd", "amd_hostbridge", "dummy", "hostbridge"), ALL),
    **dict.fromkeys(("lpc", "npk", "passthru", "pci-gvt", "uart", "wdt-i6300esb", "xhci"), ALL),
    **dict.fromkeys(("virtio-audio", "virtio-blk", "virtio-console", "virtio-coreu"), ALL),
    **dict.fromkeys(("virtio-gpio", "virtio-hdcp", "virtio-heci", "virtio-hyper_dmabuf"), ALL),
    **dict.fromkeys(("virtio-input", "virtio-ipu", "virtio-net", "virtio-rnd"), ALL),
    "virtio-rpmb": ALL,
    "virtio-i2c": since("v1.2"),
    "igd-lpc": since("v1.6"),
    "ivshmem": since("v2.0"),
    "virtio-gpu": _V3,
    "vhost-vsock": _V3,
}
"""Where ``-s`` knows an emulation."""

OBSOLETE_EMULATIONS: Final = dict.fromkeys(("pci-gvt", "virtio-hdcp", "npk", "virtio-coreu"), _V3)
"""Where ``-s`` says of an emulation that it is "obsolete and ignored", and refuses it."""

# Limits.

NAME_LIMIT: Final = timeline({"v1.0": 31, "v1.1": 127, "v2.7": 15})
"""Bytes of a VM name that pass the argv stage."""

NAME_FAULT: Final = timeline(
    {
        "v1.0": "vmname size exceed 32",
        "v1.1": "vmname size exceed 128",
        "v2.7": "The name of the VM exceeds the maximum length: 15",
    }
)

NAME_FAULT_MISSING: Final = timeline(
    {
        "v1.0": "",
        "v2.7": "You must provide the name of the Virtual Machine (VM) you want to start. Exiting.",
    }
)

BOOTARGS_LIMIT: Final = timeline({"v1.0": 1023, "v1.1": 2047})
"""Bytes of ``-B``; only the first 1,024 reach the guest, in every release."""

COM_PORTS: Final = timeline(
    {"v1.0": ("com1", "com2"), "v3.3": ("com1", "com2", "com3", "com4", "com5")}
)

DEVICE_EXIT: Final = timeline({"v1.0": 0, "v1.2": 1})
"""Exit status of a fault at the stages device and load."""

VCPUS_EXIT: Final = DEVICE_EXIT
"""Exit status of a number of virtual CPUs that there cannot be."""

UUID_FAULT: Final = timeline(
    {"v1.0": "vm_open: No such file or directory", "v1.1": "vm_create failed"}
)

# Habits.

ALIGNED_MEMORY: Final = _V3
"""Memory must be a multiple of 2 MiB, checked after the hypervisor device is opened."""

FIRMWARE_WRITES_BACK: Final = since("v1.2")
"""``--ovmf`` is a list in which ``w`` asks for writing back."""

FIRMWARE_IN_PARTS: Final = since("v2.3")
"""``--ovmf`` takes ``code=`` and ``vars=``, both or neither."""

LOGGER_ON_DISK: Final = since("v1.2")
"""``--logger_setting`` knows ``disk``; what it does not know, it takes and forgets."""

MMIO_DEVICE_COUNTED: Final = since("v2.7")
"""``--mmiodev_pt`` counts among the two that there may be also where it does nothing."""

ACPI_DEVICE_IN_FULL: Final = during("v3.3", "acrn-2024w42.4")
"""``--acpidev_pt`` takes UARTs and GPIO controllers, with their resources behind the id."""

TPM_EXCLUDES: Final = since("v2.5")
"""``--acpidev_pt`` is refused behind a ``--vtpm2``, also where that names no socket."""

IMAGE_ABORTS: Final = before("v1.2")
"""A missing image of an option other than ``-k`` and ``-r`` ends in an assertion."""

VSBL_LOADS: Final = before("v3.0")
"""``--vsbl`` gives a guest image."""

NOTIFY_CHECKED: Final = since("v2.5")
"""``--pm_notify_channel`` refuses what it does not know."""

VUART_READ: Final = before("v3.0")
"""``--pm_by_vuart`` names the node that ``--pm_notify_channel uart`` needs."""

LOG_FOLDER_LOOPS: Final = during("v1.5", "v2.6")
"""Logging to disk without a folder to write in never ends, or crashes."""

ACPI_DEVICE_FIXED: Final = before("v2.5")
"""``--acpidev_pt`` takes MSFT0101 and nothing else."""

ACPI_DEVICE_CHECKED: Final = since("v2.7")
"""``--acpidev_pt`` looks for the device on the host."""

MMIO_DEVICE_REFUSED: Final = before("v2.5")
"""``--mmiodev_pt`` refused all that was tried."""

PLACEHOLDER: Final = since("v1.1")
"""A virtio-blk whose configuration contains ``nodisk`` opens no file."""

BLOCK_THREADS: Final = since("v3.1")
"""virtio-blk takes ``iothread`` in front of its path."""

BLOCK_QUEUES: Final = since("v3.3")
"""virtio-blk takes ``iothread=N`` and ``mq=N`` in front of its path, any number of them."""

BLOCK_CACHE_OPTIONS: Final = since("v3.3")
"""virtio-blk takes ``nocache``, ``no_bst_block`` and ``aio=``."""

PORT_NAME_NEEDED: Final = since("v1.2")
"""virtio-console refuses a backend without a port name; v1.0 skips that port's backend."""

SOCKET_ROLES: Final = since("v1.1")
"""In virtio-console a ``:`` ends the path of a socket, and ``server`` or ``client`` follows."""

LONG_SOCKET_PATH_ABORTS: Final = before("v1.2")
"""A virtio-console socket path over 107 bytes ends in an abort; later it is truncated."""

LAST_PORT_ALONE: Final = during("v1.1", "v1.2")
"""virtio-console reads all of its ports and opens the last one, also where that has no name."""

NET_NEEDS_FIELD: Final = timeline(
    {"v1.0": "virtio_net: devname NULL", "v3.0": "virtio_net: invalid optional argument"}
)


class TapForm(Enum):
    """Which first fields of virtio-net name an interface to open."""

    PREFIX = "a name that starts with tap or vmnet"
    SUBSTRING = "a name that contains tap"
    KEY = "tap=NAME, and no other"


TAP_FORM: Final = timeline({"v1.0": TapForm.PREFIX, "v2.1": TapForm.SUBSTRING, "v3.0": TapForm.KEY})

NET_SEED: Final = _V3
"""virtio-net reads ``mac_seed=`` directly behind ``tap=NAME``; before, ``--mac_seed`` is read."""

VUART_BY_INDEX: Final = since("v2.3")
"""The emulation uart takes ``vuart_idx:N``, a UART of the hypervisor."""

LIFE_CYCLE_PORT: Final = "com5"
"""The LPC port that takes an I/O port and an interrupt behind its backend (v3.3)."""

SHARED_MEMORY_IN_BYTES: Final = before("v2.2")
"""ivshmem is ``NAME,BYTES``; from v2.3 ``dm:/NAME,MEBIBYTES`` or ``hv:/...``."""

ACPI_ALWAYS: Final = _V3
"""ACPI tables are built without ``-A``, which does nothing."""

FREES_TWICE: Final = since("v2.7")
"""Ends that are a segmentation fault elsewhere are seen as a double free."""

MP_TABLE_ALWAYS: Final = _V3
"""The MP table, which knows one bus, is built also with ``-Y``."""

PROCESSORS_NEEDED: Final = since("v2.7")
"""ACPI tables need the processors that ``--cpu_affinity`` names; before, the hypervisor's do."""

NAMES_A_FILE: Final = during("v2.7", "v3.0")
"""The memory of a VM is a file that is called as the VM is."""

COMPILER_CHECKED: Final = since("v3.1")
"""The compiler that ``--iasl`` names is asked for its version, when all options have been read."""

MMIO_DEVICE_MAPPED: Final = since("v2.5")
"""A region of ``--mmiodev_pt`` gets a place of its size in the guest, if there is room."""

SSRAM_STARTED: Final = _V3
"""``--ssram`` takes its regions from the host's software SRAM."""

VUART_MUST_OPEN: Final = during("v2.4", "v3.0")
"""``--pm_notify_channel uart`` needs a node that can be opened."""

LIFE_CYCLE_ALWAYS: Final = during("v2.4", "v2.5")
"""``--pm_notify_channel uart`` needs the life-cycle manager, as ``uart,allow_trigger_s5`` does."""

GVT_CRASHES: Final = before("v1.1")
"""pci-gvt without GVT-g on the host dies of it."""

GPIO_TALKS: Final = since("v2.3")
"""virtio-gpio says what it misses."""

RPMB_TALKS: Final = before("v2.3")
"""virtio-rpmb says what it misses."""

XHCI_TALKS: Final = before("v2.3")
"""xhci says what is wrong with its options."""

VSOCK_CRASHES: Final = before("v3.2")
"""vhost-vsock without vsock on the host dies of it."""

ONE_DISPLAY: Final = during("v3.0", "v3.1")
"""There is one virtio-gpu."""

GPU_NEEDS_DISPLAY: Final = since("v3.1")
"""virtio-gpu reads its arguments, and looks for a display, when the argv is read."""

GPU_PASSTHROUGH: Final = since("v1.6")
"""passthru treats a GPU in a way of its own, and refuses it for a real-time VM."""

GPU_OPTION: Final = during("v1.6", "v2.7")
"""passthru knows the option ``gpu`` and adds an igd-lpc for it; later it sees a GPU by itself."""

REAL_TIME: Final = timeline(
    {
        "v1.0": frozenset({"rtvm"}),
        "v1.2": frozenset({"rtvm", "lapic_pt"}),
        "v3.0": frozenset({"rtvm"}),
    }
)
"""Options that make a real-time VM."""

PASSTHROUGH_FIRST: Final = since("v2.6")
"""Of the devices of a bus those of passthru start first, so that each gets the host's I/O ports."""

PASSTHROUGH_OPTIONS: Final = MappingProxyType(
    {
        "keep_gsi": ALL,
        "reset": before("v1.6"),
        "no_reset": since("v1.6"),
        "gpu": GPU_OPTION,
        "d3hot_reset": since("v2.1"),
        "vmsix_on_msi": since("v2.1"),
        "enable_ptm": since("v2.5"),
        "romfile=": since("v3.2"),
        "irq=": since("v3.3"),
        "dsdt=": since("v3.3"),
    }
)
"""Beginnings of passthru's options, and where it knows them; it warns of any other.

The number of ``vmsix_on_msi`` is the option behind it.
"""
