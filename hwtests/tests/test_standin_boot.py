"""One boot of a real guest on the stand-in, looked at from all sides; the last test ends it."""

import shutil
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from standin_guest import (
    BRIDGES,
    ENDS_WITHIN,
    PROMPT,
    ROOT,
    Files,
    Stream,
    Vm,
    acrnctl,
    connected,
    guest_files,
    listened_at,
    started,
)

pytestmark = pytest.mark.board

UUID = "a7ada506-1ab0-4b6b-a0da-e513ca9b8c2f"


@pytest.fixture(scope="module")
def files() -> Files:
    return guest_files()


BOOTARGS = f"quiet {ROOT} console=hvc0 marker='a  b'"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("one")


@pytest.fixture(scope="module")
def vm(folder: Path, files: Files) -> Iterator[Vm]:
    consoles = (
        f"@socket:console0={folder}/hvc0.sock,socket:agent={folder}/agent.sock,"
        f"file:log={folder}/port.log,pty:terminal"
    )
    argv = (
        *("-U", UUID, "-A", "-m", "192M", *BRIDGES, "-s", f"3,virtio-console,{consoles}"),
        *("-s", f"4,virtio-blk,{files.disk(folder)}", "-s", "5,virtio-blk,nodisk"),
        *("-s", "12:0,virtio-blk,nodisk", "-s", "12:1,virtio-rnd"),
        *("-s", "14,virtio-net,eth0,mac=02:00:ca:fe:00:04", "-s", "31,virtio-rnd"),
        *("-k", files.kernel, "-B", BOOTARGS, "one"),
    )
    with started(argv, folder / "state") as vm:
        yield vm


@pytest.fixture(scope="module")
def hvc0(vm: Vm, folder: Path) -> Iterator[Stream]:
    assert vm.process.poll() is None
    stream = connected(folder / "hvc0.sock")
    with closing(stream.connection):
        stream.until(PROMPT)
        yield stream


@pytest.fixture(scope="module")
def shell(vm: Vm, hvc0: Stream) -> Stream:
    """Return the console on ttyS0, both being at their prompts."""
    assert hvc0.run("tty") == "/dev/hvc0\n"
    vm.console.until(PROMPT)
    return vm.console


def test_it_comes_to_a_prompt_on_both_consoles(shell: Stream) -> None:
    """ttyS0 is standard input and output, hvc0 the socket."""
    assert shell.run("tty") == "/dev/ttyS0\n"


def test_it_sees_what_the_argv_says(shell: Stream) -> None:
    """Kernel command line, UUID, MAC; and by its DMI that it is on the stand-in."""
    assert shell.run("cat /proc/cmdline") == f"{BOOTARGS}\n"
    assert shell.run("cat /sys/class/dmi/id/product_uuid") == f"{UUID}\n"
    assert shell.run("cat /sys/class/dmi/id/product_name") == "stand-in\n"
    assert shell.run("cat /sys/class/dmi/id/sys_vendor") == "acrn-conformance\n"
    assert shell.run("cat /sys/class/net/eth0/address") == "02:00:ca:fe:00:04\n"
    kibibytes = int(shell.run("sed -n 's/MemTotal: *//p' /proc/meminfo").split()[0])
    assert 150 << 10 < kibibytes < 192 << 10


def test_its_devices_are_on_their_slots(shell: Stream) -> None:
    """As numbered in the argv, function by function; none on slot 2."""
    addresses = shell.run("ls /sys/bus/pci/devices").split()
    assert sorted(address for address in addresses if address > "0000:00:02") == [
        *("0000:00:03.0", "0000:00:04.0", "0000:00:05.0", "0000:00:0c.0", "0000:00:0c.1"),
        *("0000:00:0e.0", "0000:00:1f.0"),
    ]


def test_an_interface_that_is_not_opened_has_no_link(vm: Vm, shell: Stream) -> None:
    """And that is told."""
    shell.run("ip link set eth0 up")
    assert shell.run("cat /sys/class/net/eth0/carrier") == "0\n"
    assert "not honoured: eth0 of virtio-net on 14:0" in vm.errors.read_text()


