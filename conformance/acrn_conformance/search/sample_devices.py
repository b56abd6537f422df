"""Representative devices: one of each equivalence class of each kind, for every enumeration."""

from collections.abc import Mapping

Device = Mapping[str, object]


def _console(name: str, backend: str, port_type: str, path: str) -> Device:
    fields = {"name": name, "backend": backend, "port_type": port_type, "path": path}
    return {"kind": "console", **fields}


def _net(net_type: str, if_name: str, mac_address: str) -> Device:
    return {"kind": "net", "net_type": net_type, "if_name": if_name, "mac_address": mac_address}


def _block(file_path: str, index: int) -> Device:
    return {"kind": "block", "file_path": file_path, "index": index}


def _bridge(function: int, emul: str, config: str = "") -> Device:
    return {"kind": "bridge", "function": function, "emul": emul, "config": config}


def _lpc(function: int, emul: str) -> Device:
    return {"kind": "lpc", "function": function, "emul": emul}


DEVICES: tuple[Device, ...] = (
    _console("c", "socket", "console", "/c.sock"),
    _console("s", "socket", "serial", "/s,1=@ sock"),
    _console("t", "tty", "serial", "/dev/ttyS1"),
    _console("p", "pty", "console", "/unused"),
    _console("f", "file", "serial", "/log"),
    _console("b", "console", "console", "/x"),
    _console("b", "console", "serial", "/x"),
    _console("i", "stdio", "serial", "/x"),
    _console("v", "vga", "console", "/x"),
    _console("o", "socket", "other", "/x"),
    _console("e", "pty", "serial", ""),
    _net("tap", "tap0", "02:00:00:00:00:01"),
    _net("macvtap", "tap1", "02:00:00:00:00:02"),
    _net("veth", "tap2", "02:00:00:00:00:03"),
    _net("tap", "", "02:00:00:00:00:04"),
    _net("macvtap", "tap3", ""),
    _block("/root", 0),
    _block("nodisk", 1),
    _block("/a,b", 7),
    _block("/last", 8),
    _block("/beyond", 9),
    _block("", 2),
    _block("-s", 1),
    _bridge(0, "hostbridge"),
    _bridge(0, "hostbridge", "unused"),
    _bridge(1, "hostbridge"),
    _bridge(0, "pci-bridge"),
    _lpc(0, "lpc"),
    _lpc(3, "lpc"),
    _lpc(0, "uart"),
)
"""Thirty devices: each backend, port type, net type and validity condition, indices at bounds."""
