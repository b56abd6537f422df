"""acrn-dm as a program, before it starts anything: what it says where, and how it ends."""

import subprocess
import sys
from pathlib import Path

import pytest
from standin_support import PLAIN

from acrn_standin import dm
from acrn_standin.release import VARIABLE

Captured = pytest.CaptureFixture[str]


def test_a_version_is_told_on_stdout(capfd: Captured) -> None:
    """With exit status 0."""
    assert dm.main(["-v"]) == 0
    told = capfd.readouterr()
    assert (told.out, told.err) == (
        "acrn-dm v2.5 (stand-in: acrn-dm's command line, carried out by QEMU)\n",
        "",
    )


def test_usage_is_told_on_stderr(capfd: Captured) -> None:
    """Asked for with exit status 0, deserved with 1."""
    assert dm.main(["-h"]) == 0
    assert dm.main([]) == 1
    told = capfd.readouterr()
    assert told.out == ""
    assert told.err.count("Usage: acrn-dm ") == 2


def test_acrn_dms_words_and_the_stand_ins_go_apart(capfd: Captured) -> None:
    """acrn-dm's refusals go where its own go; that something cannot be expressed, to stdout."""
    assert dm.main(["-s", "4,hda", "vm1"]) == 1
    assert capfd.readouterr() == ('pci slot 4:0: unknown device "hda"\n', "")
    assert dm.main(["-m", "1", "vm1"]) == 64
    assert capfd.readouterr() == ("", "acrn-dm: invalid memsize '1'\n")
    assert dm.main(["--rtvm", "vm1"]) == 64
    assert capfd.readouterr() == ("stand-in: cannot express --rtvm\n", "")


def test_a_release_says_what_it_ignores_before_it_refuses(
    capfd: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the order of the line; the release is the environment's."""
    monkeypatch.setenv(VARIABLE, "v3.3")
    assert dm.main(["-A", "-s", "4,hda", "vm1"]) == 1
    assert capfd.readouterr().out == (
        "The '-A' parameter is obsolete and ignored. Virtual ACPI tables are always enabled.\n"
        'pci slot 4:0: unknown device "hda"\n'
    )
    monkeypatch.setenv(VARIABLE, "v9")
    assert dm.main(["-v"]) == 1
    assert "set it to one of v2.5, v2.7, v3.3" in capfd.readouterr().out


def test_a_silent_end_is_silent(capfd: Captured) -> None:
    """As with boot arguments that are too long."""
    assert dm.main(["-B", "x" * 2048, "vm1"]) == 1
    assert capfd.readouterr() == ("", "")


def test_an_accelerator_that_is_none_is_refused(
    capfd: Captured, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """With the choice."""
    kernel = tmp_path / "vmlinuz"
    kernel.write_bytes(b"x")
    monkeypatch.setenv(dm.ACCELERATOR, "hvf")
    assert dm.main(["-k", str(kernel), "vm1"]) == 1
    assert capfd.readouterr().out == (
        "stand-in: ACRN_STANDIN_ACCEL is 'hvf'; set it to tcg or kvm\n"
    )


def test_it_runs_as_a_module() -> None:
    """As the board's launchers run it, acrnctl likewise; bytes that are no text pass."""
    command: list[str | bytes] = [sys.executable, "-m", "acrn_standin.dm", "-s", b"\xff", *PLAIN]
    ended = subprocess.run(command, capture_output=True, check=False)
    assert ended.returncode == 1
    assert ended.stdout == b'Invalid PCI slot info field "\xff"\n'
    helped = subprocess.run(
        [sys.executable, "-m", "acrn_standin.ctl"], capture_output=True, check=True
    )
    assert helped.stdout.startswith(b"Usage: acrnctl")
