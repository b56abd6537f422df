"""acrn-dm's machine as QEMU's: what is mapped, what is refused, what is told."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standin_support import (
    HOST,
    HOST_BRIDGES,
    PLAIN,
    PretendedHost,
    built,
    device_refusal,
    inexpressible,
    refusal,
)

from acrn_standin.errors import InexpressibleError, RefusedError
from acrn_standin.host import Image
from acrn_standin.machine import Machine

MAC = "02:00:ca:fe:00:04"
THROUGH = "write-cache=off,discard=off,write-zeroes=off"
KATA = (
    *("-U", "a7ada506-1ab0-4b6b-a0da-e513ca9b8c2f", "-A", "-m", "2048M", *HOST_BRIDGES),
    *("-lcom1,stdio", "-s", "3,virtio-console,@socket:console0=/run/c.sock"),
    *("-s", "4,virtio-blk,/disk", "-s", "5,virtio-blk,nodisk"),
    *("-s", f"14,virtio-net,tap0_kata,mac={MAC}", "-s", "31,virtio-rnd"),
    *("-k", "/boot/vmlinuz", "-B", "root=/dev/vda1 rw, quiet", "sandbox-x"),
)


def values(machine: Machine, option: str) -> list[str]:
    return [value for word, value in itertools.pairwise(machine.argv) if word == option]


def device(config: str, host: PretendedHost = HOST) -> Machine:
    """Return what a device on slot 9 adds to the plain machine."""
    whole, plain = built("-s", f"9,{config}", *PLAIN, host=host), built(*PLAIN, host=host)
    assert whole.argv[: len(plain.argv)] == plain.argv
    return Machine(
        whole.argv[len(plain.argv) :],
        whole.remarks[len(plain.remarks) :],
        whole.sockets,
        whole.terminals,
        whole.placeholders,
        whole.unlinked,
        whole.stdio,
    )


def test_katas_machine_is_mapped_whole() -> None:
    """Every device on its slot, as hexadecimal as QEMU reads it, and the guest marked as ours."""
    assert built(*KATA) == Machine(
        argv=(
            *("-M", "pc,usb=off,vmport=off", "-nodefaults", "-vga", "none", "-display", "none"),
            *("-accel", "tcg", "-cpu", "max", "-smp", "1", "-m", "2048M", "-no-reboot"),
            *("-uuid", "a7ada506-1ab0-4b6b-a0da-e513ca9b8c2f"),
            *("-smbios", "type=1,manufacturer=acrn-conformance,product=stand-in"),
            *("-kernel", "/boot/vmlinuz", "-append", "root=/dev/vda1 rw, quiet"),
            *("-chardev", "stdio,id=com1,signal=off", "-device", "isa-serial,chardev=com1,index=0"),
            *("-device", "virtio-serial-pci,id=slot3.0,addr=0x3.0,max_ports=16"),
            *("-chardev", "socket,id=slot3.0.port0,path=/run/c.sock,server=on,wait=off"),
            *("-device", "virtconsole,bus=slot3.0.0,nr=0,chardev=slot3.0.port0,name=console0"),
            "-blockdev",
            "driver=file,node-name=disk4.0-file,filename=/disk,read-only=off,discard=ignore",
            "-blockdev",
            "driver=raw,node-name=disk4.0,file=disk4.0-file,read-only=off,discard=ignore",
            "-device",
            f"virtio-blk-pci,id=slot4.0,addr=0x4.0,drive=disk4.0,{THROUGH}",
            *("-blockdev", "driver=null-co,node-name=disk5.0-file,size=0"),
            *("-blockdev", "driver=raw,node-name=disk5.0,file=disk5.0-file"),
            "-device",
            f"virtio-blk-pci,id=slot5.0,addr=0x5.0,drive=disk5.0,{THROUGH}",
            *("-netdev", "tap,id=slot14.0.net,ifname=tap0_kata,script=no,downscript=no"),
            "-device",
            f"virtio-net-pci,id=slot14.0,addr=0xe.0,netdev=slot14.0.net,mac={MAC},romfile=",
            *("-device", "virtio-rng-pci,id=slot31.0,addr=0x1f.0"),
        ),
        sockets=("/run/c.sock",),
        placeholders=(5,),
        stdio=True,
    )


def test_without_a_the_machine_has_no_acpi() -> None:
    """As acrn-dm's has none then."""
    assert values(built(*PLAIN), "-M") == ["pc,usb=off,vmport=off,acpi=off"]


