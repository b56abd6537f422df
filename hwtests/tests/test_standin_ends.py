"""How a VM ends on the stand-in: by itself, by a signal, by QEMU, or before it begins."""

import fcntl
import os
import signal
import socket
import sys
import termios
from contextlib import closing
from pathlib import Path

import pytest
from standin_guest import (
    BRIDGES,
    ENDS_WITHIN,
    PROMPT,
    ROOT,
    Files,
    acrnctl,
    connected,
    gone,
    guest_files,
    listened_at,
    started,
)

from acrn_dm import KATA_UUIDS
from acrn_standin.probe import kvm_boots

pytestmark = pytest.mark.board


@pytest.fixture(scope="module")
def files() -> Files:
    return guest_files()


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


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
            *(
                "-U",
                uuid,
                "-A",
                "-m",
                "128M",
                *BRIDGES,
                "-s",
                f"3,virtio-console,@socket:c={folder}/sock",
            ),
            *("-s", f"4,virtio-blk,{files.disk(folder)}", "-k", files.kernel),
            *("-B", f"quiet {ROOT} panic=1", folder.name),
        )
        for folder, uuid in zip(folders, KATA_UUIDS, strict=False)
    ]
    with started(argvs[0], state) as crashing, started(argvs[1], state) as calm:
        client = connected(folders[0] / "sock")
        first = crashing.qemu()
        for vm in crashing, calm:
            vm.console.until(PROMPT)
        assert acrnctl(state, "list") == (0, "calm\t\tstarted\ncrashing\t\tstarted\n", "")

        crashing.console.connection.sendall(b"echo c > /proc/sysrq-trigger\n")
        with closing(client.connection):
            # Unread, the panic's many lines would hold it up.
            crashing.console.until(b"Rebooting in 1 second", ENDS_WITHIN)
            assert client.ended()
        assert first is not None
        assert gone(first)
        again = crashing.next_qemu(first)
        connected(folders[0] / "sock").connection.close()
        assert crashing.process.poll() is None

        crashing.process.kill()
        assert gone(again)
        assert calm.console.run("echo here") == "here\n"

        qemu = calm.qemu()
        os.killpg(calm.process.pid, signal.SIGTERM)
        assert calm.process.wait(ENDS_WITHIN) == -signal.SIGTERM
        assert qemu is not None
        assert gone(qemu)
        assert (folders[1] / "sock").is_socket()
        assert not listened_at(folders[1] / "sock")
        # Both died, so both have left their monitors' sockets, and are still said to run.
        assert acrnctl(state, "list")[1] == "calm\t\tstarted\ncrashing\t\tstarted\n"


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
    assert not listened_at(tmp_path / "sock")
    assert (tmp_path / "sock").is_socket()
    assert not [path for path in state.rglob("*") if not path.is_dir()]


def test_what_is_no_terminal_is_not_listened_to(state: Path, files: Files) -> None:
    """And words for it wait in a buffer: they come with an end in order."""
    ours, theirs = socket.socketpair()
    console = ("-s", "3,virtio-console,pty:a")
    with ours, theirs, started(files.early(*console), state, stdio=theirs.fileno()) as vm:
        ours.sendall(b"unread\n")
        said = b""
        while b"Linux version" not in said:
            said += ours.recv(1 << 16)
        unread = fcntl.ioctl(theirs, termios.FIONREAD, b"\0" * 4)
        assert int.from_bytes(unread, sys.byteorder) == len(b"unread\n")
        assert b"backend redirected to" not in said
        vm.process.send_signal(signal.SIGINT)
        while b"backend redirected to /dev/pts/" not in said:
            said += ours.recv(1 << 16)
        assert vm.process.wait(ENDS_WITHIN) == 0


@pytest.mark.parametrize(
    ("release", "pages"),
    [
        ("v2.5", "hugepage/acrn/huge_lv1/vm1/*"),
        ("v2.7", "hugepage/acrn/huge_lv1/vm1"),
        ("v3.3", "hugepage/acrn/huge_lv1/*"),
    ],
)
def test_a_release_dies_of_sigterm_with_residue(
    state: Path, files: Files, release: str, pages: str
) -> None:
    """Its monitor's socket, by which acrnctl goes on listing it, and its huge pages if named."""
    argv = ("--cpu_affinity", "0", "-s", "3,virtio-console,@pty:a")
    with started(files.early(*argv), state, release=release) as vm:
        vm.console.until(b"backend redirected to", ENDS_WITHIN)
        assert acrnctl(state, "list", release=release)[1] == "vm1\t\tstarted\n"
        vm.process.terminate()
        assert vm.process.wait(ENDS_WITHIN) == -signal.SIGTERM
    left = [path for path in state.rglob("*") if not path.is_dir()]
    assert sorted(left) == sorted([*state.glob("acrn/mngr/vm1.monitor.*"), *state.glob(pages)])
    assert len(left) == (1 if release == "v3.3" else 2)
    assert acrnctl(state, "list", release=release)[1] == "vm1\t\tstarted\n"


def test_acrnctl_stops_it_by_force(state: Path, files: Files) -> None:
    """As SIGINT does: with status 0, and nothing left."""
    with started(files.early("-s", "3,virtio-console,@pty:a"), state) as vm:
        vm.console.until(b"backend redirected to", ENDS_WITHIN)
        assert acrnctl(state, "stop", "-f", "vm1") == (0, "", "")
        assert vm.process.wait(ENDS_WITHIN) == 0
    assert not [path for path in state.rglob("*") if not path.is_dir()]


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
    """Its last line is told, exit status 1; its sockets stay, and nobody listens."""
    console = ("-s", f"3,virtio-console,@socket:c={tmp_path}/sock")
    disk = files.disk(tmp_path)
    twice = ("-s", f"4,virtio-blk,{disk}", "-s", f"5,virtio-blk,{disk}")
    with started(files.early(*console, *twice), state) as vm:
        vm.console.until(b'Failed to get "write" lock', ENDS_WITHIN)
        assert vm.process.wait(ENDS_WITHIN) == 1
        assert "acrn-dm (stand-in): qemu-system-x86_64: " in vm.errors.read_text()
    assert not listened_at(tmp_path / "sock")


def test_a_qemu_that_is_killed_ends_it(state: Path, files: Files) -> None:
    """With exit status 1, though nobody reads the console; a mere signal QEMU does not notice."""
    with started(files.early(), state) as vm:
        vm.console.until(b"Linux version")
        qemu = vm.qemu()
        assert qemu is not None
        for number in signal.SIGTERM, signal.SIGINT, signal.SIGHUP:
            os.kill(qemu, number)
        assert not gone(qemu, 0.5)
        os.kill(qemu, signal.SIGKILL)
        assert vm.process.wait(ENDS_WITHIN) == 1
    assert not [path for path in state.rglob("*") if not path.is_dir()]


def test_a_probe_boot_that_says_nothing_is_a_no(tmp_path: Path, files: Files) -> None:
    """A kernel that is none, or no time to wait for it; no process is left."""
    (tmp_path / "vmlinuz").write_bytes(b"x")
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    before = children.read_text()
    assert not kvm_boots(tmp_path / "vmlinuz", 5.0)
    assert not kvm_boots(Path(files.kernel), 0.0)
    assert children.read_text() == before
