"""A model of acrn-dm's command line: what each of twelve releases makes of an argv."""

from acrn_dm.block import Block
from acrn_dm.console import Console, ConsoleBackend, ConsolePort
from acrn_dm.devices import Device, Lpc, Malformed, Plain, Served
from acrn_dm.host import RECORDING, Bdf, Entry, Feature, Host, Kind
from acrn_dm.net import Net
from acrn_dm.parse import parse
from acrn_dm.release import RELEASES, UnknownReleaseError
from acrn_dm.slot import Address, Function
from acrn_dm.special import Input, Passthrough, SharedMemory, Usb, Vsock
from acrn_dm.this_host import here
from acrn_dm.uart import LpcPort, Uart, UartBackend, UartKind
from acrn_dm.values import Command, Fault, Given, Notice, Stage

__all__ = [
    "RECORDING",
    "RELEASES",
    "Address",
    "Bdf",
    "Block",
    "Command",
    "Console",
    "ConsoleBackend",
    "ConsolePort",
    "Device",
    "Entry",
    "Fault",
    "Feature",
    "Function",
    "Given",
    "Host",
    "Input",
    "Kind",
    "Lpc",
    "LpcPort",
    "Malformed",
    "Net",
    "Notice",
    "Passthrough",
    "Plain",
    "Served",
    "SharedMemory",
    "Stage",
    "Uart",
    "UartBackend",
    "UartKind",
    "UnknownReleaseError",
    "Usb",
    "Vsock",
    "here",
    "parse",
]
