"""Representative devices: one of each equivalence class of each kind, for every enumeration."""

from acrn_conformance.cases import Dialect, Fields, as_fields, device_types

_SAMPLES = (
    device_types.Console("c", "socket", "console", "/c.sock"),
    device_types.Console("s", "socket", "serial", "/s,1=@ sock"),
    device_types.Console("t", "tty", "serial", "/dev/ttyS1"),
    device_types.Console("p", "pty", "console", "/unused"),
    device_types.Console("f", "file", "serial", "/log"),
    device_types.Console("b", "console", "console", "/x"),
    device_types.Console("b", "console", "serial", "/x"),
    device_types.Console("i", "stdio", "serial", "/x"),
    device_types.Console("v", "vga", "console", "/x"),
    device_types.Console("o", "socket", "other", "/x"),
    device_types.Console("e", "pty", "serial", ""),
    device_types.Net("tap", "tap0", "02:00:00:00:00:01"),
    device_types.Net("macvtap", "tap1", "02:00:00:00:00:02"),
    device_types.Net("veth", "tap2", "02:00:00:00:00:03"),
    device_types.Net("tap", "", "02:00:00:00:00:04"),
    device_types.Net("macvtap", "tap3", ""),
    device_types.Block("/root", 0),
    device_types.Block("nodisk", 1),
    device_types.Block("/a,b", 7),
    device_types.Block("/last", 8),
    device_types.Block("/beyond", 9),
    device_types.Block("", 2),
    device_types.Block("-s", 1),
    device_types.Bridge(0, "hostbridge"),
    device_types.Bridge(0, "hostbridge", "unused"),
    device_types.Bridge(1, "hostbridge"),
    device_types.Bridge(0, "pci-bridge"),
    device_types.Lpc(0, "lpc"),
    device_types.Lpc(3, "lpc"),
    device_types.Lpc(0, "uart"),
    device_types.Vsock(2),
    device_types.Vsock(3),
    device_types.Vsock((1 << 32) - 1),
    device_types.Vsock(1 << 32),
)


def sample_devices(dialect: Dialect) -> tuple[Fields, ...]:
    """Return each backend, port type, net type and validity condition, indices at bounds.

    Thirty devices in kata-1, four more in a dialect with a vsock.
    """
    return tuple(as_fields(each) for each in _SAMPLES if isinstance(each, dialect.devices))
