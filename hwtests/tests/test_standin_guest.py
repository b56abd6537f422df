"""The stand-in boots a real guest, and its ends are acrn-dm's."""

import os
import shutil
import signal
import termios
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from standin_guest import ENDS_WITHIN, PROMPT, Stream, Vm, acrnctl, connected, gone, started

from acrn_standin.probe import kvm_boots
from acrn_testguest import build

pytestmark = pytest.mark.board

UUID = "a7ada506-1ab0-4b6b-a0da-e513ca9b8c2f"
BRIDGES = ("-s", "0:0,hostbridge", "-s", "1:0,lpc", "-lcom1,stdio")
ROOT = "console=ttyS0 root=/dev/vda1 rw rootwait"


@dataclass(frozen=True)
class Files:
    """A kernel and its disk image; no guest writes to the image itself."""

    kernel: str
    image: Path

    def disk(self, folder: Path) -> str:
        return str(shutil.copy(self.image, folder / "root.img"))

    def early(self, *argv: str) -> tuple[str, ...]:
        """Return an argv for what is looked at before the guest is up."""
        bootargs = ("-B", "console=ttyS0")
        return ("-A", "-m", "128M", *BRIDGES, *argv, "-k", self.kernel, *bootargs, "vm1")


@pytest.fixture(scope="module")
def files() -> Files:
    guest = build()
    return Files(str(guest.kernel), guest.disk)


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


