"""Every console backend carries data, and each is what the argv says it is."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from pexpect import spawn

from acrn_arch import Console as ConsoleDevice
from acrn_arch import PortType
from acrn_hwtests.board import Board
from acrn_hwtests.checks import parts
from acrn_hwtests.console import Console
from acrn_hwtests.guest import Guest
from acrn_hwtests.plan import AGENT, Plan, Request
from acrn_hwtests.stream import Stream  # noqa: TC001 - beside spawn, which runs
from acrn_hwtests.tier import Tier

_PTY = rb"virt-console backend redirected to (/dev/pts/\d+)"
_TTY = ["sh", "-c", "stty raw -echo; tty; exec sleep 86400"]


@dataclass(frozen=True, slots=True)
class Ports:
    """A guest with a port on every backend, at ttyS0's prompt; ``tty``: a terminal's far end."""

    guest: Guest
    tty: "spawn[bytes]"


@pytest.fixture(scope="module")
def ports(tier: Tier, board: Board) -> Iterator[Ports]:
    """Return the guest with all backends; nobody is connected to its hvc0 while it boots."""
    words = board.host.command(_TTY, terminal=True)
    terminal: spawn[bytes] = spawn(words[0], words[1:], timeout=10)
    try:
        terminal.expect(rb"(/dev/\S+)\r?\n")
        assert isinstance(terminal.match, re.Match)
        path = terminal.match[1].decode()
        planned = board.plan(Request())
        with tier.launch(_with_ports(board, planned, path), "backends-guest") as guest:
            guest.serial.boot()
            tier.identify(guest.serial)
            yield Ports(guest, terminal)
    finally:
        terminal.close(force=True)


def _with_ports(board: Board, planned: Plan, tty: str) -> Plan:
    """Have the same guest planned with a port on every backend."""
    extra = (
        ConsoleDevice("extra", "socket", PortType.SERIAL, planned.path("extra.sock")),
        ConsoleDevice("", "pty", PortType.SERIAL, "unused"),
        ConsoleDevice("", "tty", PortType.SERIAL, tty),
        ConsoleDevice("", "file", PortType.SERIAL, planned.path("out.txt")),
    )
    return board.plan(Request(extra=extra), planned.name)


def test_ttys0_is_acrn_dms_stdio(guest: Guest) -> None:
    """ttyS0, the LPC's UART on acrn-dm's standard streams, carries data both ways."""
    guest.serial.boot()
    assert guest.serial.run("tty").text == "/dev/ttyS0"


def test_hvc0_is_on_the_socket(guest: Guest) -> None:
    """hvc0, the console port on the socket, carries data both ways, and is /dev/console."""
    assert guest.hvc is not None
    guest.hvc.boot()
    assert guest.hvc.run("tty; cat /sys/class/tty/console/active").text.endswith("hvc0")


def test_late_attach(ports: Ports) -> None:
    """Who connects to hvc0 after the boot finds a prompt by a newline."""
    hvc = ports.guest.attach()
    hvc.boot()
    assert hvc.run("tty").text == "/dev/hvc0"


def test_socket_backend(ports: Ports) -> None:
    """A serial port on a socket carries data both ways."""
    guest = ports.guest
    stream = guest.stream("extra", guest.connect(guest.plan.path("extra.sock")))
    _both_ways(guest.serial, "extra", stream)


def test_pty_backend(ports: Ports) -> None:
    """A serial port on a pty carries data both ways, on the terminal that acrn-dm names."""
    named = ports.guest.printed(_PTY)
    assert named is not None
    stream = ports.guest.stream("pty", ports.guest.terminal(named[1].decode()))
    _both_ways(ports.guest.serial, "pty_port", stream)


def test_tty_backend(ports: Ports) -> None:
    """A serial port on a terminal of the board carries data both ways."""
    _both_ways(ports.guest.serial, "tty_port", ports.tty)


def test_file_backend(ports: Ports, board: Board) -> None:
    """A serial port on a file carries data out, and none in."""
    console = ports.guest.serial
    device = parts.ports(console)["file_port"]
    console.run(f"echo to-file >{device}").checked()
    assert console.run(f"exec 2>/dev/null; timeout 1 head -c 1 <{device}; true").text == ""
    deadline = time.monotonic() + 5
    while "to-file" not in (text := board.run("cat", ports.guest.plan.path("out.txt"))):
        assert time.monotonic() < deadline, f"the file has {text!r}"
        time.sleep(0.1)


def test_agent_is_a_serial_port(guest: Guest, console: Console) -> None:
    """The agent's socket is a serial port that carries data both ways, and no second console."""
    stream = guest.stream("agent", guest.connect(guest.plan.agent_path))
    _both_ways(console, AGENT, stream)
    assert "hvc1" not in console.run("cat /proc/consoles").checked()
    assert console.run(": <>/dev/hvc1").status != 0


def _both_ways(console: Console, port: str, stream: "Stream | spawn[bytes]") -> None:
    """Send a line out through a port, and one in."""
    device = parts.ports(console)[port]
    console.run(f"echo out-of-{port} >{device}").checked()
    stream.expect_exact(f"out-of-{port}".encode(), timeout=10)
    # What comes while nobody has the port open may be lost: wait until the reader has.
    pid = console.run(f"rm -f /tmp/in; head -n 1 <{device} >/tmp/in & echo $!").checked()
    _until(console, f"readlink /proc/{pid}/fd/0", device)
    stream.send(f"into-{port}\n".encode())
    _until(console, "cat /tmp/in", f"into-{port}")


def _until(console: Console, command: str, expected: str) -> None:
    """Wait for a command in the guest to print what is expected."""
    deadline = time.monotonic() + 10
    while (text := console.run(command).text) != expected:
        assert time.monotonic() < deadline, f"{command} in the guest prints {text!r}"
        time.sleep(0.1)
