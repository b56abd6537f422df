"""A guest that cannot be built is one line: what, where, and the remedy."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from acrn_testguest import BuildError, GuestFiles, build
from acrn_testguest.disk import write_disk
from acrn_testguest.guest import check, write_manifest

STATIC_ELF = b"\x7fELF\x02".ljust(64, b"\0")
DEPENDS = "Depends: linux-image-6.1.0-1-cloud-amd64 (= 6.1.1-1)"


def fake(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the only folder, but for the system's own, in which programs are looked for."""
    folder = tmp_path / "tools"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    busybox = folder / "busybox"
    busybox.write_bytes(STATIC_ELF)
    busybox.chmod(0o755)
    return folder


def message(cache: Path) -> str:
    with pytest.raises(BuildError) as caught:
        build(cache)
    text = str(caught.value)
    assert "\n" not in text
    return text


def test_a_missing_tool_is_named_with_its_package(tools: Path, tmp_path: Path) -> None:
    """Without apt-cache, the line says what to install."""
    assert message(tmp_path) == "apt-cache is not installed; run: apt-get install apt"
    (tools / "busybox").unlink()
    assert message(tmp_path) == "busybox is not installed; run: apt-get install busybox-static"


@pytest.mark.parametrize("program", [Path(sys.executable).resolve().read_bytes(), b"#!/bin/sh\n"])
def test_a_busybox_that_needs_libraries_is_refused(
    tools: Path, tmp_path: Path, program: bytes
) -> None:
    """A dynamic executable, or a script, cannot run alone in the guest."""
    (tools / "busybox").write_bytes(program)
    assert message(tmp_path) == (
        f"{tools}/busybox is not a static program; run: apt-get install busybox-static"
    )


def test_an_apt_without_lists_is_told_to_update(tools: Path, tmp_path: Path) -> None:
    """Apt knows no package at all before its first update."""
    fake(tools, "apt-cache", "echo 'E: No packages found' >&2; exit 100")
    assert message(tmp_path) == (
        "apt-cache show ended with status 100: E: No packages found; run: apt-get update"
    )


def test_an_apt_of_another_system_is_told_so(tools: Path, tmp_path: Path) -> None:
    """The cloud kernel's package must depend on one kernel of one version."""
    fake(tools, "apt-cache", "echo Depends: linux-image-unsigned")
    assert "the guest needs Debian 12's" in message(tmp_path)


def test_a_failed_download_leaves_nothing(tools: Path, tmp_path: Path) -> None:
    """Lists that are out of date name packages that are gone: update; no folder stays behind."""
    fake(tools, "apt-cache", f"echo '{DEPENDS}'")
    fake(tools, "apt-get", "echo 'E: 404  Not Found' >&2; exit 100")
    cache = tmp_path / "cache"
    assert message(cache).endswith(": E: 404  Not Found; run: apt-get update")
    assert [path.name for path in cache.iterdir()] == ["lock"]


def test_a_cache_that_cannot_be_made_is_named(tools: Path, tmp_path: Path) -> None:
    """The line names the path and says to take another."""
    fake(tools, "apt-cache", f"echo '{DEPENDS}'")
    (tmp_path / "file").touch()
    assert message(tmp_path / "file" / "cache") == (
        f"{tmp_path}/file/cache: Not a directory; make room, or name another folder"
    )


def test_a_complaint_of_debugfs_is_an_error(tools: Path, tmp_path: Path) -> None:
    """Debugfs exits 0 whatever happened, so what it says is read."""
    fake(tools, "mke2fs", "")
    fake(tools, "debugfs", "echo 'debugfs 1.47.0' >&2; echo 'write: No space left' >&2")
    with pytest.raises(BuildError, match="cannot fill the disk image: write: No space left;"):
        write_disk(tmp_path, b"")


def test_a_guest_that_was_written_to_is_refused(tmp_path: Path) -> None:
    """A changed, missing or unlisted file is an error: it would be a test's own doing."""
    guest = GuestFiles(tmp_path)
    for path in (guest.kernel, guest.initramfs, guest.disk):
        path.write_bytes(path.name.encode())
    write_manifest(guest, {})
    check(guest)
    guest.disk.write_bytes(b"x")
    with pytest.raises(BuildError, match=r"disk\.img is not what was built; remove "):
        check(guest)
    guest.disk.unlink()
    with pytest.raises(BuildError, match=r"disk\.img is not what was built; remove "):
        check(guest)
    guest.manifest.unlink()
    with pytest.raises(BuildError, match=r"vmlinuz is not what was built; remove "):
        check(guest)


def test_the_command_says_one_line_and_exits_2(tmp_path: Path) -> None:
    """`python -m acrn_testguest` has no traceback for what is wrong with the machine."""
    done = subprocess.run(
        [sys.executable, "-m", "acrn_testguest", "--output", tmp_path],
        env={**os.environ, "PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "acrn_testguest: busybox is not installed; run: apt-get install busybox-static\n"
    )