def test_memory_comes_in_pages_of_2_mib() -> None:
    """Rounded down, and said so."""
    odd = built("-m", "131073K", *PLAIN)
    assert values(odd, "-m") == ["128M"]
    assert odd.remarks == ("memory in pages of 2 MiB, as acrn-dm has it: 128 MiB",)
    assert values(built("-m", "1G", *PLAIN), "-m") == ["1024M"]


def test_an_initramfs_beside_the_kernel_is_given_to_the_guest() -> None:
    """And said so: acrn-dm would not."""
    with_one = built(*PLAIN, host=PretendedHost())
    assert values(with_one, "-initrd") == ["/boot/initramfs.img"]
    assert with_one.remarks == ("the kernel is given /boot/initramfs.img, as acrn-dm would not",)
    assert values(built(*PLAIN), "-initrd") == []


def test_the_guest_sees_1024_bytes_of_the_boot_arguments() -> None:
    """Bytes, not characters; a cut is told."""
    exact, longer = built("-B", "x" * 1024, *PLAIN), built("-B", "x" * 1023 + "üy", *PLAIN)
    assert values(exact, "-append") == ["x" * 1024]
    assert exact.remarks == ()
    assert values(longer, "-append") == ["x" * 1023 + "\udcc3"]
    assert longer.remarks == ("-B is cut to the 1024 bytes that acrn-dm gives to the guest",)
    assert values(built("-B", "", *PLAIN), "-append") == []


@pytest.mark.parametrize("uuid", ["", "x", "a7ada506-1ab0-4b6b-a0da-e513ca9b8c2", "{}", "-A"])
def test_a_uuid_has_the_dashed_form(uuid: str) -> None:
    """In any case; what is none fails when the VM is made."""
    error = refusal("-U", uuid, *PLAIN)
    assert error.status == 1
    assert str(error).startswith("vm_create failed")
    upper = "A7ADA506-1AB0-4B6B-A0DA-E513CA9B8C2F"
    assert values(built("-U", upper, *PLAIN), "-uuid") == [upper]


@pytest.mark.parametrize("name", ["a/b", "n" * 92, "n" * 127])
def test_a_name_has_to_fit_into_a_sockets(name: str) -> None:
    """acrn-dm's monitor socket bears it: no slash, at most 91 bytes."""
    line = (*HOST_BRIDGES, "-k", "/boot/vmlinuz")
    error = refusal(*line, name)
    assert (error.status, str(error).split(":")[0]) == (1, "monitor_init")
    assert built(*line, "n" * 91).argv


@pytest.mark.parametrize("missing", [None, Image(0)])
def test_a_missing_or_empty_kernel_ends_with_10(missing: Image | None) -> None:
    """Of several each is looked at, and the last is used."""
    host = PretendedHost({"/k": missing})
    error = refusal("-k", "/k", *PLAIN, host=host)
    assert (error.status, str(error)) == (10, "SW_LOAD: check_image failed for '/k'")
    two = ("-k", "/one", "-k", "/two")
    assert values(built(*HOST_BRIDGES, *two, "vm1"), "-kernel") == ["/two"]


def test_without_a_kernel_there_is_nothing_to_load() -> None:
    """Found last, after the devices."""
    error = refusal(*HOST_BRIDGES, "vm1")
    assert error.status == 1
    assert str(error).startswith("acrn_sw_load failed")
    assert "MAC" in str(refusal(*HOST_BRIDGES, "-s", "9,virtio-net,tap0,mac=zz", "vm1"))


@pytest.mark.parametrize(
    ("argv", "what"),
    [
        (("-r", "/ramdisk"), "-r"),
        (("--ovmf", "/ovmf"), "--ovmf"),
        (("--cpu_affinity", "0,1"), "--cpu_affinity"),
        (("-s", "9,passthru,0/2/0"), "passthru"),
        (("-s", "9,xhci"), "xhci"),
        (("-s", "2,pci-gvt"), "pci-gvt"),
        (("-s", "1:9:0,virtio-rnd"), "a device on bus 1"),
        (("-s", "1:1,virtio-rnd"), "virtio-rnd on 1:1: begin with slot 2"),
        (("-s", "5,hostbridge"), "hostbridge on 5:0: it stands on 0:0"),
        (("-m", "-1M"), f"-m of {(1 << 44) - 1} MiB"),
        (("-lcom1,tcp:4321",), "a serial port on TCP (tcp:4321)"),
        (("-s", "9,virtio-blk,/d,range=1/2"), "a part of an image (range=1/2)"),
        (
            ("-s", "9,virtio-console,@socket:c=/s:client"),
            "a console that connects to a socket (/s:client)",
        ),
    ],
)
def test_what_cannot_be_expressed_is_named(argv: tuple[str, ...], what: str) -> None:
    """One line that says so, for what acrn-dm takes and QEMU is not made to do."""
    assert inexpressible(*argv, *PLAIN) == f"stand-in: cannot express {what}"