class TestOneGuest:
    """One boot, looked at from all sides; the last test powers it off."""

    BOOTARGS = f"quiet {ROOT} console=hvc0 marker='a  b'"

    @pytest.fixture(scope="class")
    def folder(self, tmp_path_factory: pytest.TempPathFactory) -> Path:
        return tmp_path_factory.mktemp("one")

    @pytest.fixture(scope="class")
    def vm(self, folder: Path, files: Files) -> Iterator[Vm]:
        consoles = (
            f"@socket:console0={folder}/hvc0.sock,socket:agent={folder}/agent.sock,"
            f"file:log={folder}/port.log,pty:terminal"
        )
        argv = (
            *("-U", UUID, "-A", "-m", "192M", *BRIDGES, "-s", f"3,virtio-console,{consoles}"),
            *("-s", f"4,virtio-blk,{files.disk(folder)}", "-s", "5,virtio-blk,nodisk"),
            *("-s", "12:0,virtio-blk,nodisk", "-s", "12:1,virtio-rnd"),
            *("-s", "14,virtio-net,eth0,mac=02:00:ca:fe:00:04", "-s", "31,virtio-rnd"),
            *("-k", files.kernel, "-B", self.BOOTARGS, "one"),
        )
        with started(argv, folder / "state") as vm:
            yield vm

    @pytest.fixture(scope="class")
    def hvc0(self, vm: Vm, folder: Path) -> Iterator[Stream]:
        assert vm.process.poll() is None
        stream = connected(folder / "hvc0.sock")
        with stream.connection:
            stream.until(PROMPT)
            yield stream

    @pytest.fixture(scope="class")
    def shell(self, vm: Vm, hvc0: Stream) -> Stream:
        """Return the console on ttyS0, both being at their prompts."""
        assert hvc0.run("tty") == "/dev/hvc0\n"
        vm.console.until(PROMPT)
        return vm.console

    def test_it_comes_to_a_prompt_on_both_consoles(self, shell: Stream) -> None:
        """ttyS0 is standard input and output, hvc0 the socket."""
        assert shell.run("tty") == "/dev/ttyS0\n"

    def test_it_sees_what_the_argv_says(self, shell: Stream) -> None:
        """Kernel command line, UUID, MAC; and by its DMI that it is on the stand-in."""
        assert shell.run("cat /proc/cmdline") == f"{self.BOOTARGS}\n"
        assert shell.run("cat /sys/class/dmi/id/product_uuid") == f"{UUID}\n"
        assert shell.run("cat /sys/class/dmi/id/product_name") == "stand-in\n"
        assert shell.run("cat /sys/class/dmi/id/sys_vendor") == "acrn-conformance\n"
        assert shell.run("cat /sys/class/net/eth0/address") == "02:00:ca:fe:00:04\n"
        kibibytes = int(shell.run("sed -n 's/MemTotal: *//p' /proc/meminfo").split()[0])
        assert 150 << 10 < kibibytes < 192 << 10

    def test_its_devices_are_on_their_slots(self, shell: Stream) -> None:
        """As numbered in the argv, function by function; none on slot 2."""
        addresses = shell.run("ls /sys/bus/pci/devices").split()
        assert sorted(address for address in addresses if address > "0000:00:02") == [
            *("0000:00:03.0", "0000:00:04.0", "0000:00:05.0", "0000:00:0c.0", "0000:00:0c.1"),
            *("0000:00:0e.0", "0000:00:1f.0"),
        ]

    def test_an_interface_that_is_not_opened_has_no_link(self, vm: Vm, shell: Stream) -> None:
        """And that is told."""
        shell.run("ip link set eth0 up")
        assert shell.run("cat /sys/class/net/eth0/carrier") == "0\n"
        assert "not honoured: eth0 of virtio-net on 14:0" in vm.errors.read_text()

    def test_plain_ports_carry_data(self, shell: Stream, folder: Path) -> None:
        """A socket's both ways, a file's out, a pty's both ways at the path that is told."""
        ports = shell.run("cat /sys/class/virtio-ports/*/name").split()
        assert ports == ["console0", "agent", "log", "terminal"]
        agent = connected(folder / "agent.sock")
        with agent.connection:
            agent.connection.sendall(b"to the guest\n")
            assert shell.run("head -n 1 /dev/vport0p1") == "to the guest\n"
            shell.run("echo from the guest > /dev/vport0p1")
            agent.until(b"from the guest\n", ENDS_WITHIN)
        shell.run("echo logged > /dev/vport0p2")
        assert (folder / "port.log").read_text() == "logged\n"

    def test_a_rescan_fills_a_placeholder_once(self, vm: Vm, shell: Stream, folder: Path) -> None:
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
        self, vm: Vm, shell: Stream, folder: Path, files: Files
    ) -> None:
        """Nothing of the first try is in the second one's way; a long argument is cut."""
        status, _, err = acrnctl(vm.state, "blkrescan", "one", f"5,{folder}/root.img")
        assert (status, "lock" in err) == (0, True)
        status, _, err = acrnctl(vm.state, "blkrescan", "one", "5,/" + "x" * 300)
        assert (status, err.count("cut to 255 bytes")) == (0, 1)
        shutil.copy(files.image, folder / "second.img")
        assert acrnctl(vm.state, "blkrescan", "one", f"5,{folder}/second.img") == (0, "", "")
        assert shell.run("true") == ""

    def test_it_is_listed_and_its_name_is_taken(self, vm: Vm, shell: Stream, files: Files) -> None:
        """A second VM of the name ends at once; a VM that is not there is not found."""
        assert shell.run("true") == ""
        assert acrnctl(vm.state, "list") == (0, "one\tstarted\n", "")
        with started([*files.early()[:-1], "one"], vm.state) as second:
            second.console.until(b"a VM of the name 'one' is running", ENDS_WITHIN)
            assert second.process.wait(ENDS_WITHIN) == 1
        assert acrnctl(vm.state, "blkrescan", "two", "5,/d") == (255, "can't find two\n", "")

    def test_power_off_ends_it_with_0(
        self, vm: Vm, shell: Stream, hvc0: Stream, folder: Path
    ) -> None:
        """Its sockets are gone then, the control socket among them."""
        shell.connection.sendall(b"poweroff\n")
        assert hvc0.ended()
        assert vm.process.wait(ENDS_WITHIN) == 0
        assert [*folder.glob("*.sock"), *vm.state.iterdir()] == []


