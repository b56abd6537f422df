"""Harmless: a command that tries to change the machine does not, and is captured all the same."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from captures import argvs, capture, runtime

ESCAPE = """\
import ctypes
libc = ctypes.CDLL(None)
NEW_USERS, NEW_MOUNTS, REMOUNT_BIND = 0x10000000, 0x20000, ctypes.c_ulong(4096 | 32)
print("unshare", libc.unshare(NEW_USERS | NEW_MOUNTS))
print("writable", libc.mount(b"none", b"/", None, REMOUNT_BIND, None))
print("uncovered", *(libc.umount2(path, 2) for path in (b"/sys", b"/dev", b"/proc", b"/run")))
print("sysfs", libc.mount(b"none", b"/mnt", b"sysfs", ctypes.c_ulong(0), None))
"""


def harmless(*lines: str) -> subprocess.CompletedProcess[str]:
    return capture("--harmless", "--out", "calls", "--", *runtime(*lines, "acrn-dm vm"))


@pytest.fixture(autouse=True)
def _captured(tmp_path: Path) -> Iterator[None]:
    """Whatever a command tries in vain, its call comes after that, and is there."""
    yield
    assert argvs(tmp_path / "calls") == [["vm"]]
    assert (tmp_path / "calls").stat().st_nlink == 1


def test_files_outside_the_scratch_folders_cannot_be_written() -> None:
    """Neither made nor changed nor removed, by root neither."""
    trace = Path("/var/tmp") / f"acrn-capture-{os.getpid()}"
    trace.write_text("untouched", "ascii")
    try:
        run = harmless(f"echo x >{trace}; rm -f {trace}; chmod 777 {trace}; touch /etc/acrn-trace")
        assert run.stderr.count("Read-only file system") == 4
        assert trace.read_text("ascii") == "untouched"
    finally:
        trace.unlink()
    assert not Path("/etc/acrn-trace").exists()


def test_what_is_written_into_a_scratch_folder_is_gone(tmp_path: Path) -> None:
    """The command reads it back; the machine never sees it. /tmp and /run are such folders."""
    (tmp_path / "kept").write_text("kept", "ascii")
    run = harmless(
        "for folder in /tmp /run /dev/shm; do",
        "echo back >$folder/acrn-trace && cat $folder/acrn-trace; done",
        'rm kept; echo "TMPDIR=$TMPDIR"',
    )
    assert run.stdout.count("back\n") == 3
    assert "TMPDIR=/tmp\n" in run.stdout
    assert (tmp_path / "kept").read_text("ascii") == "kept"
    assert not any((Path(folder) / "acrn-trace").exists() for folder in ("/tmp", "/run"))


def test_sysfs_is_not_there() -> None:
    """No device is unbound and no processor taken off line, since there is none to be seen."""
    run = harmless(
        "ls -A /sys | wc -l; echo 0 >/sys/devices/system/cpu/cpu1/online",
        "echo 0000:00:02.0 >/sys/bus/pci/drivers/pci-stub/bind",
    )
    assert "\n0\n" in run.stdout
    assert run.stderr.count("No such file or directory") + run.stderr.count("nonexistent") == 2


def test_the_kernel_s_settings_cannot_be_written() -> None:
    """/proc shows the command's own processes, and is read-only."""
    before = Path("/proc/sys/kernel/printk").read_text("ascii")
    run = harmless("echo 4 >/proc/sys/kernel/printk; echo 9 >/proc/sys/kernel/panic")
    assert run.stderr.count("Read-only file system") == 2
    assert Path("/proc/sys/kernel/printk").read_text("ascii") == before


def test_only_the_devices_that_any_program_uses_are_there() -> None:
    """None can be made, neither in a scratch folder."""
    run = harmless("echo $(ls /dev); echo x >/dev/null && echo fine; mknod /tmp/disk b 8 0")
    names = "fd full null ptmx pts random shm stderr stdin stdout tty urandom zero"
    assert f"{names}\nfine\n" in run.stdout
    assert "Operation not permitted" in run.stderr


def test_there_is_no_network() -> None:
    """Not even to this machine; no interface can be brought up."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        connect = f"import socket; socket.create_connection(('127.0.0.1', {port}))"
        run = harmless(f'{sys.executable} -c "{connect}"; ip link set lo up', "cat /proc/net/route")
    assert "Network is unreachable" in run.stderr
    assert "eth" not in run.stdout


@pytest.mark.parametrize("folder", ["/tmp", "/run", "/var/tmp"])
def test_services_do_not_answer(folder: str) -> None:
    """A socket with a name is dead wherever it lies: a service would act outside."""
    path = f"{folder}/acrn-capture-{os.getpid()}.sock"
    if not os.access(folder, os.W_OK):
        pytest.skip(f"no socket can be made in {folder}")
    connect = f"import socket; socket.socket(socket.AF_UNIX).connect('{path}')"
    with socket.socket(socket.AF_UNIX) as service:
        service.bind(path)
        try:
            service.listen()
            run = harmless(f'{sys.executable} -c "{connect}"')
        finally:
            Path(path).unlink()
    assert "Connection refused" in run.stderr


def test_other_processes_cannot_be_seen_or_signalled() -> None:
    """Process IDs are the command's own."""
    with subprocess.Popen(["/bin/sleep", "600"]) as bystander:
        try:
            run = harmless(f"kill -9 {bystander.pid}; kill -9 -1", "ls -d /proc/[0-9]* | wc -l")
            assert "No such process" in run.stderr
            assert bystander.poll() is None
        finally:
            bystander.kill()


def test_mounts_stay_as_they_are() -> None:
    """Nothing can be mounted, remounted or taken away, nor from a user namespace within."""
    run = harmless(
        "mount -o remount,rw / || echo 1; umount /sys || echo 2; mount -t tmpfs x /mnt || echo 3",
        f"{sys.executable} -c '{ESCAPE}'",
    )
    assert "1\n2\n3\n" in run.stdout
    assert "writable -1\nuncovered -1 -1 -1 -1\nsysfs -1\n" in run.stdout


def test_open_files_of_the_capture_lead_nowhere(tmp_path: Path) -> None:
    """A folder that the capture has open is neither the command's nor its first process's."""
    folder = os.open("/var/tmp", os.O_RDONLY)
    try:
        command = ("--harmless", "--out", "calls", "--", *runtime("ls -l /proc/1/fd; acrn-dm vm"))
        words = (sys.executable, "-m", "acrn_conformance", "capture", *command)
        run = subprocess.run(words, capture_output=True, text=True, check=False, pass_fds=[folder])
    finally:
        os.close(folder)
    assert f"-> {tmp_path}/calls" in run.stdout
    assert "-> /var/tmp" not in run.stdout


FIELD = Path(__file__).parents[4] / "shared" / "field"


@pytest.mark.skipif(not FIELD.exists(), reason="the launch scripts of the field are not here")
@pytest.mark.parametrize("name", ["launch_uos.sh", "launch_user_vm_id3.sh"])
def test_launch_scripts_of_the_field_are_captured(tmp_path: Path, name: str) -> None:
    """Each calls acrn-dm once, and nothing of what it does besides happens."""
    run = capture("--harmless", "--out", "calls", "--", "bash", str(FIELD / name))
    assert run.returncode == 0, run.stderr
    assert "1 call captured: 1 of acrn-dm\n" in run.stdout
    (tmp_path / "calls").unlink()
    harmless()
