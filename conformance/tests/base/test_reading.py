"""No input takes more time or memory than its reader has said: real commands, real pipes."""

import json
import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from acrn_base import reading

CONFORMANCE = (sys.executable, "-m", "acrn_conformance")
ARCH = (sys.executable, "-m", "acrn_arch")
HANGS = 60.0
"""Seconds after which a command counts as hanging; each takes far fewer."""

READERS = {
    "cases": (*CONFORMANCE, "run", "--cases"),
    "known failures": (*CONFORMANCE, "run", "--known-failures"),
    "VM description": (*ARCH, "argv"),
    "VM description for a capture": (*CONFORMANCE, "capture", "--read", "/dev/null", "--sandbox"),
    "command line": (*CONFORMANCE, "lint", "--file"),
    "record": (*CONFORMANCE, "capture", "--read"),
    "board": (sys.executable, "-m", "acrn_hwtests", "--board"),
}


def refused(*words: str | Path) -> str:
    """Run a command on what cannot be used; return its one line."""
    run = subprocess.run(
        [str(word) for word in words], capture_output=True, text=True, timeout=HANGS, check=False
    )
    assert run.returncode == 2, run.stdout + run.stderr
    assert "Traceback" not in run.stderr
    assert run.stderr.count("\n") == 1
    return run.stderr


@pytest.mark.parametrize("reader", READERS)
def test_a_device_without_an_end_is_too_large(reader: str) -> None:
    """The line says how much is read, and of which file."""
    line = refused(*READERS[reader], "/dev/zero")
    assert "/dev/zero: " in line
    assert "over " in line


PIPED = ("cases", "known failures", "VM description", "command line", "board")


def test_a_pipe_that_gives_nothing_is_not_waited_for(tmp_path: Path) -> None:
    """Each reader gives up after some seconds, also where a writer has begun, and falls silent."""
    for name in ("unwritten", "begun"):
        os.mkfifo(tmp_path / name)
    with ExitStack() as stack:
        writer = stack.enter_context(
            subprocess.Popen(["/bin/sh", "-c", f"(echo [; exec sleep 60) >{tmp_path / 'begun'}"])
        )
        stack.callback(writer.kill)
        given = [(reader, "unwritten") for reader in PIPED] + [("cases", "begun")]
        started = [
            stack.enter_context(
                subprocess.Popen(
                    [*READERS[reader], str(tmp_path / name)], stderr=subprocess.PIPE, text=True
                )
            )
            for reader, name in given
        ]
        for process, (_, name) in zip(started, given, strict=True):
            _, said = process.communicate(timeout=HANGS)
            assert process.returncode == 2
            assert f"{name}: a pipe that gives nothing" in said


def test_a_pipe_that_gives_all_it_has_is_read(tmp_path: Path) -> None:
    """Process substitution of a shell is such a pipe."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(
        ["/bin/sh", "-c", f"sleep 0.2; echo a; echo b >{pipe}"], stdout=subprocess.DEVNULL
    ):
        assert reading.whole(pipe) == b"b\n"


def test_what_is_as_long_as_allowed_is_read_and_no_byte_more(tmp_path: Path) -> None:
    """The limit is the last that passes."""
    file = tmp_path / "file"
    file.write_bytes(bytes(1024))
    assert reading.whole(file, 1024) == bytes(1024)
    file.write_bytes(bytes(1025))
    with pytest.raises(reading.ReadingError, match="over 1 KiB; give a smaller file"):
        reading.whole(file, 1024)


def test_what_the_kernel_makes_up_is_read() -> None:
    """A page of /proc has no size, and yet something to read."""
    assert b"MemTotal" in reading.whole("/proc/meminfo")


VM = '[sandbox]\nid = "a"\nuuid = "u"\nkernel_path = "/k"\nimage_path = "/i"\n'
VM += 'console_path = "/c"\nmax_vcpus = 1\nmemory_mb = {}\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a." * 100_000 + "a = 1", "a key with over 100 dots"),
        ('"a" . ' * 1000 + "a = 1", "a key with over 100 dots"),
        ("a = " + "[" * 100_000, "recursion"),
        (VM.format("1" * 10_000), "limit"),
        (VM.format("0x" + "1" * 10_000), "memory_mb"),
        ("a = 1\n" * (1 << 19), "over 1 MiB"),
    ],
)
def test_a_vm_description_that_would_take_minutes_is_refused(
    text: str, says: str, tmp_path: Path
) -> None:
    """Depth and numbers are bounded as well as size."""
    file = tmp_path / "vm.toml"
    file.write_text(text)
    assert says in refused(*READERS["VM description"], file)


def test_dots_in_texts_and_comments_are_no_depth(tmp_path: Path) -> None:
    """A path of many dots is a path."""
    file = tmp_path / "vm.toml"
    dots = "." * 200
    file.write_text(VM.format(64).replace("/k", f"/k{dots}") + f"# {dots}\n")
    run = subprocess.run([*ARCH, "argv", file], capture_output=True, text=True, check=False)
    assert f"/k{dots}" in run.stdout


def test_a_field_given_twice_among_very_many_is_found(tmp_path: Path) -> None:
    """Whichever of sixty thousand it is."""
    file = tmp_path / "vm.json"
    pairs = [f'"k{number}": 1' for number in range(60_000)]
    file.write_text("{" + ", ".join([*pairs, '"k59999": 2']) + "}")
    assert "k59999: the field is given twice" in refused(*READERS["VM description"], file)


@pytest.mark.parametrize(
    "text", ["a = " + "[" * 5_000, "a." * 5_000 + "a = 1", "release = 0x" + "1" * 9_000]
)
def test_a_board_file_of_any_depth_is_refused(text: str, tmp_path: Path) -> None:
    """Deep nesting is a line as any other mistake."""
    file = tmp_path / "board.toml"
    file.write_text(text)
    assert f"{file}: " in refused(*READERS["board"], file)


def test_a_fault_in_a_case_file_has_its_line(tmp_path: Path) -> None:
    """Where a decoder counts bytes, a person counts lines."""
    file = tmp_path / "cases.json"
    file.write_text(json.dumps([{"id": "a"}], indent=1).replace(": ", "? "))
    assert "at line 3, column 7" in refused(*READERS["cases"], file)
