"""The terminal of the tier's own: what is sent arrives as it is, on time, to its end."""

import os
import subprocess
from pathlib import Path

import pytest
from scripted import ALL_BYTES, ECHO, scripted

from acrn_hwtests.terminal import Terminal


def test_acrn_dm_has_a_terminal_and_its_stderr_apart(tmp_path: Path) -> None:
    """acrn-dm listens to its standard input only if that is a terminal (measured)."""
    with scripted(tmp_path, ECHO) as guest:
        guest.serial.stream.expect_exact(b"terminal: True True False\n", timeout=10)


def test_every_byte_passes_both_ways_as_it_is(tmp_path: Path) -> None:
    """No echo, no newline turned into two bytes, no key that is a signal, nothing swallowed."""
    with scripted(tmp_path, ECHO) as guest:
        stream = guest.serial.stream
        stream.expect_exact(b"False\n", timeout=10)
        for start in range(0, len(ALL_BYTES), 1024):
            stream.send(ALL_BYTES[start : start + 1024])
        stream.wait_for_end(10)
        folder = guest.folder.path
    said = (folder / "ttyS0.raw").read_bytes()
    assert said.partition(b"False\n")[2] == ALL_BYTES
    assert (folder / "stderr.raw").read_bytes() == b"apart"


def test_the_end_of_the_process_is_the_end_of_the_stream() -> None:
    """What it said last is read before the end."""
    terminal = Terminal()
    with subprocess.Popen(["/bin/echo", "last"], stdout=terminal.far):
        terminal.far.close()
        said = b""
        while data := terminal.recv(100):
            said += data
    assert said == b"last\n"
    terminal.close()


def test_nobody_is_waited_for_for_ever() -> None:
    """Reading what does not come, and writing what nobody reads, are given up in their time."""
    terminal = Terminal()
    terminal.settimeout(0.1)
    with pytest.raises(TimeoutError):
        terminal.recv(1)
    with pytest.raises(TimeoutError):
        terminal.sendall(b"x" * (1 << 20))
    assert os.isatty(terminal.far.fileno())
    terminal.close()