def test_two_guests_end_each_by_itself(tmp_path: Path, state: Path, files: Files) -> None:
    """A panic resets the one, in its process, and its socket's client hears of it.

    Killing the one takes its QEMU along. The other does not notice, and ends with its SIGTERM.
    """
    names = ("crashing", "calm")
    folders = [tmp_path / name for name in names]
    for folder in folders:
        folder.mkdir()
    argvs = [
        (
            *("-A", "-m", "128M", *BRIDGES, "-s", f"3,virtio-console,@socket:c={folder}/sock"),
            *("-s", f"4,virtio-blk,{files.disk(folder)}", "-k", files.kernel),
            *("-B", f"quiet {ROOT} panic=1", folder.name),
        )
        for folder in folders
    ]
    with started(argvs[0], state) as crashing, started(argvs[1], state) as calm:
        client = connected(folders[0] / "sock")
        first = crashing.qemu()
        for vm in crashing, calm:
            vm.console.until(PROMPT)
        assert acrnctl(state, "list") == (0, "calm\tstarted\ncrashing\tstarted\n", "")

        crashing.console.connection.sendall(b"echo c > /proc/sysrq-trigger\n")
        with client.connection:
            assert client.ended()
        second = connected(folders[0] / "sock")
        second.connection.close()
        assert crashing.process.poll() is None
        assert first is not None
        assert gone(first)

        again = crashing.qemu()
        crashing.process.kill()
        assert again is not None
        assert again != first
        assert gone(again)
        assert calm.console.run("echo here") == "here\n"

        qemu = calm.qemu()
        os.killpg(calm.process.pid, signal.SIGTERM)
        assert calm.process.wait(ENDS_WITHIN) == -signal.SIGTERM
        assert qemu is not None
        assert gone(qemu)
        assert not (folders[1] / "sock").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_a_signal_that_acrn_dm_handles_ends_it_with_0(
    tmp_path: Path, state: Path, files: Files, number: signal.Signals
) -> None:
    """As a power-off would; a pty's path has been told, and a late client hears the end."""
    consoles = f"@pty:a,@socket:b={tmp_path}/sock"
    with started(files.early("-s", f"3,virtio-console,{consoles}"), state) as vm:
        vm.console.until(b"virt-console backend redirected to /dev/pts/", ENDS_WITHIN)
        vm.process.send_signal(number)
        assert vm.process.wait(ENDS_WITHIN) == 0
    assert not (tmp_path / "sock").exists()
    assert list(state.iterdir()) == []


def test_a_terminal_gets_the_guests_newlines_as_they_are(state: Path, files: Files) -> None:
    """While the guest has it; afterwards it is as it was."""
    leader, follower = os.openpty()
    try:
        before = termios.tcgetattr(follower)
        assert before[1] & termios.ONLCR
        with started(files.early(), state, stdio=follower) as vm:
            said = b""
            while b"Linux version" not in said:
                said += os.read(leader, 1 << 16)
            assert not termios.tcgetattr(follower)[1] & termios.ONLCR
            vm.process.send_signal(signal.SIGHUP)
            assert vm.process.wait(ENDS_WITHIN) == 0
        assert b"\r\r\n" not in said
        assert termios.tcgetattr(follower) == before
        assert os.get_blocking(follower)
    finally:
        os.close(leader)
        os.close(follower)


@pytest.mark.parametrize(
    ("argv", "status", "line"),
    [
        (("-s", "1:0,lpc"), 1, b"pci slot 1:0 already occupied!\n"),
        (("-k", "/missing"), 10, b"SW_LOAD: check_image failed for '/missing'\n"),
        (("-s", "4,virtio-blk,/missing"), 1, b"Could not open backing file: /missing\n"),
        (("--rtvm",), 64, b"stand-in: cannot express --rtvm\n"),
    ],
)
def test_a_refusal_is_told_at_once(
    state: Path, files: Files, argv: tuple[str, ...], status: int, line: bytes
) -> None:
    """With acrn-dm's exit status, and then the end of the stream."""
    with started(files.early(*argv), state) as vm:
        assert vm.console.until(line, ENDS_WITHIN) == line
        assert vm.console.ended()
        assert vm.process.wait(ENDS_WITHIN) == status


def test_a_qemu_that_ends_by_itself_tells_why(tmp_path: Path, state: Path, files: Files) -> None:
    """Its last line is told, exit status 1; sockets that it leaves behind are removed."""
    console = ("-s", f"3,virtio-console,@socket:c={tmp_path}/sock")
    disk = files.disk(tmp_path)
    twice = ("-s", f"4,virtio-blk,{disk}", "-s", f"5,virtio-blk,{disk}")
    with started(files.early(*console, *twice), state) as vm:
        vm.console.until(b'Failed to get "write" lock', ENDS_WITHIN)
        assert vm.process.wait(ENDS_WITHIN) == 1
        assert "acrn-dm (stand-in): qemu-system-x86_64: " in vm.errors.read_text()
    assert not (tmp_path / "sock").exists()


def test_a_probe_boot_that_says_nothing_is_a_no(tmp_path: Path, files: Files) -> None:
    """A kernel that is none, or no time to wait for it; no process is left."""
    (tmp_path / "vmlinuz").write_bytes(b"x")
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    before = children.read_text()
    assert not kvm_boots(tmp_path / "vmlinuz", 5.0)
    assert not kvm_boots(Path(files.kernel), 0.0)
    assert children.read_text() == before
