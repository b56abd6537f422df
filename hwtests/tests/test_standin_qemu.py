"""acrn-dm's machine as QEMU's: what is mapped, what is refused, what is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standin_support import (
    HOST_BRIDGES,
    PLAIN,
    PretendedHost,
    built,
    inexpressible,
    refusal,
    values,
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
