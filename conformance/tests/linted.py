"""Running lint as its user does, and reading what it says."""

import json
import subprocess
import sys
from typing import Any

COMMAND = (sys.executable, "-m", "acrn_conformance", "lint")


PLAIN = ("-m", "512M", "-s", "0:0,hostbridge", "-k", "/vmlinux", "vm1")


RECORDING = ("--host", "recording")


def lint(*words: str | bytes, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*COMMAND, *words], input=stdin, capture_output=True, check=False)


def out(run: subprocess.CompletedProcess[bytes]) -> str:
    assert run.stderr == b""
    return run.stdout.decode()


def objects(run: subprocess.CompletedProcess[bytes]) -> list[Any]:
    return [json.loads(line) for line in out(run).splitlines()]
