"""The build: the same bytes everywhere, once a cache, and never half of it."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from acrn_testguest import GuestFiles, build
from acrn_testguest.guest import sha256

pytestmark = pytest.mark.board

COMMAND = (sys.executable, "-m", "acrn_testguest", "--output")


@pytest.fixture(scope="module")
def guest(tmp_path_factory: pytest.TempPathFactory) -> GuestFiles:
    """Return a guest just built."""
    return build(tmp_path_factory.mktemp("first"))


def environment(folder: Path, apt_get: str) -> dict[str, str]:
    """Return an environment in which apt-get is a script of our own."""
    folder.mkdir()
    (folder / "apt-get").write_text(f"#!/bin/sh\n{apt_get}\n")
    (folder / "apt-get").chmod(0o755)
    return {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_two_builders_at_once_build_one_guest_and_it_is_the_same_as_elsewhere(
    guest: GuestFiles, tmp_path: Path
) -> None:
    """Under another umask, time zone and locale, at another time, all four files are the same."""
    real = shutil.which("apt-get")
    calls = tmp_path / "calls"
    settings = environment(tmp_path / "bin", f'echo call >>{calls}\nexec {real} "$@"')
    settings |= {"TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8"}
    started = [
        subprocess.Popen(
            [*COMMAND, tmp_path / "cache"], env=settings, umask=0o077, stdout=subprocess.PIPE
        )
        for _ in range(2)
    ]
    first, second = (builder.communicate()[0].decode().splitlines() for builder in started)
    assert [builder.returncode for builder in started] == [0, 0]
    assert first == second
    assert calls.read_text() == "call\n"
    folder = Path(first[0]).parent
    assert first == [str(folder / name) for name in ("vmlinuz", "initramfs.img", "disk.img")]
    assert folder.name == guest.folder.name
    assert content(folder) == content(guest.folder)


def test_a_guest_in_the_cache_is_not_built_again(
    guest: GuestFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second time nothing is downloaded nor written."""
    before = {path: path.stat().st_mtime_ns for path in guest.folder.iterdir()}
    settings = environment(tmp_path / "bin", "exit 1")
    monkeypatch.setenv("PATH", settings["PATH"])
    assert build(guest.folder.parent) == guest
    assert {path: path.stat().st_mtime_ns for path in guest.folder.iterdir()} == before


@pytest.fixture
def killed_build(tmp_path: Path) -> Iterator[Path]:
    """Return the cache of a builder that was killed in the middle of its download."""
    cache = tmp_path / "cache"
    pid = tmp_path / "pid"
    settings = environment(
        tmp_path / "bin", f"echo $$ >{pid}.new; mv {pid}.new {pid}; exec sleep 99"
    )
    builder = subprocess.Popen([*COMMAND, cache], env=settings)
    deadline = time.monotonic() + 30
    while not pid.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    builder.kill()
    builder.wait()
    yield cache
    os.kill(int(pid.read_text()), signal.SIGKILL)


def test_a_killed_build_leaves_nothing_under_a_final_name(
    killed_build: Path, guest: GuestFiles
) -> None:
    """What it leaves is out of the way of the next build, and cleared away by it."""
    assert {path.name for path in killed_build.iterdir()} == {
        "lock",
        f"{guest.folder.name}.partial",
    }
    assert content(build(killed_build).folder) == content(guest.folder)
    assert {path.name for path in killed_build.iterdir()} == {"lock", guest.folder.name}


def test_the_manifest_says_what_the_guest_is_made_of(guest: GuestFiles) -> None:
    """It has the kernel's package, busybox, and the hash of each file."""
    manifest = json.loads(guest.manifest.read_text())
    assert manifest["kernel"]["name"].startswith("linux-image-")
    assert manifest["kernel"]["version"]
    assert manifest["busybox"]["version"].startswith("BusyBox v")
    assert manifest["modules"].index("virtio") < manifest["modules"].index("virtio_blk")
    assert manifest["files"] == {
        path.name: sha256(path.read_bytes()) for path in (guest.kernel, guest.initramfs, guest.disk)
    }


def test_the_disk_is_a_sound_file_system_that_is_root_s(guest: GuestFiles) -> None:
    """One partition from 1 MiB to the end of 25 MiB; e2fsck finds nothing; all is owned by root."""
    raw = guest.disk.read_bytes()
    assert len(raw) == 25 << 20
    assert raw[446 + 4] == 0x83
    assert raw[446 + 8 : 446 + 16] == (2048).to_bytes(4, "little") + (49152).to_bytes(4, "little")
    assert raw[510:512] == b"\x55\xaa"
    partition = f"{guest.disk}?offset={1 << 20}"
    checked = subprocess.run(
        ["/sbin/e2fsck", "-f", "-n", partition], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout
    listing = subprocess.run(
        ["/sbin/debugfs", "-R", "ls -l /etc", partition], capture_output=True, text=True, check=True
    )
    entries = {line.split()[-1]: line.split()[1:5] for line in listing.stdout.splitlines() if line}
    assert entries["boot"] == ["100755", "(1)", "0", "0"]
    assert entries["inittab"] == ["100644", "(1)", "0", "0"]
