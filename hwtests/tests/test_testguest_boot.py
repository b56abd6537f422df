"""The guest keeps its contract with whoever drives its consoles."""

from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest
from testguest_qemu import PROMPT, Guest

from acrn_testguest import GuestFiles, build

pytestmark = pytest.mark.board

CONSOLES = ("ttyS0", "hvc0")
PANIC = rb"Kernel panic - not syncing: Attempted to kill init!"


@pytest.fixture(scope="module")
def files() -> GuestFiles:
    return build()


@pytest.fixture(scope="module")
def guest(files: GuestFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guest]:
    """Return a guest with a prompt on both consoles, the first thing each has shown."""
    with Guest(files, tmp_path_factory.mktemp("guest")) as running:
        for name, console in running.console.items():
            console.expect(PROMPT)
            assert console.before == f"acrn-guest: ready on {name}".encode()
        yield running


@pytest.mark.parametrize("name", CONSOLES)
def test_each_console_has_a_root_shell_of_its_own(guest: Guest, name: str) -> None:
    """The shell's terminal is that console, its user root, its environment the agreed one."""
    printed = guest.command(name, 'tty; id -u; echo "$HOME $TERM $PATH"; pwd')
    assert printed == [f"/dev/{name}", "0", "/root dumb /bin:/sbin", "/root"]


@pytest.mark.parametrize("name", CONSOLES)
def test_ctrl_c_ends_a_command_and_a_new_shell_follows_an_exit(guest: Guest, name: str) -> None:
    """Job control works, and a console never stays without a shell."""
    console = guest.console[name]
    # What says so is the job in the foreground itself: of a shell's own word it may not be one yet.
    console.send(b"sh -c 'echo run\"\"ning; exec sleep 99'\n")
    console.expect(rb"\nrunning\r\n")
    console.send(b"\x03")
    console.expect(PROMPT)
    console.send(b"exit\n")
    console.expect(rb"\nacrn-guest: ready on (\w+)\r\nacrn-guest# ")
    console.expect(rb"\x1b\[6n")
    assert guest.command(name, "tty") == [f"/dev/{name}"]


def test_file_systems_disks_and_loopback_are_there(guest: Guest) -> None:
    """The root is writable, vda has a partition, vdb is empty, and lo is the one network up."""
    lines = guest.command(
        "hvc0",
        "echo x >/etc/x && cat /etc/x /sys/block/vda/size /sys/block/vdb/size; "
        "ls /sys/block/vda | grep vda; ip -o link | grep -c UP; cut -d' ' -f2,3 /proc/mounts",
    )
    assert lines[:5] == ["x", "51200", "0", "vda1", "1"]
    assert set(lines[5:]) == {
        *("/ ext4", "/proc proc", "/sys sysfs", "/dev devtmpfs", "/dev/pts devpts"),
        *("/tmp tmpfs", "/run tmpfs"),
    }


def test_kernel_messages_stay_off_the_consoles(guest: Guest) -> None:
    """After boot not even an error of the kernel's comes between a command and its output."""
    assert guest.command("hvc0", "echo '<3>noise' >/dev/kmsg; echo quiet") == ["quiet"]
    with pytest.raises(pexpect.TIMEOUT):
        guest.console["ttyS0"].expect(rb"noise", timeout=0.5)


def test_power_off_ends_the_machine(files: GuestFiles, tmp_path: Path) -> None:
    """At once as typed at a prompt; ttyS0 shows it, hvc0 is gone by then."""
    with Guest(files, tmp_path) as guest:
        guest.console["hvc0"].expect(PROMPT)
        guest.console["hvc0"].send(b"poweroff\n")
        guest.console["ttyS0"].expect(rb"reboot: Power down\r\n")
        assert guest.ended() == 0


def test_a_panic_reboots_the_guest_with_its_disk_intact(files: GuestFiles, tmp_path: Path) -> None:
    """With panic=1, sysrq c shows a panic on both consoles and a second later the guest boots."""
    with Guest(files, tmp_path) as guest:
        guest.console["hvc0"].expect(PROMPT)
        guest.command("hvc0", "echo kept >/etc/x; sync")
        guest.console["hvc0"].send(b"echo c >/proc/sysrq-trigger\n")
        for console in guest.console.values():
            console.expect(rb"Kernel panic - not syncing: sysrq triggered crash\r\n")
        guest.console["hvc0"].expect(PROMPT)
        assert guest.command("hvc0", "cat /etc/x") == ["kept"]


def test_reboot_resets_the_machine(files: GuestFiles, tmp_path: Path) -> None:
    """A reboot at a prompt is a reset, which QEMU is told to end at."""
    with Guest(files, tmp_path, "-no-reboot") as guest:
        guest.console["hvc0"].expect(PROMPT)
        guest.console["hvc0"].send(b"reboot\n")
        guest.console["ttyS0"].expect(rb"reboot: Restarting system\r\n")
        assert guest.ended() == 0


def test_a_root_that_cannot_be_mounted_is_a_panic(files: GuestFiles, tmp_path: Path) -> None:
    """The last root= counts; if it is an empty disk, init ends and both consoles show it."""
    root = "root=/dev/vda1 root=/dev/vdb"
    with Guest(files, tmp_path, "-no-reboot", root=root) as guest:
        for console in guest.console.values():
            console.expect(PANIC)
        assert guest.ended() == 0


def test_a_root_that_never_comes_is_waited_for_in_silence(
    files: GuestFiles, tmp_path: Path
) -> None:
    """As with rootwait: not a byte on either console, and no end."""
    with Guest(files, tmp_path, root="root=/dev/vdz1") as guest:
        for seconds, console in zip((8, 0.1), guest.console.values(), strict=True):
            with pytest.raises(pexpect.TIMEOUT):
                console.expect(rb".", timeout=seconds)


@pytest.mark.parametrize(
    ("name", "command", "end"),
    [
        ("ttyS0", "busybox poweroff", "reboot: Power down"),
        ("hvc0", "busybox reboot", ""),  # what it would say, ttyS0 alone would have
    ],
)
def test_a_console_that_is_not_there_is_no_trouble(
    files: GuestFiles, tmp_path: Path, name: str, command: str, end: str
) -> None:
    """The other one works, nothing is said about the missing one, and init ends the machine."""
    with Guest(files, tmp_path, "-no-reboot", consoles=(name,)) as guest:
        console = guest.console[name]
        console.expect(PROMPT)
        assert console.before == f"acrn-guest: ready on {name}".encode()
        with pytest.raises(pexpect.TIMEOUT):
            console.expect(rb"[^\x1b\[6n]", timeout=3)
        console.send(f"{command}\n".encode())
        if end:
            console.expect(end.encode())
        assert guest.ended() == 0


def test_the_disk_needs_nothing_that_an_initramfs_has_mounted(
    files: GuestFiles, tmp_path: Path
) -> None:
    """Its init starts on a bare root, as when a kernel with built-in drivers mounts it."""
    script = (
        "/bin/busybox mount -t proc proc /proc; mount -t devtmpfs dev /dev; "
        "for m in /modules/*; do insmod $m; done; mount -t ext4 /dev/vda1 /root; "
        "umount /dev; umount /proc; exec /bin/busybox switch_root /root /sbin/init"
    )
    parameters = f'console=ttyS0 quiet rdinit=/bin/sh -- -c "{script}"'
    with Guest(files, tmp_path, parameters=parameters) as guest:
        for console in guest.console.values():
            console.expect(PROMPT)
        assert "/dev devtmpfs" in guest.command("ttyS0", "cut -d' ' -f2,3 /proc/mounts")
