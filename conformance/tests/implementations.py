"""Implementations under test: the reference on the wire, right, or with one line changed."""

import sys

COMMAND = (sys.executable, "-m", "acrn_conformance")
SERVE = (*COMMAND, "serve")

_WRONG = """\
from acrn_arch import config, devices, arch; from acrn_conformance.cases import KATA_1; \
from acrn_conformance.oracle import answers, replying, serve; {}; serve(replying(KATA_1))"""


def wrong(line: str) -> tuple[str, ...]:
    """Return the command of a reference in which one line of Python has changed something."""
    return (sys.executable, "-c", _WRONG.format(line))


def claiming(*methods: str) -> tuple[str, ...]:
    """Return the command of a reference that claims some methods only."""
    says = f"{{**told, 'methods': {methods!r}}}"
    return wrong(f"told = answers._describe(KATA_1); answers._describe = lambda _: {says}")
