"""The script that installs what the stand-in tier needs: only what is missing, a line a step."""

import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "install-debian"
PACKAGES = ("qemu-system-x86", "busybox-static", "e2fsprogs", "iproute2", "openssh-client")
INSTALL = "apt-get install --yes --no-install-recommends"


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """Return a folder of fake tools, of a machine with apt lists and no package, run by root.

    File ``installed`` has the packages, ``lists`` is there if apt has lists, ``fresh`` if they are
    of today, ``user`` has the user.
    """
    scripts = {
        "id": f"cat {tmp_path}/user",
        "dpkg-query": f'grep -qx "$4" {tmp_path}/installed && echo installed | tr -d "\\n"',
        "apt-cache": f"test -e {tmp_path}/lists",
        "find": f"test ! -e {tmp_path}/fresh || echo some-list",
        "apt-get": f'echo "apt-get $*" >>{tmp_path}/calls; test ! -e {tmp_path}/broken',
    }
    for name, script in scripts.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / name).chmod(0o755)
    for name in ("calls", "installed", "lists", "fresh"):
        (tmp_path / name).touch()
    (tmp_path / "user").write_text("0\n")
    return tmp_path


def install(machine: Path, *packages: str) -> tuple[int, str, str, list[str]]:
    """Run the script; return its status, what it said, what it complained, and apt-get's calls."""
    done = subprocess.run(
        [SCRIPT, *packages],
        env={"PATH": f"{machine}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    calls = (machine / "calls").read_text().splitlines()
    return done.returncode, done.stdout, done.stderr, calls


def test_only_what_is_missing_is_installed(machine: Path) -> None:
    """The packages that dpkg does not have are installed in one go."""
    (machine / "installed").write_text("".join(f"{name}\n" for name in PACKAGES[1:]))
    call = f"{INSTALL} qemu-system-x86 openssh-server"
    found = install(machine, "openssh-server")
    assert found == (0, f"install-debian: {call}\n", "", [call])


def test_nothing_is_done_where_all_is_there(machine: Path) -> None:
    """A second run asks apt for nothing, and needs no root."""
    (machine / "installed").write_text("".join(f"{name}\n" for name in PACKAGES))
    (machine / "user").write_text("1000\n")
    assert install(machine) == (0, "install-debian: all is there\n", "", [])


@pytest.mark.parametrize("missing", ["lists", "fresh"])
def test_lists_are_fetched_first_where_apt_has_none(machine: Path, missing: str) -> None:
    """A fresh container has none, another one old ones; the guest's kernel needs those of today."""
    (machine / missing).unlink()
    (machine / "installed").write_text("".join(f"{name}\n" for name in PACKAGES))
    said = "install-debian: apt-get update\ninstall-debian: all is there\n"
    assert install(machine) == (0, said, "", ["apt-get update"])


def test_a_failed_step_is_the_last_one(machine: Path) -> None:
    """The script exits 1 and names the step."""
    (machine / "lists").unlink()
    (machine / "broken").touch()
    status, _, complaint, calls = install(machine)
    assert (status, calls) == (1, ["apt-get update"])
    assert complaint == "install-debian: apt-get update failed; see above\n"


def test_who_is_not_root_is_told_what_was_to_be_done(machine: Path) -> None:
    """One line has the command and the remedy, and nothing has been run."""
    (machine / "user").write_text("1000\n")
    complaint = f"cannot {INSTALL} {' '.join(PACKAGES)}: not root; run this as root"
    assert install(machine) == (1, "", f"install-debian: {complaint}\n", [])
