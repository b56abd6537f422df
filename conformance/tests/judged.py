"""Judging a misbehaving implementation with the command, and what was left of it."""

import json
import os
import re
import select
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest
from implementations import PYTHON

from acrn_conformance.cases import Selection, golden

PROGRAM = Path(__file__).with_name("misbehaving.py")
COMMAND = (sys.executable, "-m", "acrn_conformance", "run")

CASES = ("memory-topology-512", "memory-topology-1024", "limits-fixed")
ONE = '"memory_mb":1024}'
"""A trigger in the line of one of the cases; it stands between the others."""
MEMORY = '"method":"memory_topology"'
DESCRIBE = '"method":"describe"'
EVERY = ""

STREAM, EXEC = "stream", "exec"
ANY = (STREAM,)
"""The mode of behaviours that cannot matter to processes: only a reply's text is odd."""
PASS, FAIL, ERROR, TIMEOUT, UNSUPPORTED = "pass", "fail", "error", "timeout", "unsupported"

MOST_MEMORY = 200 << 10
"""KiB that the runner may ever occupy; it takes about 45 MiB with a good implementation."""
MOST_OUTPUT = 100_000
"""Characters that a report on so few cases may have."""
ACTED_UPON = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""What a terminal acts upon, but for the newline."""
TOO_LONG = 30.0
"""Seconds after which a run counts as hanging."""


class Run(NamedTuple):
    """A run of the command, ended."""

    status: int
    output: str
    errors: str
    results: dict[str, Any]
    peak: int

    @property
    def marks(self) -> dict[str, str]:
        return {case["id"]: case["verdict"] for case in self.results["cases"]}

    @property
    def remarked(self) -> str:
        """All that is said about the implementation: messages and remarks."""
        messages = [case.get("message", "") for case in self.results["cases"]]
        return "\n".join([*messages, *self.results["ended"]["remarks"], *self.broken])

    @property
    def broken(self) -> list[str]:
        """The lines on replies that broke the contract of the wire."""
        return [line for line in self.output.splitlines() if line.startswith("protocol broken")]


def marked(marker: str) -> list[int]:
    """Return the living processes that have the marker in their environment."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                if marker.encode() in (folder / "environ").read_bytes():
                    found.append(int(folder.name))
            except OSError:
                continue
    return found


def wait_until(true: Callable[[], bool], seconds: float = 10.0) -> bool:
    end = time.monotonic() + seconds
    while not (holds := true()) and time.monotonic() < end:
        time.sleep(0.01)
    return holds


def peak_of(pid: int) -> int:
    """Return the most memory in KiB that a process has occupied so far, 0 when it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) if found else 0


def judge(
    folder: Path,
    marker: str,
    *words: str | bytes,
    variables: Mapping[str, str] | None = None,
    too_long: float = TOO_LONG,
) -> Run:
    """Run a command that judges, to its end, and check what holds for every run."""
    files = folder / "output", folder / "errors"
    environment = {**os.environ, marker: "1", **(variables or {})}
    with files[0].open("wb") as output, files[1].open("wb") as errors:
        process = subprocess.Popen(words, stdout=output, stderr=errors, env=environment)
    peak, end = 0, time.monotonic() + too_long
    exited = os.pidfd_open(process.pid)
    try:
        while not select.select([exited], [], [], 0.02)[0]:
            peak = max(peak, peak_of(process.pid))
            if time.monotonic() > end:
                pytest.fail(f"the run has not ended within {too_long} s")
    finally:
        os.close(exited)
        process.kill()
        status = process.wait()
    output_text, errors_text = (file.read_text("utf-8") for file in files)
    assert "Traceback" not in output_text + errors_text
    assert not ACTED_UPON.search(output_text + errors_text)
    assert marked(marker) == []
    results_file = folder / "results.json"
    results = json.loads(results_file.read_bytes()) if results_file.exists() else {}
    return Run(status, output_text, errors_text, results, peak)


def judging(
    folder: Path,
    behaviour: str,
    trigger: str = EVERY,
    *,
    mode: str = STREAM,
    cases: tuple[str, ...] = CASES,
    timeout: float = 10,
    jobs: int = 0,
) -> tuple[str, ...]:
    """Return the command that judges a misbehaving implementation."""
    options = ["--mode", mode, "--timeout", str(timeout), "--json", str(folder / "results.json")]
    options += ["--jobs", str(jobs)] if jobs else []
    for case in cases:
        options += ["--select", case]
    return (*COMMAND, *options, "--", *PYTHON, str(PROGRAM), behaviour, trigger)


@cache
def request_lines(globs: tuple[str, ...]) -> Mapping[str, str]:
    """Return the requests of the chosen cases as the implementation reads them."""
    chosen = Selection(globs).of(golden.load(golden.folder()).cases())
    return {case.id: msgspec.json.encode(case.request).decode() for case in chosen}
