"""Implementations under test: the reference on the wire, right, or with one line changed."""

import subprocess
import sys

from acrn_conformance.cases import KATA_1, golden

COMMAND = (sys.executable, "-m", "acrn_conformance")

UNMEASURED = ("env", "-u", "COVERAGE_PROCESS_CONFIG")
"""Put before a command, it starts without coverage: the judge is what is measured, and beginning to
measure takes an implementation longer than all its answers."""
PYTHON = (*UNMEASURED, sys.executable)
SERVE = (*UNMEASURED, *COMMAND, "serve")
CASES = tuple(case for case in golden.load(golden.folder()).cases() if KATA_1.name in case.dialects)
"""The golden cases of the dialect that is meant where none is named."""

_WRONG = """\
from acrn_arch import config, devices, arch, kernel; from acrn_conformance.cases import KATA_1; \
from acrn_conformance.oracle import answers, replying, serve; {}; serve(replying(KATA_1))"""


def wrong(line: str) -> tuple[str, ...]:
    """Return the command of a reference in which one line of Python has changed something."""
    return (*PYTHON, "-c", _WRONG.format(line))


ARGV_ALONE = """\
told = answers._describe(KATA_1); answers._describe = lambda _: {**told, 'methods': ('argv',)}"""
"""A line for `wrong`, after which nothing but argv is claimed, and so searched."""


def claiming(*methods: str) -> tuple[str, ...]:
    """Return the command of a reference that claims some methods only."""
    says = f"{{**told, 'methods': {methods!r}}}"
    return wrong(f"told = answers._describe(KATA_1); answers._describe = lambda _: {says}")


def acrn_conformance(*words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command, and return what it says."""
    return subprocess.run(
        [*COMMAND, *words], input=stdin, capture_output=True, text=True, check=False
    )
