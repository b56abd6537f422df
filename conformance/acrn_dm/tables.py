"""What exists in acrn-dm from which release to which: options, emulations, limits, habits.

Every difference between releases stands here and nowhere else, dated by the tag that made it.
"""

from dataclasses import dataclass
from enum import Enum
from functools import cache
from types import MappingProxyType
from typing import Final

from acrn_dm.getopt import Entry, Spec
from acrn_dm.release import ALL, NEVER, Releases, before, during, since, timeline


@dataclass(frozen=True, slots=True)
class Option:
    """An option: its long name, its letter, and where it is what.

    ``long`` and ``letters``: where getopt knows it by name and by letter; ``argument``: where it
    takes a value. Known, but not ``handled``: acrn-dm prints its usage text. ``ignored``: the
    value is not looked at; ``obsolete``: ``notice`` is printed.
    """

    name: str
    letter: str = ""
    argument: Releases = NEVER
    long: Releases = ALL
    letters: Releases = ALL
    handled: Releases = ALL
    ignored: Releases = NEVER
    obsolete: Releases = NEVER
    notice: str = ""


_V3: Final = since("v3.0")
APIC_IDS: Final = _V3
"""Where ``--cpu_affinity`` takes local APIC ids, and no ranges; before, physical CPUs."""


def _obsolete(name: str, letter: str = "", argument: Releases = ALL) -> Option:
    """Return an option that v3.0 takes without looking at its value."""
    shown = f"-{letter}, --{name}" if letter else f"--{name}"
    notice = f'The "{shown}" parameter is obsolete and ignored'
    return Option(name, letter, argument, ignored=_V3, obsolete=_V3, notice=notice)


def _gone(name: str, letter: str, end: str, getopt_end: str, argument: Releases = ALL) -> Option:
    """Return an option dropped in ``end``, but from getopt's letters only in ``getopt_end``."""
    there = before(end)
    return Option(name, letter, argument, there, before(getopt_end), there)


def _flag(name: str, long: Releases = ALL) -> Option:
    return Option(name, long=long)


def _value(name: str, long: Releases = ALL) -> Option:
    return Option(name, argument=ALL, long=long)


OPTIONS: Final = (
    Option(
        "acpi",
        "A",
        ignored=_V3,
        obsolete=_V3,
        notice="The '-A' parameter is obsolete and ignored. "
        "Virtual ACPI tables are always enabled.",
    ),
    _gone("pincpu", "p", "v1.3", "v2.0"),
    _gone("ncpus", "c", "v1.4", "v1.4"),
    Option("elf_file", "E", ALL),
    _obsolete("ioc_node", "i"),
    Option("lpc", "l", ALL),
    Option("pci_slot", "s", ALL),
    Option("memsize", "m", ALL),
    Option("uuid", "U", ALL, long=before("v2.7"), handled=before("v2.7")),
    _gone("virtio_msix", "W", "v3.0", "v3.0", NEVER),
    _obsolete("mptgen", "Y", NEVER),
    Option("kernel", "k", ALL),
    Option("ramdisk", "r", ALL),
    Option("bootargs", "B", ALL),
    Option("version", "v"),
    _obsolete("gvtargs", "G"),
    Option("help", "h"),
    _obsolete("vsbl"),
    _value("ovmf"),
    _obsolete("part_info"),
    _flag("enable_trusty"),
    _value("virtio_poll"),
    _value("mac_seed"),
    _flag("ptdev_no_reset", before("v1.6")),
    _flag("debugexit"),
    _value("intr_monitor"),
    _value("vtpm2"),
    _flag("lapic_pt"),
    _flag("rtvm"),
    _value("logger_setting", since("v1.1")),
    Option(
        "pm_notify_channel",
        argument=ALL,
        long=since("v1.3"),
        obsolete=_V3,
        notice='The "--pm_notify_channel" parameter is obsolete',
    ),
    Option(
        "pm_by_vuart",
        argument=ALL,
        long=since("v1.3"),
        ignored=_V3,
        obsolete=_V3,
        notice='The "--pm_by_vuart" parameter is obsolete and ignored',
    ),
    _flag("windows", since("v1.4")),
    _value("cpu_affinity", since("v1.6.1")),
    _value("apcidev_pt", during("v2.1", "v2.3")),
    _value("acpidev_pt", since("v2.3")),
    _value("mmiodev_pt", since("v2.1")),
    _flag("psram", during("v2.2", "v2.5")),
    Option("ssram", argument=_V3, long=since("v2.5")),
    _value("cmd_monitor", _V3),
    _flag("virtio_msi", _V3),
    _value("iasl", since("v3.1")),
)
"""All options, in the order in which getopt lists the possibilities of an abbreviation."""

OPTION: Final = {option.name: option for option in OPTIONS}


@cache
def spec(release: str) -> Spec:
    """Return the options as getopt knows them in a release."""
    entries = [(o, Entry(o.name, release in o.argument)) for o in OPTIONS]
    elsewhere = [(o, Entry(o.name, bool(o.argument))) for o in OPTIONS]
    return Spec(
        {o.letter: entry for o, entry in entries if o.letter and release in o.letters},
        {o.name: entry for o, entry in entries if release in o.long},
        {f"--{o.name}": entry for o, entry in elsewhere}
        | {f"-{o.letter}": entry for o, entry in elsewhere if o.letter},
    )


@cache
def ignored(release: str) -> frozenset[str]:
    """Return the options whose values a release never looks at."""
    return frozenset(option.name for option in OPTIONS if release in option.ignored)


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
"""What else ends in a segmentation fault is seen as a double free."""

MP_TABLE_ALWAYS: Final = _V3
"""The MP table, which knows one bus, is built also with ``-Y``."""

PROCESSORS_NEEDED: Final = since("v2.7")
"""ACPI tables need the processors that ``--cpu_affinity`` names; before, the hypervisor's do."""

NAMES_A_FILE: Final = during("v2.7", "v3.0")
"""The memory of a VM is a file that is called as the VM is."""

COMPILER_CHECKED: Final = since("v3.1")
"""The compiler that ``--iasl`` names is asked for its version, when all options have been read."""

MMIO_DEVICE_MAPPED: Final = since("v2.5")
"""What ``--mmiodev_pt`` names gets a place of its size in the guest, as long as there is room."""

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
"""What the options of passthru begin with, and where it knows them; it warns of any other.

The number of ``vmsix_on_msi`` is the option behind it.
"""
