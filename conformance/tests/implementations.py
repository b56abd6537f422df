"""Implementations under test: the reference on the wire, right, or with one line changed."""

import sys

COMMAND = (sys.executable, "-m", "acrn_conformance")

UNMEASURED = ("env", "-u", "COVERAGE_PROCESS_CONFIG")
"""Put before a command, it starts without coverage: the judge is what is measured, and beginning to
measure takes an implementation longer than all its answers."""
PYTHON = (*UNMEASURED, sys.executable)
SERVE = (*UNMEASURED, *COMMAND, "serve")

_WRONG = """\
from acrn_arch import config, devices, arch; from acrn_conformance.oracle import answers, serve; \
{}; serve()"""


def wrong(line: str) -> tuple[str, ...]:
    """Return the command of a reference in which one line of Python has changed something."""
    return (*PYTHON, "-c", _WRONG.format(line))


def claiming(*methods: str) -> tuple[str, ...]:
    """Return the command of a reference that claims some methods only."""
    says = f"{{**told, 'methods': {methods!r}}}"
    return wrong(f"told = answers._describe(None); answers._METHODS['describe'] = lambda _: {says}")
