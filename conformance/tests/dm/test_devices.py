"""Slots, emulations and their arguments, release by release; one fact a test."""

from dataclasses import replace

import pytest
from acrn_dm_verdicts import PLAIN, accepting, command, device, fault, releases

from acrn_dm import (
    RECORDING,
    RELEASES,
    Address,
    Bdf,
    Block,
    Console,
    ConsoleBackend,
    ConsolePort,
    Entry,
    Feature,
    Input,
    Kind,
    Lpc,
    Malformed,
    Net,
    Passthrough,
    Plain,
    SharedMemory,
    Stage,
    Uart,
    UartBackend,
    UartKind,
    Vsock,
)

LPC = ("-s", "1:0,lpc", "-lcom1,stdio")


def takes(config: str) -> list[str]:
    """Return the releases that take a device."""
    return accepting("-s", f"9,{config}")


# Slots.


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("3", (0, 3, 0)),
        ("3:7", (0, 3, 7)),
        ("1:3:0", (1, 3, 0)),
        ("255/31.7", (255, 31, 7)),
        ("20x:1y", (0, 20, 1)),
        ("3 ", (0, 3, 0)),
        (" 3", (0, 3, 0)),
        ("0x3", (0, 0, 0)),
        ("3:0:1:9", (3, 0, 1)),
    ],
)
def test_a_slot_is_read_as_decimal_numbers(text: str, address: tuple[int, int, int]) -> None:
    """``:``, ``/`` and ``.`` delimit; junk after a number and a fourth field are ignored."""
    functions = command("-s", f"{text},virtio-rnd", "-k", "/k", "vm1").functions
    assert functions[0].address == Address(*address)


@pytest.mark.parametrize(
    "text",
    [
        *("", "3", "x,dummy", ",dummy", "32,dummy", "-1,dummy", "1:8,dummy", "1:-1,dummy"),
        *("256:1:0,dummy", "3:,dummy", "4294967299,dummy", "9" * 5000 + ",dummy"),
    ],
)
@pytest.mark.parametrize("release", ["v1.0", "v3.3"])
def test_a_slot_out_of_range_or_without_emulation_is_refused(text: str, release: str) -> None:
    """Bus 0-255, slot 0-31, function 0-7: exit 1 before the device opens."""
    verdict = fault("-s", text, *PLAIN, release=release)
    assert verdict.message == f'Invalid PCI slot info field "{text}"'
    assert (verdict.stage, verdict.exit, verdict.token) == (Stage.ARGV, 1, 1)


def test_a_place_is_taken_once() -> None:
    """The message leaves out the bus; functions and buses are places of their own."""
    verdict = fault("-s", "1:4:0,dummy", "-s", "1:4:0,bogus", *PLAIN)
    assert (verdict.message, verdict.token) == ("pci slot 4:0 already occupied!", 3)
    many = ("-s", "4,dummy", "-s", "4:1,dummy", "-s", "1:4:0,dummy")
    assert accepting(*many) == list(RELEASES)


def test_thirty_two_slots_fit_and_slot_2_is_nothing_special() -> None:
    """The 33rd device is refused for its slot number."""
    slots = [token for slot in range(1, 32) for token in ("-s", f"{slot},virtio-blk,/img")]
    assert accepting(*slots) == list(RELEASES)
    assert accepting(*slots, "-s", "32,virtio-blk,/img") == []


def test_slot_0_need_not_be_the_host_bridge() -> None:
    """Any slot will do, and none."""
    argv = ("-s", "5,hostbridge", "-k", "/k", "vm1")
    assert command(*argv).functions[0].slot == 5
    assert command("-k", "/k", "vm1").functions == ()


@pytest.mark.parametrize("emulation", ["", "virtio-9p", "e1000", "hda", "Virtio-blk", "lpc "])
def test_an_unknown_emulation_is_refused(emulation: str) -> None:
    """With the slot and the name in acrn-dm's words."""
    verdict = fault("-s", f"3:1,{emulation}", *PLAIN)
    assert verdict.message == f'pci slot 3:1: unknown device "{emulation}"'


