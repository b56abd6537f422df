"""Bad input: one clear line or a part of the truth, in bounded time, and nothing is ever run."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.unmeasured

COMMAND = (sys.executable, "-m", "acrn_conformance")
LONGEST = 40.0


def lint(path: str | Path, stdin: bytes = b"") -> subprocess.CompletedProcess[str]:
    start = time.monotonic()
    run = subprocess.run(
        [*COMMAND, "lint", "--release", "v3.3", "--file", str(path)],
        input=stdin.decode("utf-8", "surrogateescape"),
        capture_output=True,
        text=True,
        errors="surrogateescape",
        check=False,
    )
    assert time.monotonic() - start < LONGEST
    assert "Traceback" not in run.stderr
    return run


TRACE = "touch TRACE"
RUNS = [
    "$(touch TRACE)",
    "`touch TRACE`",
    "<(touch TRACE)",
    "${x:-$(touch TRACE)}",
    "${x:=`touch TRACE`}",
    "$((a[$(touch TRACE)]))",
    "${a[$(touch TRACE)]}",
    "$[ $(touch TRACE) ]",
    "${ touch TRACE; }",
    "> TRACE",
    "2>> TRACE",
    "&> TRACE",
    "<<< $(touch TRACE)",
    "; touch TRACE",
    "& touch TRACE",
    "| tee TRACE",
    "|| touch TRACE",
    "&& touch TRACE",
    "\ntouch TRACE",
    "; eval 'touch TRACE'",
    "; bash -c 'touch TRACE'",
    "; trap 'touch TRACE' EXIT",
    "; f() { touch TRACE; }; f",
    "; (touch TRACE)",
    "; coproc touch TRACE",
    "; exec touch TRACE",
    "; for x in a; do touch TRACE; done",
    "; printf -v 'a[$(touch TRACE)]' x",
    "; [[ -v a[$(touch TRACE)] ]]",
    "; source <(echo touch TRACE)",
    "; cat <<EOF\n$(touch TRACE)\nEOF\n",
    '; python3 -c \'open("TRACE", "w")\'',
]


# One process for all scripts: most of each would be its start. A program that one starts is a fault
# even if it leaves no trace.
IN_TURN = """
import sys
from acrn_conformance.cli import main

