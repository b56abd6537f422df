"""The end of a guest on its board: in which order it is asked, and that nothing of it is left."""

import os
import shutil
import signal
import socket
import subprocess
from pathlib import Path

import pytest
from scripted import alive, scripted
from waiting import until

from acrn_hwtests.guest import Guest

_OBEYS = "trap 'echo ended-by-INT >said; exit 0' INT; while :; do sleep .1; done"
_DEAF = "trap '' INT TERM HUP; while :; do sleep .1; done"
_UUID = "a7ada506-1ab0-4b6b-a0da-e513ca9b8c2f"

_ACRNCTL = """#!/bin/sh
echo "$@" >>"$0.asked"
kill -s USR1 "$(cat "$(dirname "$0")/sandbox-scripted/pid")"
"""


def _up(guest: Guest) -> int:
    """Wait for a guest's process; return its id."""
    until(lambda: Path(guest.plan.path("pid")).exists() and guest.pid() > 0)
    until(lambda: b"sandbox" in Path(f"/proc/{guest.pid()}/cmdline").read_bytes())
    return guest.pid()


def _left_behind(folder: Path, name: str, pid: int, release: str) -> list[Path]:
    """Make what an acrn-dm of a release leaves that was killed; return the paths."""
    pages, monitors = folder / "run/hugepage/acrn/huge_lv1", folder / "run/acrn/mngr"
    for made in (pages, monitors):
        made.mkdir(parents=True, exist_ok=True)
    left = [monitors / f"{name}.monitor.{pid}.socket"]
    with socket.socket(socket.AF_UNIX) as monitor:
        monitor.bind(f"/proc/self/fd/{os.open(monitors, os.O_RDONLY)}/{left[0].name}")
    if release == "v2.5":
        (pages / name).mkdir()
        left += [pages / name / _UUID, pages / name]
        left[1].touch()
    elif release == "v2.7":
        left += [pages / name]
        left[1].touch()
    return left


def test_int_is_first(tmp_path: Path) -> None:
    """acrn-dm ends of INT in order; of TERM it dies, and leaves its memory behind."""
    with scripted(tmp_path, _OBEYS.replace(">said", f">{tmp_path}/said")) as guest:
        _up(guest)
    assert (tmp_path / "said").read_text() == "ended-by-INT\n"


def test_acrnctl_is_second(tmp_path: Path) -> None:
    """A guest that does not hear INT is stopped by ``acrnctl stop -f``, by its name."""
    (tmp_path / "fake-acrnctl").write_text(_ACRNCTL)
    (tmp_path / "fake-acrnctl").chmod(0o755)
    with scripted(tmp_path, f"trap 'exit 0' USR1; {_DEAF}") as guest:
        _up(guest)
    assert (tmp_path / "fake-acrnctl.asked").read_text() == "stop -f sandbox-scripted\n"
    assert guest.status() == 0


def test_acrnctl_is_not_asked_where_it_would_reach_another_vm(tmp_path: Path) -> None:
    """It talks to the first VM whose name the given one begins with: such a one is let be."""
    (tmp_path / "fake-acrnctl").write_text(_ACRNCTL)
    (tmp_path / "fake-acrnctl").chmod(0o755)
    _left_behind(tmp_path, "sandbox", 1, "v3.3")
    with scripted(tmp_path, f"trap 'exit 0' USR1; {_DEAF}") as guest:
        _up(guest)
    assert not (tmp_path / "fake-acrnctl.asked").exists()
    assert guest.status() == 128 + signal.SIGKILL


@pytest.mark.parametrize("release", ["v2.5", "v2.7", "v3.3"])
def test_nothing_of_a_killed_guest_is_left(tmp_path: Path, release: str) -> None:
    """Its huge pages go, and its monitor's socket; those of others stay."""
    with scripted(tmp_path, _OBEYS) as guest:
        pid = _up(guest)
        left = _left_behind(tmp_path, guest.name, pid, release)
        others = [
            path
            for name in ("sandbox", f"{guest.name}2")
            for path in _left_behind(tmp_path, name, pid, release)
        ]
        guest.kill(signal.SIGKILL)
        until(lambda: not alive(pid))
    assert not [path for path in left if path.exists()]
    assert [path for path in others if path.exists()] == others
    assert not Path(guest.plan.folder).exists()


def test_the_file_system_of_a_killed_guest_is_unmounted(tmp_path: Path) -> None:
    """Up to v2.6 each guest has one of its own, on a folder of its name; here it is a tmpfs."""
    pages = tmp_path / "run/hugepage/acrn/huge_lv1/sandbox-scripted"
    pages.mkdir(parents=True)
    mount = ["/bin/mount", "-t", "tmpfs", "none", str(pages)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        (pages / _UUID).write_bytes(b"memory")
        with scripted(tmp_path, _OBEYS) as guest:
            pid = _up(guest)
            guest.kill(signal.SIGKILL)
            until(lambda: not alive(pid))
        assert not pages.exists()
    finally:
        subprocess.run(["/bin/umount", str(pages)], capture_output=True, check=False)


def test_without_its_folder(tmp_path: Path) -> None:
    """A guest is ended all the same where somebody has removed its folder on the board."""
    with scripted(tmp_path, _OBEYS.replace(">said", f">{tmp_path}/said")) as guest:
        pid = _up(guest)
        with socket.socket(socket.AF_UNIX) as console:
            console.bind(guest.plan.console_path)
            console.listen()
            guest.attach()
        shutil.rmtree(guest.plan.folder)
    assert (tmp_path / "said").read_text() == "ended-by-INT\n"
    assert not alive(pid)