@pytest.mark.parametrize(
    ("emulation", "first"),
    [("virtio-rnd", "v1.0"), ("virtio-i2c", "v1.2"), ("ivshmem,dm:/shm,2", "v2.3")],
)
def test_emulations_appear_in_a_release(emulation: str, first: str) -> None:
    """Before, they are unknown devices."""
    assert takes(emulation) == releases(first)


@pytest.mark.parametrize("emulation", ["pci-gvt", "virtio-hdcp", "npk", "virtio-coreu"])
def test_four_emulations_are_obsolete_ignored_and_fatal_from_v3_0(emulation: str) -> None:
    """They say "ignored" and exit 1."""
    host = replace(RECORDING, features=frozenset(Feature))
    tokens = ("-s", f"9,{emulation}")
    assert accepting(*tokens, host=host) == releases(last="v2.7")
    verdict = fault(*tokens, *PLAIN, host=host)
    assert verdict.message == f'The "{emulation}" parameter is obsolete and ignored'
    assert (verdict.stage, verdict.exit) == (Stage.ARGV, 1)


def test_the_boot_flag_is_no_part_of_the_arguments() -> None:
    """``b,`` in front of the path."""
    function = command("-s", "9,virtio-blk,b,/img", *PLAIN).functions[-1]
    assert (function.boot, function.device) == (True, Block("/img"))


def test_devices_start_in_the_order_of_the_bus() -> None:
    """So the fault met first is not that of the first token."""
    verdict = fault("-s", "9,virtio-blk,missing", "-s", "3,virtio-blk", *PLAIN)
    assert (verdict.message, verdict.token) == ("virtio_blk: backing device required", 3)


def test_v1_0_exits_0_on_a_fault_of_a_device() -> None:
    """All later releases exit 1."""
    for release in RELEASES:
        verdict = fault("-s", "9,virtio-blk", *PLAIN, release=release)
        assert (verdict.stage, verdict.exit) == (Stage.DEVICE, int(release != "v1.0"))


# The LPC bus and its ports.


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
    """None at all is fine."""
    assert device("uart") == Uart(None)
    assert device("uart,/dev/pts/3") == Uart(UartBackend(UartKind.TTY, "/dev/pts/3"))
    assert fault("-s", "9,uart,x", *PLAIN).message == "uart: open failed: x"


# virtio-console.


def test_console_ports_are_typed() -> None:
    """Backend in any case, name, path, the mark of a console, the role behind a colon."""
    assert device("virtio-console,@Socket:c=/run/a=b:client,pty:p") == Console(
        (
            ConsolePort(ConsoleBackend.SOCKET, "c", "/run/a=b", console=True, role="client"),
            ConsolePort(ConsoleBackend.PTY, "p"),
        )
    )


def test_a_colon_belongs_to_the_path_in_v1_0() -> None:
    """It ends the path from v1.1 on."""
    socket = ConsolePort(ConsoleBackend.SOCKET, "c", "/run/a", role="b")
    for release in RELEASES:
        port = replace(socket, path="/run/a:b", role=None) if release == "v1.0" else socket
        assert device("virtio-console,socket:c=/run/a:b", release) == Console((port,))


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
        "virtio-console,socket:c=c.sock",
        "virtio-console,tty:t",
        "virtio-console,tty:t=/img",
        "virtio-console,file:f",
        "virtio-console," + ",".join(["pty:p"] * 17),
    ],
)
def test_a_console_without_what_it_needs_is_refused_by_every_release(config: str) -> None:
    """A known backend, a path for socket, tty and file, a comma in no path, 16 ports."""
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
        "virtio-console," + ",".join(["pty:p"] * 16),
    ],
)
def test_a_console_with_what_it_needs_is_taken_by_every_release(config: str) -> None:
    """Sixteen ports fit."""
    assert takes(config) == list(RELEASES)


def test_a_backend_alone_passes_in_v1_0_only() -> None:
    """Later ones: "please at least config portname"."""
    assert takes("virtio-console,@tty") == ["v1.0"]
    text = "vtcon: please at least config portname"
    assert fault("-s", "9,virtio-console,@tty", *PLAIN).message == text


