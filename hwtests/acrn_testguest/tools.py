"""The machine's programs that a build runs, and how one that is missing or fails is told."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

_PACKAGE = {
    "apt-cache": "apt",
    "apt-get": "apt",
    "busybox": "busybox-static",
    "debugfs": "e2fsprogs",
    "dpkg-deb": "dpkg",
    "mke2fs": "e2fsprogs",
}

_SYSTEM = "/usr/sbin:/sbin"
"""Where e2fsprogs is; not in the PATH of every user."""


class BuildError(Exception):
    """The guest cannot be built; the text names what is wrong and the remedy, on one line."""


def program(name: str) -> str:
    """Return a program's path. Raises BuildError, which names the Debian package it is in."""
    path = shutil.which(name, path=f"{os.environ.get('PATH', os.defpath)}:{_SYSTEM}")
    if path is None:
        raise BuildError(f"{name} is not installed; run: apt-get install {_PACKAGE[name]}")
    return path


def run(
    name: str,
    *arguments: str | Path,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    remedy: str = "run it by hand to see why",
) -> subprocess.CompletedProcess[str]:
    """Run a program of this machine, in English; return what it printed.

    ``environment`` is added to this process's. Raises BuildError, with the remedy, if it fails.
    """
    command = [program(name), *map(str, arguments)]
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, "LC_ALL": "C", **(environment or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise BuildError(f"cannot execute {command[0]}: {error.strerror}; reinstall it") from None
    if done.returncode:
        said = " | ".join(filter(None, map(str.strip, done.stderr.splitlines()[-3:])))
        raise BuildError(
            f"{name} {arguments[0]} ended with status {done.returncode}"
            f"{': ' if said else ''}{said}; {remedy}"
        )
    return done
