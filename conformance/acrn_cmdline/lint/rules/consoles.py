"""Ports of virtio-console that are read otherwise than written; facts: "virtio-console"."""

from collections.abc import Iterator
from typing import Final

from acrn_cmdline.lint.finding import Severity, brief
from acrn_cmdline.lint.rule_form import Hit, rule
from acrn_cmdline.lint.rules.parts import devices, ports
from acrn_dm import Console, ConsoleBackend, Reading, opens_last_port_alone, size

_ROLES: Final = (":server", ":client")


@rule(
    "socket-path-cut",
    Severity.SILENT,
    fact="From v1.2 on a socket path over 107 bytes is cut without a word (before, acrn-dm "
    "aborts): nobody finds the socket under its name.",
    remedy="use a path of at most 107 bytes",
)
def socket_path_cut(reading: Reading) -> Iterator[Hit]:
    """Find a socket that appears under another path."""
    for token, port in ports(reading):
        if port.lost and token not in reading.blamed:
            yield Hit(token, f"of {size(port.path or '')} bytes the last {port.lost} are cut")


@rule(
    "role-in-path",
    Severity.SILENT,
    fact="v1.0 knows no :server and :client: they are part of the path there.",
    remedy="leave the role out for v1.0",
)
def role_in_path(reading: Reading) -> Iterator[Hit]:
    """Find a role that becomes part of the path."""
    for token, port in ports(reading):
        if (port.path or "").endswith(_ROLES):
            yield Hit(token, f"the role is part of the path: {brief(port.path or '')}")


@rule(
    "console-port-unnamed",
    Severity.SILENT,
    fact="v1.0 lets a port without a name pass and never opens its backend; later releases refuse "
    "it.",
    remedy="write the port as BACKEND:NAME",
)
def console_port_unnamed(reading: Reading) -> Iterator[Hit]:
    """Find a port whose backend is never opened."""
    for token, port in ports(reading):
        if port.name is None and not opens_last_port_alone(reading.release):
            yield Hit(token, f"the backend {port.backend} is never opened")


@rule(
    "console-path-unused",
    Severity.STYLE,
    fact="The backends pty and stdio never look at a path.",
    remedy="leave =PATH out; acrn-dm prints which pty it opened",
)
def console_path_unused(reading: Reading) -> Iterator[Hit]:
    """Find a path that nobody reads."""
    for token, port in ports(reading):
        if port.path and port.backend in {ConsoleBackend.PTY, ConsoleBackend.STDIO}:
            yield Hit(token, f"{port.backend} does not use the path {brief(port.path)}")


@rule(
    "console-ports-lost",
    Severity.SILENT,
    fact="v1.1 opens the last port of a virtio-console and no other.",
    remedy="give each port a virtio-console of its own for v1.1",
)
def console_ports_lost(reading: Reading) -> Iterator[Hit]:
    """Find ports that are read and never opened."""
    for function, console in devices(reading, Console):
        if len(console.ports) > 1 and opens_last_port_alone(reading.release):
            yield Hit(function.token, f"of {len(console.ports)} ports the last is opened")


RULES = (
    console_ports_lost,
    socket_path_cut,
    role_in_path,
    console_port_unnamed,
    console_path_unused,
)