def test_a_long_socket_path_aborts_v1_0_and_is_cut_later() -> None:
    """107 bytes fit; the folder of what is left must be there."""
    config = "virtio-console,@socket:c=/run/"
    assert takes(config + "x" * 102) == list(RELEASES)
    assert takes(config + "x" * 103) == releases("v1.2")
    verdict = fault("-s", f"9,{config}{'x' * 103}", *PLAIN, release="v1.0")
    assert (verdict.crash, verdict.exit) == (True, -6)
    assert takes(config + "x" * 300) == releases("v1.2")


# virtio-blk.


def test_a_block_device_has_a_path_and_options() -> None:
    """Options are kept as written."""
    assert device("virtio-blk,/img,ro,sectorsize=512/4096") == Block(
        "/img", ("ro", "sectorsize=512/4096")
    )


@pytest.mark.parametrize(
    "options",
    [
        *("writeback", "writethru", "ro", "discard", "discard=1:2:3", "sectorsize=512"),
        *("sectorsize=4096", "sectorsize=512/4096", "range=0/2048", "ro,writeback"),
    ],
)
def test_block_options_that_every_release_takes(options: str) -> None:
    """Cache, discard, sector size, range."""
    assert takes(f"virtio-blk,/img,{options}") == list(RELEASES)


@pytest.mark.parametrize(
    "option", ["foo", "", "RO", "ro=1", "sectorsize=x", "sectorsize=100", "sectorsize=4096/512"]
)
def test_any_other_block_option_is_an_error(option: str) -> None:
    """In acrn-dm's words."""
    assert takes(f"virtio-blk,/img,{option}") == []
    text = f'Invalid device option "{option}"'
    assert fault("-s", f"9,virtio-blk,/img,{option}", *PLAIN).message == text


@pytest.mark.parametrize("option", ["nocache", "no_bst_block", "aio=io_uring"])
def test_cache_and_aio_options_come_with_v3_3(option: str) -> None:
    """Before, they are errors."""
    assert takes(f"virtio-blk,/img,{option}") == ["v3.3"]


@pytest.mark.parametrize("path", ["nodisk", "/a/nodisk/b", "x-nodisk", "nodisk,foo"])
def test_nodisk_anywhere_makes_a_placeholder_from_v1_1(path: str) -> None:
    """In v1.0 it is a path like any other."""
    read = device(f"virtio-blk,{path}")
    assert isinstance(read, Block)
    assert read.placeholder
    absolute = path.startswith("/")
    assert takes(f"virtio-blk,{path}") == (releases() if absolute else releases("v1.2"))


@pytest.mark.parametrize(
    ("entry", "taken"),
    [
        (Entry(Kind.FILE, 512), True),
        (Entry(Kind.FILE, 0), False),
        (Entry(Kind.FILE, 513), False),
        (Entry(Kind.DEVICE), True),
        (Entry(Kind.OTHER), False),
        (Entry(Kind.MISSING), False),
    ],
)
def test_a_regular_file_is_a_multiple_of_512_bytes(entry: Entry, *, taken: bool) -> None:
    """And not empty; a block device may be of any size."""
    host = replace(RECORDING, entry=lambda path: entry if path == "/d" else RECORDING.entry(path))
    assert bool(accepting("-s", "9,virtio-blk,/d", host=host)) is taken


# virtio-net.


@pytest.mark.parametrize(
    ("field", "interfaces"),
    [
        ("tap0", ["tap0", "tap0", None]),
        ("vmnet0", ["vmnet0", None, None]),
        ("macvtap0", [None, "macvtap0", None]),
        ("tap=tap0", ["tap=tap0", "tap=tap0", "tap0"]),
        ("eth0", [None, None, None]),
        ("", [None, None, None]),
    ],
)
def test_an_interface_is_opened_by_the_form_of_its_release(
    field: str, interfaces: list[str | None]
) -> None:
    """By prefix, by substring, by ``tap=``; another form is accepted, and opens nothing."""
    config = f"virtio-net,{field}"
    assert takes(config) == list(RELEASES)
    eras = (releases(last="v2.0"), releases("v2.3", "v2.7"), releases("v3.0"))
    for era, interface in zip(eras, interfaces, strict=True):
        for release in era:
            assert device(config, release) == Net(field, interface)


