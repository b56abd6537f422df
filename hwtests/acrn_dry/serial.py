"""The dry checks of acrn-dm's own streams: what it makes of a terminal, and of a pipe."""

import os
import re
import select
import time
from collections.abc import Iterator
from contextlib import contextmanager

from acrn_dry.bench import Bench, Wish, to_the_guest
from acrn_dry.running import SECONDS, Run

_DATA, _LINE_STATUS = 0x3F8, 0x3FD
"""Registers of the first 16550 UART; reading the first takes a byte that has come."""

_DATA_READY = 1
_A_WHILE = 0.5
_REDIRECTED = rb"redirected to (/dev/pts/\d+)"


def ttys0(bench: Bench) -> str:
    """ttyS0 carries data both ways where acrn-dm's stdio is a terminal."""
    with _terminal() as (near, far), bench.start(terminal=far) as run:
        to_the_guest(run)
        run.write(_DATA, 1, ord("A"))
        assert _shows(near, rb"A"), "a byte of the guest does not come out on the terminal"
        os.write(near, b"Z")
        assert _arrives(run, SECONDS), "a byte on the terminal does not reach the guest"
        assert _read(run, _DATA) == ord("Z"), "the guest reads another byte than was typed"
    piped = "reach it" if _reads_a_pipe(bench) else "stay unread"
    return f"both ways on a terminal; a pipe's bytes {piped}"


def _reads_a_pipe(bench: Bench) -> bool:
    ours, theirs = os.pipe()
    os.write(theirs, b"Z")
    try:
        with bench.start(terminal=ours) as run:
            return _arrives(to_the_guest(run), _A_WHILE)
    finally:
        os.close(ours)
        os.close(theirs)


def pty_line(bench: Bench) -> str:
    """acrn-dm names the terminal of a pty port before the guest runs."""
    with _terminal() as (near, far), bench.start(bench.argv(Wish(pty=True)), far) as run:
        to_the_guest(run)
        found = _shows(near, _REDIRECTED)
        assert found, "the line that names the terminal does not come"
        return found[1].decode()


def _read(run: Run, port: int) -> int:
    """Read a byte from a port as a guest would."""
    run.device.read(port, 1)
    assert run.until("done"), f"acrn-dm does not serve port {port:#x}"
    return int(run.events[-1].detail, 16)


def _arrives(run: Run, seconds: float) -> bool:
    """Tell whether a byte comes into the UART."""
    deadline = time.monotonic() + seconds
    while not (ready := _read(run, _LINE_STATUS) & _DATA_READY) and time.monotonic() < deadline:
        time.sleep(0.01)
    return bool(ready)


def _shows(near: int, pattern: bytes) -> re.Match[bytes] | None:
    """Look for a pattern in what comes out on a terminal."""
    seen = b""
    while not (found := re.search(pattern, seen)) and select.select([near], [], [], SECONDS)[0]:
        seen += os.read(near, 4096)
    return found


@contextmanager
def _terminal() -> Iterator[tuple[int, int]]:
    near, far = os.openpty()
    try:
        yield near, far
    finally:
        os.close(near)
        os.close(far)
