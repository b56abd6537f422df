"""Where lint takes command lines from: words, a process, a file, standard input."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from linted import PLAIN, RECORDING, lint, objects, out

from acrn_conformance.cli import main
from acrn_conformance.reports import lint_text


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


def scripts(folder: Path, *contents: str) -> list[str]:
    """Write scripts; return their paths, 0.sh and on."""
    paths = [folder / f"{number}.sh" for number in range(len(contents))]
    for path, content in zip(paths, contents, strict=True):
        path.write_text(content)
    return list(map(str, paths))


GOOD, BAD = (f"acrn-dm -m {memory} -s 0:0,hostbridge -k /k vm1\n" for memory in ("1G", "512"))


def test_a_file_without_a_call_hides_no_other(tmp_path: Path) -> None:
    """The others are judged and summed, the status is that of unusable input."""
    files = scripts(tmp_path, GOOD, "echo hi\n", BAD + GOOD + BAD, BAD)
    run = lint("--release", "v2.7", "--file", *files)
    assert run.returncode == 2
    (fault,) = run.stderr.decode().splitlines()
    assert fault.startswith(f"acrn-conformance: {files[1]}: no call of acrn-dm found")
    assert run.stdout.decode().splitlines()[-4:] == [
        "5 argvs, 3 of them refused by a release",
        f"  {files[2]}: 2 refused",
        f"  {files[3]}: 1 refused",
        "not all was judged: 1 file could not be read whole",
    ]


@pytest.mark.parametrize("option", ["--json", "--upgrade=v3.3"])
def test_no_output_keeps_quiet_about_a_file_without_a_call(tmp_path: Path, option: str) -> None:
    """It is told behind what the others gave."""
    files = scripts(tmp_path, "echo hi\n", GOOD)
    run = lint(option, "--file", *files)
    assert run.returncode == 2
    assert run.stderr.decode().startswith(f"acrn-conformance: {files[0]}: no call of acrn-dm")
    assert files[1] in run.stdout.decode()


def test_where_no_file_has_a_call_each_is_told(tmp_path: Path) -> None:
    """A line each, and nothing else."""
    files = scripts(tmp_path, "echo hi\n", "echo ho\n")
    run = lint("--file", *files)
    assert (run.returncode, run.stdout) == (2, b"")
    assert [line.split(": ")[:2] for line in run.stderr.decode().splitlines()] == [
        ["acrn-conformance", file] for file in files
    ]


def test_so_many_files_with_refusals_are_named() -> None:
    """Of more, how many there are."""
    shown = [line.text for line in lint_text.total(30, {f"{n}.sh": n % 2 for n in range(44)}, 0)]
    assert shown[0] == "30 argvs, 22 of them refused by a release"
    assert shown[1:3] == ["  1.sh: 1 refused", "  3.sh: 1 refused"]
    assert (len(shown), shown[-1]) == (22, "  and 2 more files")


def test_calls_beyond_those_that_are_read_are_no_pass(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The last lines say that some were left out, and the status is not that of a pass."""
    (path,) = scripts(tmp_path, GOOD * 1_001)
    assert main(["lint", "--release", "v2.7", "--file", path]) == 2
    said = capsys.readouterr()
    assert said.out.splitlines()[-2:] == [
        "1000 argvs, 0 of them refused by a release",
        "not all was judged: 1 file could not be read whole",
    ]
    left_out = f"{path}: more than 1,000 calls; the others are left out"
    assert left_out in said.err
    assert main(["capture", "--release", "v2.7", "--read", path]) == 2
    said = capsys.readouterr()
    assert "1000 calls" in said.out.splitlines()[-1]
    assert left_out in said.err


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
