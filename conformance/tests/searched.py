"""Searches: the command, run in a folder of its own."""

import subprocess
from pathlib import Path

from implementations import COMMAND


def fuzz(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a search in a folder, and return what it says."""
    command = [*COMMAND, "fuzz", *words]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
