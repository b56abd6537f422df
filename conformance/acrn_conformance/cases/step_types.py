"""The steps that append devices: the one source of what can be appended, and of each one's fields.

A sandbox takes the last ones, from a socket on; `append_devices` takes all.
"""

from typing import Annotated

import msgspec

from acrn_conformance.cases.field_types import Int64, UInt64, Words


class Bridges(msgspec.Struct, frozen=True, tag_field="append", tag="bridges"):
    """The host bridge."""


class LpcBus(msgspec.Struct, frozen=True, tag_field="append", tag="lpc"):
    """The LPC bus."""


class ConsoleSocket(msgspec.Struct, frozen=True, tag_field="append", tag="console"):
    """The guest's console on a socket."""

    path: str = ""


class Image(msgspec.Struct, frozen=True, tag_field="append", tag="image"):
    """The guest image, which must exist."""

    path: str = ""


class Socket(msgspec.Struct, frozen=True, tag_field="append", tag="socket"):
    """A socket, as a serial port."""

    name: str = ""
    host_path: str = ""


class Network(msgspec.Struct, frozen=True, tag_field="append", tag="network"):
    """A network endpoint; any other text than the known ones is an unsupported one."""

    endpoint: Annotated[str, Words(("veth", "macvtap", "physical"))] = ""
    model: Annotated[str, Words(("default", "macvtap", "tcfilter", "none"), closed=True)] = ""
    if_name: str = ""
    hard_addr: str = ""


class Drive(msgspec.Struct, frozen=True, tag_field="append", tag="block_device"):
    """A drive, with its place in the block table."""

    file: str = ""
    index: Int64 = 0


class Vsock(msgspec.Struct, frozen=True, tag_field="append", tag="vsock"):
    """The agent's socket, of dialects from kata-3 on."""

    context_id: UInt64 = 0


SandboxStep = Socket | Network | Drive
SandboxStepOrVsock = Socket | Network | Drive | Vsock
Step = Bridges | LpcBus | ConsoleSocket | Image | Socket | Network | Drive
StepOrVsock = Bridges | LpcBus | ConsoleSocket | Image | Socket | Network | Drive | Vsock