def test_bridges_that_are_not_asked_for_are_told() -> None:
    """QEMU's machine has both, whether asked or not; without an lpc no serial port works."""
    bare = built("-lcom1,stdio", "-k", "/boot/vmlinuz", "vm1")
    assert not bare.stdio
    assert values(bare, "-device") == []
    assert bare.remarks == (
        "no hostbridge is asked for; the machine has its own on 0:0",
        "no lpc is asked for; the machine has its own on 1:0",
        "-l without an lpc slot: no serial port",
    )
    configured = built("-s", "0,hostbridge,x", "-s", "1,lpc", "-k", "/boot/vmlinuz", "vm1")
    assert configured.remarks == ("not honoured: x of hostbridge",)


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


@pytest.mark.parametrize(
    ("options", "in_device", "in_nodes"),
    [
        ("", "write-cache=off,discard=off", "read-only=off,discard=ignore"),
        (",writeback", "write-cache=on,discard=off", "read-only=off,discard=ignore"),
        (",writeback,writethru", "write-cache=off", "read-only=off"),
        (",ro", "write-cache=off", "read-only=on"),
        (",discard", "discard=on", "discard=unmap"),
        (",sectorsize=512", "logical_block_size=512,physical_block_size=512", ""),
        (",sectorsize=512/4096", "logical_block_size=512,physical_block_size=4096", ""),
        (",sectorsize=0", "", ""),
    ],
)
def test_a_disk_has_its_options(options: str, in_device: str, in_nodes: str) -> None:
    """acrn-dm writes through unless told otherwise."""
    found = device(f"virtio-blk,/disk{options}")
    assert in_device in values(found, "-device")[0]
    assert all(in_nodes in node for node in values(found, "-blockdev"))
    assert found.remarks == ()


def test_limits_and_marks_of_a_disk_are_told() -> None:
    """They are taken, and make no difference here."""
    assert device("virtio-blk,b,/disk,discard=1:2:3").remarks == (
        "not honoured: the boot mark of virtio-blk on 9:0",
        "not honoured: the limits of discard of virtio-blk on 9:0",
    )


def test_a_disk_is_a_file_or_a_block_device() -> None:
    """What may not be written is opened for reading, as acrn-dm does."""
    host = PretendedHost({"/dev/sdz": Image(1 << 20, block_device=True, writable=False)})
    file, raw = values(device("virtio-blk,/dev/sdz", host), "-blockdev")
    assert file.startswith("driver=host_device,")
    assert "read-only=on" in file
    assert "read-only=on" in raw


@pytest.mark.parametrize(
    ("config", "line"),
    [
        ("virtio-blk", "virtio_blk: backing device required"),
        ("virtio-blk,/disk,foo", 'Invalid device option "foo"'),
        ("virtio-blk,/disk,", 'Invalid device option ""'),
        ("virtio-blk,/disk,discard=1", 'Invalid device option "discard=1"'),
        ("virtio-blk,/disk,sectorsize", 'Invalid device option "sectorsize"'),
        ("virtio-blk,/disk,sectorsize=x", 'Invalid device option "sectorsize=x"'),
        ("virtio-blk,/disk,sectorsize=513", "Invalid sector size 513/513"),
        ("virtio-blk,/disk,sectorsize=4096/512", "Invalid sector size 4096/512"),
        ("virtio-blk,/disk,sectorsize=-512", "Invalid sector size -512/-512"),
        ("virtio-blk,missing", "Could not open backing file: missing"),
        ("virtio-blk,/empty", "/empty size not correct, should be multiple of 512"),
        ("virtio-blk,/odd", "/odd size not correct, should be multiple of 512"),
    ],
)
def test_a_disk_that_fails(config: str, line: str) -> None:
    """When its device comes up: exit status 1, with a line on stdout."""
    host = PretendedHost({"/empty": Image(0), "/odd": Image(513)})
    assert device_refusal(config, host) == line


@pytest.mark.parametrize("config", ["nodisk", "/a/nodisk/b", "nodisk,ro", "/disk,nodisk"])
def test_nodisk_anywhere_makes_a_placeholder(config: str) -> None:
    """It is looked for in the whole configuration."""
    found = device(f"virtio-blk,{config}")
    assert values(found, "-blockdev")[0] == "driver=null-co,node-name=disk9.0-file,size=0"
    assert found.placeholders == (9,)


