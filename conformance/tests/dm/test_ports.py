"""The LPC bus, UARTs and virtio-console, release by release; one fact a test."""

import pytest
from acrn_dm_verdicts import PLAIN, accepting, command, device, fault, releases, takes

from acrn_dm import (
    RELEASES,
    Console,
    ConsoleBackend,
    ConsolePort,
    Lpc,
    Stage,
    Uart,
    UartBackend,
    UartKind,
)

LPC = ("-s", "1:0,lpc", "-lcom1,stdio")


def test_there_is_one_lpc_bus_and_it_is_on_bus_0() -> None:
    """Both are met when the devices start."""
    assert fault(*LPC, "-s", "9,lpc", *PLAIN).message == "Only one LPC bridge is allowed."
    text = "LPC bridge can be present only on bus 0."
    assert fault("-s", "1:1:0,lpc", *PLAIN).message == text
    assert device("lpc,x") == Lpc("x")


@pytest.mark.parametrize(
    ("port", "first"),
    [("com1", "v1.0"), ("COM2,stdio", "v1.0"), ("com3,stdio", "v3.3"), ("com5", "v3.3")],
)
def test_ports_of_the_lpc_bus_are_known_by_name_in_any_case(port: str, first: str) -> None:
    """com1 and com2; v3.3 has com1 to com5."""
    assert accepting("-l", port) == releases(first)


@pytest.mark.parametrize("port", ["com6", "com9,stdio", "foo,stdio", "", ",stdio", "com1 ,stdio"])
def test_an_unknown_port_is_refused(port: str) -> None:
    """Exit 64, before the device opens."""
    verdict = fault("-l", port, *PLAIN)
    assert verdict.message == f"acrn-dm: invalid lpc device configuration '{port}'"
    assert (verdict.stage, verdict.exit) == (Stage.ARGV, 64)


@pytest.mark.parametrize(
    ("text", "backend"),
    [
        ("com1", None),
        ("com1,stdio", UartBackend(UartKind.STDIO)),
        ("com1,tcp:4321", UartBackend(UartKind.TCP, "4321")),
        ("com1,/dev/pts/3", UartBackend(UartKind.TTY, "/dev/pts/3")),
    ],
)
def test_a_port_has_a_typed_backend(text: str, backend: UartBackend | None) -> None:
    """``stdio``, ``tcp:PORT``, else the path of a tty; none is fine."""
    taken = command("-s", "1:0,lpc", "-l", text, *PLAIN)
    port = taken.port("com1")
    assert port is not None
    assert port.backend == backend
    assert taken.port("com2") is None


@pytest.mark.parametrize("backend", ["stdio,x", "/img", "STDIO", "", "tcp:"])
def test_a_backend_that_cannot_be_opened_stops_the_lpc_bus(backend: str) -> None:
    """Only where there is an LPC bus: without one ``-l`` is silently unused."""
    port = f"-lcom1,{backend}"
    verdict = fault("-s", "1:0,lpc", port, *PLAIN)
    assert (verdict.stage, verdict.token) == (Stage.DEVICE, 2)
    assert accepting(port) == list(RELEASES)


@pytest.mark.parametrize(
    "second",
    [
        ("-lcom2,stdio",),
        ("-s", "9,uart,stdio"),
        ("-s", "9,virtio-console,@stdio:stdio_port"),
    ],
)
def test_stdio_is_taken_once(second: tuple[str, ...]) -> None:
    """Ports, UARTs and consoles conflict with ``-lcom1,stdio``."""
    assert accepting(*LPC) == list(RELEASES)
    assert accepting(*second) == list(RELEASES)
    assert accepting(*LPC, *second) == []
    assert "stdio is used by other device" in fault(*LPC, *second, *PLAIN).message


def test_the_port_given_last_counts() -> None:
    """``-lcom1`` twice is no conflict."""
    assert accepting(*LPC, "-lcom1,/dev/pts/3", "-lcom1,stdio") == list(RELEASES)


def test_a_uart_on_the_pci_bus_has_the_same_backends() -> None:
    """None at all is fine; from v2.3 on the hypervisor has some as well."""
    assert device("uart") == Uart(None)
    assert device("uart,/dev/pts/3") == Uart(UartBackend(UartKind.TTY, "/dev/pts/3"))
    assert fault("-s", "9,uart,x", *PLAIN).message == "uart: open failed: x"
    assert device("uart,vuart_idx:1") == Uart(UartBackend(UartKind.HYPERVISOR, "1"))
    assert takes("uart,vuart_idx:1") == releases("v2.3")
    assert takes("uart,vuart_idx:x") == takes("uart,vuart_idx=1") == []