def forbid(event, arguments):
    if event in {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork"}:
        sys.exit(f"{event} {arguments}")

command, *scripts = sys.argv[1:]
sys.addaudithook(forbid)
for script in scripts:
    print("status", main([command, "--file", script]))
"""


@pytest.mark.parametrize("command", ["lint", "show"])
def test_nothing_in_a_script_is_run(tmp_path: Path, command: str) -> None:
    """By no syntax that would leave a trace if it were."""
    traces = {tmp_path / f"ran-{number}": syntax for number, syntax in enumerate(RUNS)}
    scripts = [str(trace.with_suffix(".sh")) for trace in traces]
    for script, (trace, syntax) in zip(scripts, traces.items(), strict=True):
        line = f"acrn-dm -A -m 512M vm {syntax.replace('TRACE', str(trace))}\n"
        Path(script).write_text(line)
    run = subprocess.run(
        [sys.executable, "-c", IN_TURN, command, *scripts],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert len(re.findall(r"^status [01]$", run.stdout, re.MULTILINE)) == len(RUNS)
    assert [syntax for trace, syntax in traces.items() if trace.exists()] == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"ls -l\necho hello\n", "no call of acrn-dm found; looked for"),
        (b"acrnctl list\n", "acrn-conformance capture -- sh launch.sh"),
        (b"# acrn-dm is a program\npgrep acrn-dm\n", "no call of acrn-dm found"),
        (b"\x7fELF\x02\x01\x01\0\0\0\0acrn-dm\0\x01\x02", "binary data"),
        (bytes(range(256)) * 9, "binary data"),
        (b"\xff\xfea", "broken UTF-16-LE"),
        (b" \n\t\n", "empty"),
        (b'{"a": 1}', "JSON, but dict and no array"),
        (b"a=(" * 40_000, "no call of acrn-dm found"),
        (b"acrn-dm" + b" -s $a,virtio-blk,$b" * 500, "a call with over 200 words that are not"),
        (b"acrn-dm a | " * 20_000, "too many errors of syntax"),
        (b"acrn-dm \n" + b" " * (4 << 20), "over 4 MiB, too long for a script"),
    ],
    ids=range(12),  # the contents are long
)
def test_unusable_input_is_said_in_a_line(tmp_path: Path, content: bytes, message: str) -> None:
    """What was looked for, and what to try."""
    path = tmp_path / "input"
    path.write_bytes(content)
    run = lint(path)
    assert run.returncode == 2
    assert run.stdout == ""
    assert message in run.stderr
    assert run.stderr.count("\n") == 1


def lint_behind_a_call(folder: Path, content: str) -> subprocess.CompletedProcess[str]:
    """Lint a script of a call and something else; the call is judged, whatever that is."""
    path = folder / "launch.sh"
    path.write_text(f"acrn-dm --cpu_affinity 0 -k /k -m 512M -s 0,hostbridge first\n{content}\n")
    run = lint(path)
    assert f"{path}:1:1: 9 tokens" in run.stdout
    return run


@pytest.mark.slow
@pytest.mark.parametrize(
    "content",
    [
        "$(" * 3_000,
        "acrn-dm " + "$(" * 5_000 + ")" * 5_000,
        "x=" + "${a:-" * 5_000 + "}" * 5_000,
        'x="' + '"${a:-$(echo ' * 400 + ')}"' * 400,
        "{ " * 5_000,
        "if x; then " * 3_000,
        "case x in a) " * 3_000,
        "f() {\n" * 3_000,
        '"$(' * 3_000,
        "x=$(" * 3_000,
        "for a in 1 2 3 4 5 6 7 8 9; do " * 30,
        "while x; do " * 30,
        "f() { eval f; }; f",
        'x=aaaaaaaa; for i in 1 2 3 4 5 6 7 8 9; do x="$x$x$x$x$x$x$x"; done',
        "for ((i = 0; i < 1000000000; i++)); do x=$i; done",
        "while true; do x=1; done",
        "x=$((9 ** 999999999)) y=$((1 << 99999999))",
        "'",
        "x=(",
        "fi; done; esac; }",
    ],
)
def test_what_is_deep_endless_or_broken_ends(tmp_path: Path, content: str) -> None:
    """Soon, and with the part of the truth that stands in front of it."""
    run = lint_behind_a_call(tmp_path, content)
    assert run.returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    "content",
    [
        "x=$((" + "(" * 900 + "1" + ")" * 900 + "))",
        "acrn-dm" + " -s $a,virtio-blk,$b" * 5_000,
        "f() { f; f; }; f",
        "a=(1); for i in 1 2 3 4 5 6 7 8 9; do a+=(${a[@]} ${a[@]} ${a[@]} ${a[@]}); done",
    ],
    ids=range(4),  # the contents are long
)
def test_what_is_too_much_to_follow_is_no_pass(tmp_path: Path, content: str) -> None:
    """What stands in front of it is judged, and a line says what was not read."""
    run = lint_behind_a_call(tmp_path, content)
    assert run.returncode == 2
    assert run.stderr.count("\n") == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    "line",
    [
        "acrn-dm --cpu_affinity 0 <a b> ... <c> vm",
        "acrn-dm --cpu_affinity 0 -k /k\n-s 3,lpc vm",
        "acrn-dm --cpu_affinity 0 -k /$1/$1/$1$2 vm",
        "x::\n\n   acrn-dm --cpu_affinity 0 -k /k vm",
    ],
)
def test_of_many_calls_a_thousand_are_judged(tmp_path: Path, line: str) -> None:
    """And that there are more is said, and no pass."""
    path = tmp_path / "launch.sh"
    path.write_text(f"{line}\n" * 2_000)
    run = lint(path)
    assert run.returncode == 2
    assert "more than 1,000 calls; the others are left out" in run.stderr
    assert run.stdout.count("tokens, v3.3") <= 1_000


@pytest.mark.slow
def test_so_many_blocks_of_a_page_are_judged(tmp_path: Path) -> None:
    """A page has fewer of them."""
    path = tmp_path / "launch.sh"
    path.write_text("```\nacrn-dm --cpu_affinity 0 -k /k vm\n```\n" * 2_000)
    run = lint(path)
    assert run.stderr == ""
    assert run.stdout.count("tokens, v3.3") <= 50


def test_calls_around_an_error_of_syntax_are_found(tmp_path: Path) -> None:
    """And that there is one is said, with its place."""
    path = tmp_path / "launch.sh"
    path.write_text("acrn-dm -k /k one\nif ) then\nfi\nacrn-dm -k /k two\n")
    run = lint(path)
    assert f"{path}:1:1: 3 tokens" in run.stdout
    assert "no shell that can be read; what is around it is read" in run.stdout


@pytest.mark.slow
def test_what_does_not_end_is_left(tmp_path: Path) -> None:
    """A device that never ends, a pipe that nobody writes to, a folder, a file not to be read."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path, message in (
        ("/dev/zero", "over 64 MiB"),
        (pipe, "a pipe that gives nothing"),
        (tmp_path, "Is a directory"),
        ("/dev/null", "empty"),
    ):
        run = lint(path)
        assert run.returncode == 2
        assert message in run.stderr


def test_a_pipe_that_is_written_to_is_read(tmp_path: Path) -> None:
    """Whoever comes first."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["/bin/sh", "-c", f"sleep 1; echo acrn-dm -k /k vm > {pipe}"]):
        run = lint(pipe)
    assert "3 tokens" in run.stdout
