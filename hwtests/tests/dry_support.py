"""A small device model, compiled for the tests of dry runs: this machine has no acrn-dm."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from acrn_dry.building import build
from acrn_dry.running import Programs

FAMILIES = ("0x43", "0xA2")
"""The ioctl numbers of v2.5, and those of v2.7 and later."""


def small_dm(folder: Path, family: str) -> Programs:
    """Compile it, and the shim."""
    _need_namespaces()
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("there is no C compiler here; hw-parts installs one")
    program, shim = folder / "dry_dm", folder / "shim.so"
    source = Path(__file__).with_name("dry_dm.c")
    words = [compiler, "-Wall", "-Wextra", "-Werror", f"-DFAMILY={family}", "-o", str(program)]
    subprocess.run([*words, str(source)], check=True)
    build(shim)
    return Programs(program, shim)


def _need_namespaces() -> None:
    """Skip where a tool that is not ours is refused the same."""
    users = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    words = [*users, "--mount", "--pid", "--net", "--ipc", "--fork", "--mount-proc", "true"]
    done = subprocess.run(["/usr/bin/unshare", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"this machine forbids namespaces, as some containers do: {done.stderr}")
