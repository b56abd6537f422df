"""The ACRN arch layer: guest configurations to acrn-dm command lines."""

from acrn_arch.arch import Arch, Endpoint
from acrn_arch.config import Command, Config, Kernel, Memory, command, placed
from acrn_arch.cpu import next_apic_id, release_apic_id
from acrn_arch.devices import Block, Bridge, Console, Device, Lpc, Net, PortType, Vsock
from acrn_arch.dialect import ACRN_3, DIALECTS, KATA_1, KATA_3, Capabilities, Dialect
from acrn_arch.errors import ArchError, RescanError
from acrn_arch.kernel import Param, serialise
from acrn_arch.launch import Guest, launch
from acrn_arch.sandbox import Drive, Sandbox, Socket, block_rescan
from acrn_arch.table import BlockTable

__version__ = "1.0.0"

__all__ = [
    "ACRN_3",
    "DIALECTS",
    "KATA_1",
    "KATA_3",
    "Arch",
    "ArchError",
    "Block",
    "BlockTable",
    "Bridge",
    "Capabilities",
    "Command",
    "Config",
    "Console",
    "Device",
    "Dialect",
    "Drive",
    "Endpoint",
    "Guest",
    "Kernel",
    "Lpc",
    "Memory",
    "Net",
    "Param",
    "PortType",
    "RescanError",
    "Sandbox",
    "Socket",
    "Vsock",
    "block_rescan",
    "command",
    "launch",
    "next_apic_id",
    "placed",
    "release_apic_id",
    "serialise",
]
