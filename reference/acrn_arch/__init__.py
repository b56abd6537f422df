"""The ACRN arch layer: guest configurations to acrn-dm command lines."""

import logging

from acrn_arch.arch import Arch, Capabilities, Endpoint, Param
from acrn_arch.config import Command, Config, Kernel, Memory, command, placed
from acrn_arch.devices import Block, Bridge, Console, Device, Lpc, Net, PortType
from acrn_arch.errors import ArchError, RescanError
from acrn_arch.launch import Guest, launch
from acrn_arch.sandbox import Drive, Sandbox, Socket, block_rescan, serialise
from acrn_arch.table import BlockTable

__version__ = "1.0.0"

__all__ = [
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
    "block_rescan",
    "command",
    "launch",
    "placed",
    "serialise",
]

# Diagnostics are logged; who wants to see them adds a handler.
logging.getLogger(__name__).addHandler(logging.NullHandler())
