"""Captures as users start them, and what can be seen of them from outside."""

import json
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

COMMAND = (sys.executable, "-m", "acrn_conformance", "capture")


def capture(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *words],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env=os.environ | environment,
        check=False,
    )


def start(*words: str) -> subprocess.Popen[str]:
    """Start a capture, as from a terminal: SIGINT is not ignored."""
    return subprocess.Popen(
        [*COMMAND, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def runtime(*lines: str) -> tuple[str, str, str]:
    """Return a command that runs a shell script."""
    return "sh", "-c", "\n".join(lines)


def calling(program: str, argv: list[str]) -> str:
    return shlex.join([program, *argv])


def recorded(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def argvs(path: Path) -> list[object]:
    return [call["argv"] for call in recorded(path)]


def running_in(folder: Path) -> list[int]:
    """Return the processes that work in a folder, but for this one."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                found += [int(entry.name)] * (entry / "cwd").readlink().is_relative_to(folder)
            except OSError:
                continue
    return found


def eventually(true: Callable[[], object]) -> None:
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end, "it does not happen"
        time.sleep(0.02)


def calls_in(path: Path, number: int) -> Callable[[], bool]:
    return lambda: path.exists() and path.read_bytes().count(b"\n") == number


def nothing_left(tmp_path: Path) -> bool:
    return not running_in(tmp_path) and not list((tmp_path / "temporary").iterdir())
