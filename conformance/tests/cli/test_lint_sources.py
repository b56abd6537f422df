"""Where lint takes command lines from: words, a process, a file, standard input."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from linted import PLAIN, RECORDING, lint, objects, out


@contextmanager
def running(*words: str) -> Iterator[int]:
    """Run a process with these words for its argv; it waits until it is told to end."""
    line = f"import os; os.execv({sys.executable!r}, {list(words)!r})"
    process = subprocess.Popen(
        [sys.executable, "-c", line], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert process.stdout
        assert process.stdout.readline() == b"ready\n"
        yield process.pid
    finally:
        process.communicate()


WAITS = "import sys; print('ready', flush=True); sys.stdin.read()"


@pytest.mark.parametrize(
    "words",
    [
        ("acrn-dm", *PLAIN),
        ("/opt/bin/acrn-dm", *PLAIN),
        PLAIN,
        ("sudo", "-E", "LANG=C", "acrn-dm", *PLAIN),
        ("LANG=C", "/usr/bin/acrn-dm", *PLAIN),
        ("taskset", "-c", "1", "acrn-dm", *PLAIN),
    ],
)
def test_the_programs_name_is_taken_off(words: tuple[str, ...]) -> None:
    """In front, behind what starts it, or not there at all."""
    assert objects(lint("--json", "--", *words))[0]["argv"] == list(PLAIN)


def test_a_name_that_is_acrn_dm_is_no_program() -> None:
    """Only the first word is taken for the program, but behind sudo and the like."""
    words = (*PLAIN[:-1], "acrn-dm")
    assert objects(lint("--json", "--", *words))[0]["argv"] == list(words)


def test_two_dashes_of_the_argv_stay() -> None:
    """Only the first -- is lint's own."""
    run = lint("--json", "--release", "v2.5", "--", "acrn-dm", *PLAIN[:-1], "--", "-vm")
    assert objects(run)[0]["argv"] == [*PLAIN[:-1], "--", "-vm"]
    assert run.returncode == 0


SHELL = b"# a comment\nacrn-dm -m 512M \\\n  -s 0:0,hostbridge -k '/vmlinux' \"vm1\"\n"


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(["acrn-dm", *PLAIN]).encode(),
        json.dumps(["acrn-dm", *PLAIN], indent=1).encode(),
        b"acrn-dm\0" + "\0".join(PLAIN).encode() + b"\0",
        SHELL,
        b"\n" + SHELL.replace(b"# a comment\n", b""),
    ],
    ids=["json", "json-indented", "nul", "shell", "shell-blank-line"],
)
def test_a_file_or_standard_input_holds_an_argv_in_any_of_three_forms(
    tmp_path: Path, content: bytes
) -> None:
    """A JSON array, words that end with NUL, or a shell command line."""
    path = tmp_path / "argv"
    path.write_bytes(content)
    assert objects(lint("--json", "--file", str(path)))[0]["argv"] == list(PLAIN)
    assert objects(lint("--json", "--file", "-", stdin=content))[0]["argv"] == list(PLAIN)


def test_json_lines_hold_an_argv_each(tmp_path: Path) -> None:
    """Verdicts come in order, one object a line; one that is refused makes the exit status 1."""
    path = tmp_path / "argvs.jsonl"
    path.write_bytes(b'["acrn-dm","-k","/k","a"]\n\n["-k","k","b"]\n[]')
    run = lint(*RECORDING, "--release", "v2.5", "--json", "--file", str(path))
    assert run.returncode == 1
    assert [found["argv"] for found in objects(run)] == [["-k", "/k", "a"], ["-k", "k", "b"], []]
    shown = out(lint(*RECORDING, "--release", "v2.5", "--file", "-", stdin=path.read_bytes()))
    assert "standard input:3: 3 tokens" in shown
    assert shown.endswith("3 argvs, 2 of them refused by a release\n")


def test_what_was_judged_before_a_bad_line_is_told(tmp_path: Path) -> None:
    """Lines are judged as they are read."""
    path = tmp_path / "argvs.jsonl"
    path.write_bytes(b'["-k","/k","a"]\n["-k"')
    run = lint("--json", "--file", str(path))
    assert run.returncode == 2
    assert len(run.stdout.splitlines()) == 1
    assert b"argvs.jsonl:2: not JSON: " in run.stderr


def test_a_running_acrn_dm_is_judged(tmp_path: Path) -> None:
    """--pid reads its argv; a script called acrn-dm that an interpreter runs counts as well."""
    with running("/opt/acrn-dm", "-c", WAITS, "-A", "vm") as pid:
        run = lint("--json", "--pid", str(pid))
    assert objects(run)[0]["argv"] == ["-c", WAITS, "-A", "vm"]
    script = tmp_path / "acrn-dm"
    script.write_text(WAITS)
    with running("python3", str(script), "-A", "vm") as pid:
        run = lint("--json", "--pid", str(pid))
    assert objects(run)[0]["argv"] == ["-A", "vm"]


def test_no_process_but_an_acrn_dm_is_judged() -> None:
    """Another process is named, and one that is gone."""
    with running("python", "-c", WAITS) as pid:
        run = lint("--pid", str(pid))
    assert run.returncode == 2
    assert run.stderr.decode().startswith(f"acrn-conformance: pid {pid}: not an acrn-dm but 'pyt")


def test_json_lines_must_be_arrays(tmp_path: Path) -> None:
    """A file called X.jsonl holds nothing else, and the line is named."""
    path = tmp_path / "x.jsonl"
    for content, message in ((b"", "empty"), (b'{"a": []}\n', ":1: JSON, but dict")):
        path.write_bytes(content)
        run = lint("--file", str(path))
        assert run.returncode == 2
        assert message in run.stderr.decode()


PEAK = """
import resource, sys
from acrn_conformance.cli import main
status = main(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
"""


def peak(path: Path) -> int:
    """Return the most memory, in KiB, that the argvs of a file take."""
    words = [sys.executable, "-c", PEAK, "lint", "--json", "--release", "v3.3"]
    words += ["--file", str(path)]
    run = subprocess.run(words, capture_output=True, check=True)
    assert run.stdout.count(b"\n") == path.read_bytes().count(b"\n")
    return int(run.stderr)


@pytest.mark.slow
def test_many_argvs_take_the_memory_of_one(tmp_path: Path) -> None:
    """Argvs of a file are read and judged one by one."""
    line = json.dumps(["acrn-dm", "-U", "x", "-A", *PLAIN, "-s", "9,virtio-net,tap0"]) + "\n"
    few, many = tmp_path / "few.jsonl", tmp_path / "many.jsonl"
    few.write_text(100 * line)
    many.write_text(5_000 * line)
    assert peak(many) < peak(few) + 2048
