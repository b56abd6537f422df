"""A model of acrn-dm's command line: what each recorded release makes of an argv."""

from acrn_dm.alike import Asked, Timeline
from acrn_dm.assumed import NAMED, RECORDING
from acrn_dm.block import Block
from acrn_dm.console import Console, ConsoleBackend, ConsolePort
from acrn_dm.devices import Device, Lpc, Malformed, Plain, Served
from acrn_dm.getopt import Given
from acrn_dm.host import Bdf, Entry, Feature, Host, Kind, Need, NeedKind
from acrn_dm.memory import MemoryText, memory_text
from acrn_dm.net import Net
from acrn_dm.parse import parse, read
from acrn_dm.problem import FaultKind
from acrn_dm.questions import (
    BOOTARGS_SEEN,
    BOOTED,
    boots,
    discourages,
    emulations,
    ignores,
    loggers,
    numbers_cpus_by_apic_id,
    opens_last_port_alone,
    options_there,
    processors_read,
    reads_seed_of_interface,
    shares_graphics,
    switches_lapic_off,
    takes,
)
from acrn_dm.release import LATEST, RELEASES, UnknownReleaseError, names, stands_for
from acrn_dm.slot import BUSES, FUNCTIONS, SLOTS, Address, Function, SlotText, slot_text
from acrn_dm.special import Input, Passthrough, SharedMemory, Usb, Vsock
from acrn_dm.text import size
from acrn_dm.uart import LpcPort, Uart, UartBackend, UartKind
from acrn_dm.uuids import DEFAULT_UUID, KATA_UUIDS, known_uuid
from acrn_dm.values import Command, Fault, Notice, Reading, Stage

__all__ = [
    "BOOTARGS_SEEN",
    "BOOTED",
    "BUSES",
    "DEFAULT_UUID",
    "FUNCTIONS",
    "KATA_UUIDS",
    "LATEST",
    "NAMED",
    "RECORDING",
    "RELEASES",
    "SLOTS",
    "Address",
    "Asked",
    "Bdf",
    "Block",
    "Command",
    "Console",
    "ConsoleBackend",
    "ConsolePort",
    "Device",
    "Entry",
    "Fault",
    "FaultKind",
    "Feature",
    "Function",
    "Given",
    "Host",
    "Input",
    "Kind",
    "Lpc",
    "LpcPort",
    "Malformed",
    "MemoryText",
    "Need",
    "NeedKind",
    "Net",
    "Notice",
    "Passthrough",
    "Plain",
    "Reading",
    "Served",
    "SharedMemory",
    "SlotText",
    "Stage",
    "Timeline",
    "Uart",
    "UartBackend",
    "UartKind",
    "UnknownReleaseError",
    "Usb",
    "Vsock",
    "boots",
    "discourages",
    "emulations",
    "here",
    "ignores",
    "known_uuid",
    "loggers",
    "memory_text",
    "names",
    "numbers_cpus_by_apic_id",
    "opens_last_port_alone",
    "options_there",
    "parse",
    "processors_read",
    "read",
    "reads_seed_of_interface",
    "shares_graphics",
    "size",
    "slot_text",
    "stands_for",
    "switches_lapic_off",
    "takes",
]


def here() -> Host:
    """Return this machine; paths are looked up when asked, all else is read now."""
    from acrn_dm import this_host  # noqa: PLC0415 - only who asks for it pays for looking

    return this_host.here()
