"""``show`` draws where everything sits."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from maps import SVG, parsed

COMMAND = (sys.executable, "-m", "acrn_conformance", "show")


SANDBOX = "sandbox-argv-whole-quiet-no-params-no-steps"


def show(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *words], capture_output=True, text=True, check=False)


def test_show_draws_a_case_with_its_table() -> None:
    """The indices are those that the golden result has."""
    run = show("--slots", SANDBOX)
    assert run.returncode == 0
    lines = run.stdout.splitlines()
    assert lines[0] == SANDBOX
    assert lines[3] == "         2  ///// GVT-g /////"
    assert "         5  virtio-blk          [1]  placeholder (nodisk)" in lines
    assert "derived" not in run.stdout


def test_a_map_is_read_as_the_release_asked_for() -> None:
    """GVT-g ended with v2.7, and each release has options of its own."""
    words = ("--", "acrn-dm", "-s", "2,pci-gvt", "--ssram", "-s", "3,virtio-rnd", "vm")
    assert "GVT-g ended with v2.7" in show(*words).stdout
    older = show("--release", "2.5.1", *words).stdout
    assert "GVT-g" not in older
    assert "         3  virtio-rnd" in older.splitlines()
    assert "invalid choice: 'v9'" in show("--release", "v9", *words).stderr


def test_show_draws_a_command_line(tmp_path: Path) -> None:
    """In the terminal, as a picture, or both."""
    path = tmp_path / "map.svg"
    words = ("--slots", "--svg", str(path), "--", "/usr/bin/acrn-dm", "-s", "7,virtio-rnd", "vm")
    run = show(*words)
    assert run.returncode == 0
    assert "         7  virtio-rnd" in run.stdout.splitlines()
    assert parsed(path.read_bytes()).tag == f"{SVG}svg"
    for output in ("/dev/stdout", "-"):
        run = show("--svg", output, "--", "acrn-dm")
        assert parsed(run.stdout).tag == f"{SVG}svg"


def test_show_draws_a_running_vm(tmp_path: Path) -> None:
    """Its command line is read as it is, byte for byte."""
    program = tmp_path / "acrn-dm"
    program.write_text("#!/bin/sh\nread line\n", "ascii")
    program.chmod(0o755)
    argv = [b"-s", b"9,virtio-blk,/\xff", b"vm"]
    vm = subprocess.Popen([bytes(program), *argv], stdin=subprocess.PIPE)
    try:
        while b"virtio-blk" not in Path(f"/proc/{vm.pid}/cmdline").read_bytes():
            time.sleep(0.01)
        run = show("--slots", "--pid", str(vm.pid))
    finally:
        vm.communicate()
    assert run.returncode == 0, run.stderr
    assert r"         9  virtio-blk               /\xff" in run.stdout.splitlines()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "give one of an id, --file FILE, --pid N, or -- acrn-dm ARGS..."),
        (("--pid", "1", SANDBOX), "give one of an id, --file FILE, --pid N, or -- acrn-dm ARGS..."),
        (("--slots", "no-such-case"), "no case has the id 'no-such-case'"),
        (("--slots", "limits-fixed"), "limits-fixed has no devices"),
        (("--request", "--", "acrn-dm", "-A"), "--request prints a request"),
        (("--file", "/nonexistent/x"), "/nonexistent/x: No such file or directory"),
        (("--slots", "--pid", str(os.getpid())), "not an acrn-dm"),
        (("--slots", "--pid", "4194303"), "no such process"),
        (("--slots", "--pid", "0"), "is no id of a process"),
        (("--slots", "--request", SANDBOX), "--request prints a request"),
        (("--svg", "/nonexistent/x.svg", SANDBOX), "--svg /nonexistent/x.svg: No such file"),
    ],
)
def test_unusable_input_is_said_in_a_line(words: tuple[str, ...], message: str) -> None:
    """Exit status 2, the reason and the remedy, no traceback."""
    run = show(*words)
    assert run.returncode == 2
    assert message in run.stderr
    assert "Traceback" not in run.stderr
    assert run.stdout == ""