def test_a_network_device_without_any_field_is_an_error() -> None:
    """``virtio-net`` bare."""
    assert takes("virtio-net") == []
    old, new = "virtio_net: devname NULL", "virtio_net: invalid optional argument"
    for release in RELEASES:
        said = fault("-s", "9,virtio-net", *PLAIN, release=release).message
        assert said == (new if release in releases("v3.0") else old)


@pytest.mark.parametrize("mac", ["02:00:ca:fe:00:04", "2:0:a:f:0:4", "02:00:CA:FE:00:04 junk"])
def test_a_mac_address_is_read_as_ether_aton_does(mac: str) -> None:
    """Unknown keys are ignored."""
    assert takes(f"virtio-net,tap0,vhost,mac={mac},foo=1") == list(RELEASES)
    assert device(f"virtio-net,tap0,vhost,mac={mac}") == Net("tap0", None, mac, ("vhost",))


@pytest.mark.parametrize(
    "mac", ["zz", "", "01:00:5e:00:00:01", "00:00:00:00:00:00", "02:00:ca:fe:00", "02-00-ca-fe-0-4"]
)
def test_a_mac_address_that_is_multicast_zero_or_none_is_refused(mac: str) -> None:
    """In acrn-dm's words."""
    assert takes(f"virtio-net,tap0,mac={mac}") == []
    assert fault("-s", f"9,virtio-net,tap0,mac={mac}", *PLAIN).message == f"Invalid MAC {mac}"


# What the host has, or has not.


@pytest.mark.parametrize(
    "emulation",
    [
        *("ahci", "ahci-hd,/img", "amd_hostbridge", "dummy", "hostbridge,x"),
        *("virtio-hyper_dmabuf", "virtio-rnd", "wdt-i6300esb,x"),
    ],
)
def test_emulations_that_take_anything(emulation: str) -> None:
    """And need nothing of the host."""
    name, _, config = emulation.partition(",")
    assert takes(emulation) == list(RELEASES)
    assert device(emulation) == Plain(config or None)
    assert takes(name) == list(RELEASES)


@pytest.mark.parametrize(
    ("emulation", "first"),
    [
        ("virtio-audio", "v1.0"),
        ("virtio-heci", "v1.0"),
        ("virtio-ipu", "v1.0"),
        ("virtio-rpmb", "v1.0"),
        ("virtio-gpio,@gpiochip0{0}", "v1.0"),
        ("virtio-i2c,0:10", "v1.2"),
        ("igd-lpc", "v1.6"),
        ("vhost-vsock,cid=3", "v3.0"),
        ("virtio-gpu", "v3.0"),
    ],
)
def test_emulations_that_need_something_of_the_host(emulation: str, first: str) -> None:
    """Taken where it is there, refused on the host of the recordings where it is not."""
    host = replace(RECORDING, features=frozenset(Feature))
    tokens = ("-s", f"9,{emulation}")
    assert accepting(*tokens, host=host) == releases(first)
    assert "v3.3" not in accepting(*tokens)


def test_vsock_missing_on_the_host_crashes_v3_0_and_v3_1() -> None:
    """Later ones refuse; the context id must be above 2."""
    assert device("vhost-vsock,cid=3") == Vsock(3)
    for release, crash in (("v3.0", True), ("v3.1", True), ("v3.2", False), ("v3.3", False)):
        assert fault("-s", "9,vhost-vsock,cid=3", *PLAIN, release=release).crash is crash
    for config in ("vhost-vsock", "vhost-vsock,cid=2", "vhost-vsock,x"):
        assert isinstance(device(config), Malformed)


def test_passthrough_needs_the_device() -> None:
    """Bus, device and function are hexadecimal."""
    assert device("passthru,00/1f/3,keep_gsi") == Passthrough(Bdf(0, 0x1F, 3), ("keep_gsi",))
    bdf = frozenset({Bdf(0, 0x14, 0)})
    host = replace(RECORDING, pci=bdf, passthrough=bdf)
    assert accepting("-s", "9,passthru,00/14/0", host=host) == list(RELEASES)
    text = "No physical PCI device 0:14.0!"
    assert fault("-s", "9,passthru,00/14/0", *PLAIN).message == text
    assert fault("-s", "9,passthru", *PLAIN).message == "Empty passthru options"