def test_a_tcp_port_is_listened_on_once() -> None:
    """On any of the buses."""
    assert takes("uart,tcp:5000") == list(RELEASES)
    assert accepting("-s", "8,uart,tcp:5000", "-s", "9,uart,tcp:5000") == []
    assert accepting("-s", "8,uart,tcp:5000", "-s", "9,uart,tcp:5001") == list(RELEASES)


def test_the_fifth_port_may_have_resources() -> None:
    """An I/O port and an interrupt behind the backend of com5, both or neither."""
    assert accepting("-lcom5,/dev/pts/1,0x9000,10") == releases("v3.3")
    assert accepting("-lcom5,/dev/pts/1,0x9000,0xffffffffffffffff") == releases("v3.3")
    assert accepting("-lcom5,/dev/pts/1,0x9000") == []


def test_console_ports_are_typed() -> None:
    """Backend in any case, name, path, the mark of a console, the role behind a colon."""
    assert device("virtio-console,@Socket:c=/run/a=b:client,pty:p") == Console(
        (
            ConsolePort(ConsoleBackend.SOCKET, "c", "/run/a=b", console=True, role="client"),
            ConsolePort(ConsoleBackend.PTY, "p"),
        )
    )


def test_a_colon_belongs_to_the_path_in_v1_0() -> None:
    """It ends the path of a socket from v1.1 on, and a role must follow."""
    socket = ConsolePort(ConsoleBackend.SOCKET, "c", "/run/a", role="b")
    for release in RELEASES:
        port = socket._replace(path="/run/a:b", role=None) if release == "v1.0" else socket
        assert device("virtio-console,socket:c=/run/a:b", release) == Console((port,))
    assert takes("virtio-console,socket:c=/run/a:b") == ["v1.0"]
    assert takes("virtio-console,socket:c=/run/a:client") == list(RELEASES)
    assert takes("virtio-console,file:f=/run/a:b") == list(RELEASES)


@pytest.mark.parametrize(
    "config",
    [
        "virtio-console",
        "virtio-console,",
        "virtio-console,@",
        "virtio-console,x",
        "virtio-console,@@pty:p",
        "virtio-console,console:c=/x",
        "virtio-console,@socket:a,b=/run/c.sock",
        "virtio-console,socket:c",
        "virtio-console,tty:t",
        "virtio-console,tty:t=/img",
        "virtio-console,file:f",
    ],
)
def test_a_console_without_what_it_needs_is_refused_by_every_release(config: str) -> None:
    """A known backend, a path for socket, tty and file, a comma in no path."""
    assert takes(config) == []
    assert fault("-s", f"9,{config}", *PLAIN).stage is Stage.DEVICE


def test_stdio_without_a_backend_text_is_refused_in_acrn_dms_words() -> None:
    """``N,virtio-console,@`` is what upstream makes of its Stdio case."""
    assert fault("-s", "3,virtio-console,@", *PLAIN).message == "vtcon: invalid backend !"


@pytest.mark.parametrize(
    "config",
    [
        "virtio-console,pty:pty_port",
        "virtio-console,@PTY:p",
        "virtio-console,@file:f=/run/o.log",
        "virtio-console,tty:t=/dev/pts/3",
        "virtio-console,@socket:c=/run/c.sock",
        "virtio-console,socket:c=c.sock",
        "virtio-console,file:f=out.log",
        "virtio-console," + ",".join(["pty:p"] * 16),
    ],
)
def test_a_console_with_what_it_needs_is_taken_by_every_release(config: str) -> None:
    """Sixteen ports fit; a relative path is in the working folder."""
    assert takes(config) == list(RELEASES)


def test_v1_1_opens_the_last_port_alone() -> None:
    """So it never has too many, and any of those before may be unusable."""
    many = "virtio-console," + ",".join(["pty:p"] * 17)
    assert takes(many) == ["v1.1"]
    assert takes("virtio-console,tty:t=/img,pty:p") == ["v1.1"]
    assert takes("virtio-console,tty:t,pty:p") == []


def test_a_backend_alone_passes_before_v1_2() -> None:
    """v1.0 never opens it, v1.1 does; later ones: "please at least config portname"."""
    assert takes("virtio-console,@tty") == ["v1.0"]
    assert takes("virtio-console,@pty") == releases(last="v1.1")
    text = "vtcon: please at least config portname"
    assert fault("-s", "9,virtio-console,@tty", *PLAIN).message == text


def test_a_long_socket_path_aborts_before_v1_2_and_is_cut_later() -> None:
    """107 bytes fit; the folder of what is left must be there."""
    config = "virtio-console,@socket:c=/run/"
    assert takes(config + "x" * 102) == list(RELEASES)
    assert takes(config + "x" * 103) == releases("v1.2")
    verdict = fault("-s", f"9,{config}{'x' * 103}", *PLAIN, release="v1.0")
    assert (verdict.crash, verdict.exit) == (True, -6)
    assert takes(config + "x" * 300) == releases("v1.2")