def test_a_rescan_reaches_no_other_function() -> None:
    """Function 0 only; several functions share their slot as QEMU wants it."""
    found = built("-s", "6:0,virtio-blk,nodisk", "-s", "6:1,virtio-blk,nodisk", *PLAIN)
    assert found.placeholders == (6,)
    fronts = values(found, "-device")
    assert "addr=0x6.0,multifunction=on" in fronts[0]
    assert "addr=0x6.1,multifunction=on" in fronts[1]


@pytest.mark.parametrize(
    ("config", "interface"),
    [
        ("tap0", "tap0"),
        ("tap=tap0", "tap=tap0"),
        ("macvtap0,mac=02:00:00:00:00:01", "macvtap0"),
        ("vmnet0", "vmnet0"),
        ("a_tap_with_a_very_long_name", "a_tap_with_a_ve"),
    ],
)
def test_an_interface_whose_name_has_tap_in_it_is_opened(config: str, interface: str) -> None:
    """As it is named, cut to the kernel's 15 bytes."""
    found = device(f"virtio-net,{config}")
    assert values(found, "-netdev") == [
        f"tap,id=slot9.0.net,ifname={interface},script=no,downscript=no"
    ]
    assert (found.unlinked, found.remarks) == ((), ())


def test_an_interface_that_is_not_opened_has_no_link() -> None:
    """Silently so in acrn-dm; where no tap can be opened it is the same."""
    bare = device("virtio-net,eth0")
    assert bare.unlinked == ("slot9.0",)
    assert values(bare, "-netdev") == ["user,id=slot9.0.net,restrict=on"]
    assert bare.remarks == (
        "not honoured: eth0 of virtio-net on 9:0 (release v2.5 opens no such interface)",
    )
    closed = device("virtio-net,tap0,vhost", PretendedHost(HOST.images, taps=False))
    assert closed.unlinked == ("slot9.0",)
    assert closed.remarks == (
        "not honoured: vhost of virtio-net on 9:0",
        "not honoured: tap0 of virtio-net on 9:0 (taps cannot be opened here)",
    )


@pytest.mark.parametrize(
    ("config", "mac"),
    [
        ("tap0,mac=2:0:ca:FE:0:4", "02:00:ca:fe:00:04"),
        ("tap0,mac=02:00:00:00:00:01,mac=02:00:00:00:00:02,foo=1", "02:00:00:00:00:02"),
        ("tap0,mac=02:00:00:00:00:01xyz", "02:00:00:00:00:01"),
        ("tap0,mac", "00:16:3e:35:d0:09"),
    ],
)
def test_a_network_device_has_its_mac(config: str, mac: str) -> None:
    """As ether_aton reads it, the last one given; acrn-dm's own choice where there is none."""
    front = values(device(f"virtio-net,{config}"), "-device")[0]
    assert f",mac={mac}," in front


@pytest.mark.parametrize(
    "mac", ["zz", "", "01:00:5e:00:00:01", "0:0:0:0:0:0", "02:00:00:00:00", "02-00-00-00-00-01"]
)
def test_a_mac_that_is_none(mac: str) -> None:
    """Malformed, multicast or zero."""
    assert device_refusal(f"virtio-net,tap0,mac={mac}") == f"Invalid MAC {mac}"
    assert device_refusal("virtio-net") == "virtio_net: devname NULL"


_CONFIGS = st.text(st.sampled_from([*"@:,=/.0123456789abcdefnoxmtpy \udcff"]), max_size=30)
_EMULATIONS = st.sampled_from(["virtio-blk", "virtio-console", "virtio-net", "virtio-rnd"])
_DEVICES = st.one_of(
    _CONFIGS,
    st.builds("socket:{}=/{}".format, _CONFIGS, _CONFIGS),
    st.builds("/disk,sectorsize={}".format, _CONFIGS),
    st.builds("tap0,mac={}".format, _CONFIGS),
)


@given(_EMULATIONS, _DEVICES)
def test_no_configuration_makes_it_stumble(emulation: str, config: str) -> None:
    """It is a machine, a refusal or something that cannot be expressed."""
    found: object
    try:
        found = built("-s", f"9,{emulation},{config}", *PLAIN)
    except (RefusedError, InexpressibleError) as error:
        found = error
    assert isinstance(found, (Machine, RefusedError, InexpressibleError))