def test_passthrough_of_the_gpu_goes_on_without_its_lpc_bridge_from_v2_7() -> None:
    """``gpu`` is unknown before v1.6, and to v2.5 fails on the bridge that it adds."""
    tokens = ("-s", "9,passthru,0/2/0,gpu")
    assert accepting(*tokens) == releases("v2.7")
    for release in releases(last="v2.5"):
        said = fault(*tokens, *PLAIN, release=release).message
        bridge = release in releases("v1.6")
        assert said.startswith("lpcbridge" if bridge else "failed to initialize BARs")


@pytest.mark.parametrize(
    ("config", "message", "talking"),
    [
        ("virtio-gpio", "virtio gpio: needs gpio information", releases("v2.3")),
        ("virtio-gpio,x", "virtio gpio: failed to initialize gpio", releases("v2.3")),
        ("virtio-rpmb", "rpmb_sim_key_init failed!", releases(last="v2.0")),
        ("xhci", "xHCI: pci_xhci_init fail, error=-1", releases(last="v2.0")),
        ("xhci,x", 'xHCI: error: invalid options: "x"', releases(last="v2.0")),
        ("xhci,1-1", 'xHCI: error: invalid options: "1-1"', releases(last="v2.0")),
        ("virtio-ipu", "", []),
    ],
)
def test_a_device_that_says_nothing_is_known_by_acrn_dms_last_words(
    config: str, message: str, talking: list[str]
) -> None:
    """Some releases say what is missing, others only which device it was; v1.0 not even that."""
    for release in RELEASES:
        said = fault("-s", f"9,{config}", *PLAIN, release=release).message
        emulation = config.partition(",")[0]
        last = "Unable to init vdev" if release == "v1.0" else f"pci {emulation} init failed"
        assert said == (message if release in talking else last)


def test_gvt_g_is_looked_for_from_v1_2() -> None:
    """Without it on the host v1.0 goes on."""
    assert takes("pci-gvt") == ["v1.0"]


def test_a_display_is_looked_for_while_the_argv_is_read() -> None:
    """v3.0 needs none; without one, later releases crash, or refuse arguments."""
    assert takes("virtio-gpu") == takes("virtio-gpu,x") == ["v3.0"]
    for release in releases("v3.1"):
        assert fault("-s", "9,virtio-gpu", *PLAIN, release=release).exit == -11
        assert fault("-s", "9,virtio-gpu,x", *PLAIN, release=release).stage is Stage.ARGV


def test_shared_memory_changes_its_form_in_v2_3() -> None:
    """Bytes in v2.0, from 4 KiB; mebibytes later, from 2 to 512; powers of two."""
    assert device("ivshmem,dm:/shm,2") == SharedMemory("dm", "shm", 2 << 20)
    assert device("ivshmem,shm,4096", release="v2.0") == SharedMemory("", "shm", 4096)
    assert takes("ivshmem,shm,4096") == ["v2.0"]
    assert takes("ivshmem,hv:/shm,512") == releases("v2.3")
    for size in ("1", "3", "1024", "4096", "x", ""):
        assert takes(f"ivshmem,dm:/shm,{size}") == []
    assert fault("-s", "9,ivshmem", *PLAIN).exit == -11


def test_an_input_device_is_opened() -> None:
    """A path that is a device; none is there on the host of the recordings."""
    assert device("virtio-input,/dev/input/event0,id") == Input("/dev/input/event0", "id")
    assert takes("virtio-input,/dev/input/event0") == []
    host = replace(RECORDING, entry=lambda _: Entry(Kind.DEVICE))
    assert accepting("-s", "9,virtio-input,/dev/input/event0", host=host) == list(RELEASES)


def test_usb_ports_are_those_of_the_host() -> None:
    """``xhci`` bare is refused."""
    host = replace(RECORDING, usb=frozenset({(1, 1)}))
    assert accepting("-s", "9,xhci,1-1:tablet:cap=apl", host=host) == list(RELEASES)
    assert accepting("-s", "9,xhci,1-2", host=host) == []
    assert takes("xhci") == []
