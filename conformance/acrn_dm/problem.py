"""Problems with one token, before it is known at which stage acrn-dm meets them."""

from enum import StrEnum
from typing import Final, NamedTuple

USAGE_EXIT: Final = 64
"""EX_USAGE of sysexits: how acrn-dm ends on most bad option values."""

ABORT: Final = -6
SEGFAULT: Final = -11


class FaultKind(StrEnum):
    """Why acrn-dm refuses; the value is the stable name of the kind."""

    HELP = "help-or-version"
    OPTION_ELSEWHERE = "option-not-in-release"
    OPTION_AMBIGUOUS = "option-ambiguous"
    OPTION_ARGUMENT = "option-argument"
    OPTION_UNKNOWN = "option-unknown"
    OPTION_VALUE = "option-value"
    NAME_COUNT = "name-count"
    NAME_LENGTH = "name-too-long"
    NAME_FILE = "name-no-file"
    NAME_SLASH = "name-slash"
    NAME_SOCKET = "name-socket"
    PATH_LENGTH = "path-too-long"
    IMAGE = "image-missing"
    NO_IMAGE = "no-guest-image"
    BOOTARGS = "bootargs-too-long"
    MEMORY_SUFFIX = "memory-without-suffix"
    MEMORY_SIZE = "memory-too-small"
    MEMORY_FORM = "memory-form"
    MEMORY_ALIGNMENT = "memory-unaligned"
    UUID = "uuid-form"
    VCPUS = "vcpu-count"
    NOTIFY_CHANNEL = "pm-channel-without-vuart"
    VUART = "pm-vuart-node"
    COMMAND_MONITOR = "command-monitor"
    ACPI_RESOURCE = "acpi-device-resource"
    MMIO_ROOM = "mmio-devices-too-large"
    COMPILER = "acpi-compiler"
    LPC_PORT = "lpc-port"
    LPC_PLACE = "lpc-place"
    SLOT_SYNTAX = "slot-syntax"
    SLOT_TAKEN = "slot-taken"
    EMULATION_ELSEWHERE = "emulation-not-in-release"
    EMULATION_UNKNOWN = "emulation-unknown"
    EMULATION_OBSOLETE = "emulation-obsolete"
    STDIO = "stdio-twice"
    UART = "uart-backend"
    COMMA = "comma-in-path"
    CONSOLE_BACKEND = "console-backend"
    CONSOLE_NAME = "console-port-name"
    CONSOLE_PATH = "console-path"
    CONSOLE_ROLE = "console-role"
    PLACEHOLDER = "placeholder-unsupported"
    DISK_OPTION = "disk-option"
    DISK = "disk-missing"
    NET = "net-arguments"
    SHARED_MEMORY = "shared-memory"
    ARGUMENTS = "device-arguments"
    GRAPHICS = "gpu-in-real-time-vm"
    TWICE = "device-twice"
    BUSES = "bus-beyond-0"
    CPUS = "no-cpus"
    HOST = "host-lacks"


class Problem(NamedTuple):
    """A reason to refuse, in acrn-dm's own words where they are known.

    ``exit`` None is the usual status of the stage, ``token`` None the token that was being read.
    """

    kind: FaultKind
    message: str = ""
    exit: int | None = None
    crash: bool = False
    usage: bool = False
    token: int | None = None


def bad_value(what: str, value: str, kind: FaultKind = FaultKind.OPTION_VALUE) -> Problem:
    """Return the problem of an option whose value is not taken, in the words of all of them."""
    return Problem(kind, f"acrn-dm: invalid {what} {value}", exit=USAGE_EXIT)


def crash(kind: FaultKind, status: int, message: str = "") -> Problem:
    """Return the problem of an acrn-dm that dies of a signal: ``ABORT`` or ``SEGFAULT``."""
    return Problem(kind, message, exit=status, crash=True)
