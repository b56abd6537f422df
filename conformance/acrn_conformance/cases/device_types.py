"""The devices of the wire: the one source of their kinds, and of each one's fields.

A value says a device in full. Validity and text on the command line are not told here.
"""

from typing import Annotated, Literal, get_args

import msgspec

from acrn_conformance.cases.field_types import Int64, UInt64, Words

PortType = Literal["console", "serial", "other"]
PORT_TYPES: tuple[PortType, ...] = get_args(PortType)


class Console(msgspec.Struct, frozen=True, tag_field="kind", tag="console"):
    """A virtio-console port; port type ``other`` stands for any invalid one."""

    name: str = ""
    backend: Annotated[str, Words(("socket", "tty", "pty", "file", "console", "stdio"))] = ""
    port_type: PortType = "serial"
    path: str = ""


class Net(msgspec.Struct, frozen=True, tag_field="kind", tag="net"):
    """A virtio-net device."""

    net_type: Annotated[str, Words(("tap", "macvtap"))] = ""
    if_name: str = ""
    mac_address: str = ""


class Block(msgspec.Struct, frozen=True, tag_field="kind", tag="block"):
    """A virtio-blk device; ``index`` is its place in the block table."""

    file_path: str = ""
    index: Int64 = 0


class Bridge(msgspec.Struct, frozen=True, tag_field="kind", tag="bridge"):
    """The host bridge."""

    function: Int64 = 0
    emul: Annotated[str, Words(("hostbridge",))] = ""
    config: str = ""


class Lpc(msgspec.Struct, frozen=True, tag_field="kind", tag="lpc"):
    """The LPC bus."""

    function: Int64 = 0
    emul: Annotated[str, Words(("lpc",))] = ""


class Vsock(msgspec.Struct, frozen=True, tag_field="kind", tag="vsock"):
    """The agent's socket, of dialects from kata-3 on."""

    context_id: UInt64 = 0


Device = Console | Net | Block | Bridge | Lpc
"""The devices of kata-1."""

DeviceOrVsock = Console | Net | Block | Bridge | Lpc | Vsock
"""The devices of kata-3 and acrn-3."""
