"""Builders that the families share: devices, entries, and what makes a rule a quirk."""

from collections.abc import Mapping

from acrn_conformance.cases import Level, as_fields, device_types, step_types
from catalogue.entry import REFUSED, Entry, Params

UUID = "a7ada506-1ab0-4b6b-a0da-e513ca9b8c2f"
MAC = "02:42:ac:11:00:02"
OTHER_MACS: Mapping[str, str] = {
    "upper-case": "02:42:AC:11:00:0A",
    "mixed-case": "02:42:aC:11:00:0a",
    "dashes": "02-42-ac-11-00-0a",
    "dots": "0242.ac11.000a",
    "no-mac": "eth0",
    "without-colons": "0242ac11000a",
    "one-digit": "2:42:ac:11:0:a",
    "blank-after": "02:42:ac:11:00:0a ",
}
"""Addresses that are not as a macvtap endpoint of the original writes its own."""

KERNEL = "/usr/share/kata-containers/vmlinuz.container"
IMAGE = "/usr/share/kata-containers/kata-containers.img"
CONSOLE_SOCKET = "/run/vc/vm/guest/console.sock"
AGENT_SOCKET = "/run/vc/vm/guest/kata.sock"

INT64_EDGES: Mapping[str, int] = {
    "int64-least": -(2**63),
    "int64-greatest": 2**63 - 1,
}
"""Integers that a double cannot hold, or only just."""

OTHER_MODEL_RULE = "append-network-other-model"
LONG_LINE_RULE = "long-line"
"""Nothing of the arch layer: a request line beyond 64 KiB, where many readers of lines stop."""

REASONS: Mapping[str, str] = {
    "console-backend-console": "No acrn-dm takes the text that upstream builds for this backend.",
    "console-backend-stdio": "Upstream can build text for this backend, and never finds it valid.",
    "pty-needs-path": "Upstream asks for a path that it then never uses.",
    "lpc-function-unchecked": "Upstream looks at a host bridge's function, and not at an LPC's.",
    "block-index-beyond-table": "Upstream emits the disk, and only logs that it has no entry.",
    "block-index-negative": "Upstream panics, which a refusal stands for.",
    "slots-beyond-31": "A PCI bus ends at slot 31, and upstream counts on.",
    "rescan-root-disk": "Upstream lets a rescan replace the disk that the guest runs from.",
    "rescan-index-negative": "Upstream panics, which a refusal stands for.",
    "rescan-unassigned": "Upstream cannot tell an entry without a disk from slot 0.",
    "image-unreadable": "Upstream refuses an image only where the answer is: it does not exist.",
    "kata-3-cpu-index-broken": "Upstream panics, which a refusal stands for.",
    "kata-3-vsock-cut": "Upstream cuts a context id that no valid vsock has.",
    "kata-3-capabilities": "Upstream claims a hot-plug of networks, and refuses it.",
    OTHER_MODEL_RULE: "Upstream makes it a tap; the wire does not name it: a refusal is as good.",
}
"""The rules that follow upstream where it panics or is odd, each with the reason."""


def entry(method: str, tail: str, title: str, rule: str, params: Params) -> Entry:
    """Return a case whose id is the method's name and ``tail``; its level follows from the rule.

    Freezing makes a quirk of it where the original cannot give the answer.
    """
    return Entry(
        id=f"{method.replace('_', '-')}-{tail}",
        title=title,
        rule=rule,
        method=method,
        params=params,
        level=_level(rule),
        also_accepted=(REFUSED,) if rule == OTHER_MODEL_RULE else (),
        reason=REASONS.get(rule, ""),
    )


def _level(rule: str) -> Level:
    if rule == LONG_LINE_RULE:
        return Level.EXTENSION
    return Level.QUIRK if rule in REASONS else Level.REQUIRED


def append_entry(tail: str, title: str, rule: str, devices: list[object], *steps: Params) -> Entry:
    """Return a case of `append_devices`: some steps, and the devices that are there before."""
    return entry("append_devices", tail, title, rule, {"devices": devices, "steps": [*steps]})


def console(
    name: str = "console0",
    backend: str = "socket",
    port_type: device_types.PortType = "console",
    path: str = CONSOLE_SOCKET,
) -> Params:
    """Return a console device."""
    return as_fields(device_types.Console(name, backend, port_type, path))


def net(net_type: str = "tap", if_name: str = "tap0_kata", mac_address: str = MAC) -> Params:
    """Return a network device."""
    return as_fields(device_types.Net(net_type, if_name, mac_address))


def block(index: int = 0, file_path: str = "/dev/null") -> Params:
    """Return a block device."""
    return as_fields(device_types.Block(file_path, index))


def bridge(function: int = 0, emul: str = "hostbridge", config: str = "") -> Params:
    """Return a bridge."""
    return as_fields(device_types.Bridge(function, emul, config))


def lpc(function: int = 0, emul: str = "lpc") -> Params:
    """Return an LPC bus."""
    return as_fields(device_types.Lpc(function, emul))


def socket_step(name: str = "agent.channel.0", host_path: str = AGENT_SOCKET) -> Params:
    """Return a step that adds a socket."""
    return as_fields(step_types.Socket(name, host_path))


def network_step(
    endpoint: str = "veth", model: str = "tcfilter", name: str = "tap0_kata", mac: str = MAC
) -> Params:
    """Return a step that adds a network endpoint."""
    return as_fields(step_types.Network(endpoint, model, name, mac))


def drive_step(file: str = "/dev/vdb", index: int = 3) -> Params:
    """Return a step that adds a drive."""
    return as_fields(step_types.Drive(file, index))


KINDS: Mapping[str, Params] = {
    "console": console(),
    "net": net(),
    "block": block(3),
    "bridge": bridge(),
    "lpc": lpc(),
}
"""One valid device of every kind."""

VALID_PORTS: tuple[device_types.PortType, ...] = ("console", "serial")

INVALID: Mapping[str, Params] = {
    "console-backend": console(backend="vsock"),
    "console-port": console(port_type="other"),
    "console-path": console(path=""),
    "net-type": net(net_type="veth"),
    "net-name": net(if_name=""),
    "net-mac": net(mac_address=""),
    "block-path": block(3, ""),
    "bridge-function": bridge(function=1),
    "bridge-emul": bridge(emul="pci-bridge"),
    "lpc-emul": lpc(emul="isa"),
}
"""One invalid device for every condition of validity."""


def number(value: int) -> str:
    """Return an integer as a piece of an id."""
    return f"minus-{-value}" if value < 0 else str(value)


def index_rule(index: int, rule: str) -> str:
    """Return ``rule``, or the one that an index outside the block table falls under."""
    if index < 0:
        return "block-index-negative"
    return "block-index-beyond-table" if index > 8 else rule