def test_plain_ports_carry_data(shell: Stream, folder: Path) -> None:
    """A socket's both ways, a file's out, a pty's both ways at the path that is told."""
    ports = shell.run("cat /sys/class/virtio-ports/*/name").split()
    assert ports == ["console0", "agent", "log", "terminal"]
    agent = connected(folder / "agent.sock")
    with closing(agent.connection):
        agent.connection.sendall(b"to the guest\n")
        assert shell.run("head -n 1 /dev/vport0p1") == "to the guest\n"
        shell.run("echo from the guest > /dev/vport0p1")
        agent.until(b"from the guest\n", ENDS_WITHIN)
    shell.run("echo logged > /dev/vport0p2")
    assert (folder / "port.log").read_text() == "logged\n"


def test_a_rescan_fills_a_placeholder_once(vm: Vm, shell: Stream, folder: Path) -> None:
    """The guest sees the new size, and reads and writes reach the new file."""
    assert shell.run("cat /sys/block/vdb/size /sys/block/vdc/size") == "0\n0\n"
    (folder / "new.img").write_bytes(b"brought".ljust(1 << 20, b"\0"))
    rescan = ("blkrescan", "one", f"12,{folder}/new.img")
    assert acrnctl(vm.state, *rescan) == (0, "", "")
    # The guest has a worker look at the new size.
    deadline = time.monotonic() + ENDS_WITHIN
    while shell.run("cat /sys/block/vdc/size") != "2048\n":
        assert time.monotonic() < deadline
    assert shell.run("head -c 7 /dev/vdc") == "brought"
    shell.run("printf taken | dd of=/dev/vdc bs=512 seek=1 conv=sync,fsync 2>/dev/null")
    assert (folder / "new.img").read_bytes()[512:517] == b"taken"
    status, out, err = acrnctl(vm.state, *rescan)
    assert (status, out) == (0, "Unable to rescan virtio-blk device in vm. errno(-1)\n")
    assert "slot 12 holds no placeholder" in err


def test_a_rescan_that_qemu_refuses_can_be_tried_again(
    vm: Vm, shell: Stream, folder: Path, files: Files
) -> None:
    """Nothing of the first try is in the second one's way; a long argument is cut."""
    status, _, err = acrnctl(vm.state, "blkrescan", "one", f"5,{folder}/root.img")
    assert (status, "lock" in err) == (0, True)
    status, _, err = acrnctl(vm.state, "blkrescan", "one", "5,/" + "x" * 300)
    assert (status, err.count("cut to 255 bytes")) == (0, 1)
    shutil.copy(files.image, folder / "second.img")
    assert acrnctl(vm.state, "blkrescan", "one", f"5,{folder}/second.img") == (0, "", "")
    assert shell.run("true") == ""


def test_it_is_listed_and_its_uuid_is_taken(vm: Vm, shell: Stream, files: Files) -> None:
    """A second VM of the UUID ends after ten tries; a VM that is not there is not found."""
    assert shell.run("true") == ""
    assert acrnctl(vm.state, "list") == (0, "one\t\tstarted\n", "")
    with started(["-U", UUID, *files.early()[:-1], "two"], vm.state) as second:
        second.console.until(b"vm_create failed", ENDS_WITHIN)
        assert second.process.wait(ENDS_WITHIN) == 1
    assert acrnctl(vm.state, "blkrescan", "two", "5,/d") == (255, "can't find two\n", "")


def test_power_off_ends_it_with_0(vm: Vm, shell: Stream, hvc0: Stream, folder: Path) -> None:
    """Its console sockets stay, and nobody listens; of its own files none does."""
    shell.connection.sendall(b"poweroff\n")
    assert hvc0.ended()
    assert vm.process.wait(ENDS_WITHIN) == 0
    sockets = list(folder.glob("*.sock"))
    assert len(sockets) == 2
    assert not any(map(listened_at, sockets))
    assert not [path for path in vm.state.rglob("*") if not path.is_dir()]
