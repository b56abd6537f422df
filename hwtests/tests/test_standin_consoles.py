"""Serial ports and consoles as QEMU's: backends, ports, paths, refusals."""

import pytest
from standin_support import HOST_BRIDGES, PLAIN, built, device, device_refusal, refusal, values


@pytest.mark.parametrize(
    ("backend", "source"),
    [
        ("com2", "null,id=com2"),
        ("com2,stdio", "stdio,id=com2,signal=off"),
        ("com2,/dev/pts/3", "serial,id=com2,path=/dev/pts/3"),
    ],
)
def test_a_serial_port_has_its_backend(backend: str, source: str) -> None:
    """None, standard input and output, or a terminal."""
    machine = built("-l", backend, *PLAIN)
    assert values(machine, "-chardev") == [source]
    assert values(machine, "-device") == ["isa-serial,chardev=com2,index=1"]


@pytest.mark.parametrize(
    ("backend", "line"),
    [("stdio,x", "uart: open failed: stdio,x"), ("/disk", "uart: not a tty: /disk")],
)
def test_a_serial_ports_terminal_must_be_one(backend: str, line: str) -> None:
    """And be there."""
    error = refusal("-lcom1," + backend, *PLAIN)
    assert (error.status, str(error)) == (1, line)


def test_standard_input_has_one_user() -> None:
    """The one that comes up second is told of it."""
    console = ("-s", "9,virtio-console,@stdio:c")
    clash = refusal("-lcom1,stdio", *console, *PLAIN)
    assert (clash.status, str(clash)) == (1, "vtcon: stdio is used by other device")
    uarts = refusal("-lcom1,stdio", "-lcom2,stdio", *PLAIN)
    assert str(uarts) == "uart: stdio is used by other device"
    assert built(*console, *PLAIN).stdio


def test_a_console_device_has_a_port_for_each_of_its_parts() -> None:
    """In order, consoles and plain ports mixed, each with its backend."""
    found = device("virtio-console,@pty:a,tty:b=/dev/pts/3,@File:c=/log,SOCKET:d=/run/d:server")
    assert values(found, "-device") == [
        "virtio-serial-pci,id=slot9.0,addr=0x9.0,max_ports=16",
        "virtconsole,bus=slot9.0.0,nr=0,chardev=slot9.0.port0,name=a",
        "virtserialport,bus=slot9.0.0,nr=1,chardev=slot9.0.port1,name=b",
        "virtconsole,bus=slot9.0.0,nr=2,chardev=slot9.0.port2,name=c",
        "virtserialport,bus=slot9.0.0,nr=3,chardev=slot9.0.port3,name=d",
    ]
    assert values(found, "-chardev") == [
        "pty,id=slot9.0.port0",
        "serial,id=slot9.0.port1,path=/dev/pts/3",
        "file,id=slot9.0.port2,path=/log,append=on",
        "socket,id=slot9.0.port3,path=/run/d,server=on,wait=off",
    ]
    assert (found.terminals, found.sockets) == (("slot9.0.port0",), ("/run/d",))


def test_a_plain_port_cannot_have_number_0() -> None:
    """QEMU keeps that for a console: the device counts from 1 then, and it is told."""
    found = device("virtio-console," + ",".join(f"pty:p{number}" for number in range(16)))
    front, *ports = values(found, "-device")
    assert front.endswith("max_ports=17")
    assert [port.split(",")[2] for port in ports] == [f"nr={number}" for number in range(1, 17)]
    assert found.remarks == ("not honoured: port 0 of virtio-console on 9:0; it counts from 1",)


@pytest.mark.parametrize(
    ("config", "line"),
    [
        ("virtio-console", "vtcon: invalid opts"),
        ("virtio-console,", "vtcon: invalid backend !"),
        ("virtio-console,@", "vtcon: invalid backend !"),
        ("virtio-console,console:c=/x", "vtcon: invalid backend console!"),
        ("virtio-console,@tty", "vtcon: please at least config portname"),
        ("virtio-console,@tty:c", "vtcon: portpath missing for c"),
        ("virtio-console,@tty:c=none", "vtcon: open failed: none"),
        ("virtio-console,@tty:c=/disk", "vtcon: not a tty: /disk"),
        ("virtio-console,@file:c=/nowhere/log", "vtcon: open failed: /nowhere/log"),
        ("virtio-console,@socket:c", "vtcon: portpath is NULL"),
        ("virtio-console,@socket:c=/s:both", "Socket type not exist"),
        ("virtio-console,@socket:a,b=/run/c.sock", "vtcon: portpath is NULL"),
        (
            "virtio-console,@socket:c=/nowhere/s",
            "vtcon: Bind Error: no folder for a socket /nowhere/s",
        ),
        (
            "virtio-console," + ",".join(["pty:p"] * 17),
            "vtcon: virtio_console_add_port failed",
        ),
    ],
)
def test_a_console_that_fails(config: str, line: str) -> None:
    """When its device comes up: exit status 1, with acrn-dm's line on stdout."""
    assert device_refusal(config) == line


def test_a_long_socket_path_is_cut() -> None:
    """To 107 bytes, silently in acrn-dm, here with a word."""
    found = device(f"virtio-console,@socket:c=/{'s' * 107}")
    assert found.sockets == (f"/{'s' * 106}",)
    assert found.remarks == (f"the socket's path is cut to 107 bytes: /{'s' * 106}",)


def test_a_comma_in_a_path_does_not_split_qemus_values() -> None:
    """Doubled where QEMU reads several values, as it is where it reads one."""
    port = built("-lcom1,/dev/pts/3,x", *PLAIN)
    assert values(port, "-chardev") == ["serial,id=com1,path=/dev/pts/3,,x"]
    assert values(built(*HOST_BRIDGES, "-k", "/a,b", "vm1"), "-kernel") == ["/a,b"]
