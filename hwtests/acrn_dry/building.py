"""Building the shim that stands in for the hypervisor's device, with the machine's compiler."""

import os
import shutil
import subprocess
from pathlib import Path

_HERE = Path(__file__).parent
_SOURCES = ("shim.c", "memory.c")
_FLAGS = ("-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared")
_SECONDS = 60


class DryError(Exception):
    """Dry runs cannot be made here; the text says why in one line, and the remedy."""


def build(shim: Path) -> None:
    """Compile the shim to a shared object. Raises DryError."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        raise DryError("there is no C compiler (cc) here; install gcc and libc6-dev")
    sources = [str(_HERE / name) for name in _SOURCES]
    done = subprocess.run(
        [compiler, *_FLAGS, "-o", str(shim), *sources],
        capture_output=True,
        text=True,
        errors="replace",
        timeout=_SECONDS,
        check=False,
        env=os.environ | {"TMPDIR": str(shim.parent)},  # what it leaves there when it is killed
    )
    if done.returncode:
        first = next((line for line in done.stderr.split("\n") if "error" in line), done.stderr)
        raise DryError(f"{compiler} cannot build the shim: {first}; install gcc and libc6-dev")
