"""Programs that cannot be started, and runs that are ended."""

import os
import shlex
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from implementations import SERVE
from judged import (
    COMMAND,
    EVERY,
    EXEC,
    FAIL,
    ONE,
    PASS,
    STREAM,
    judge,
    judging,
    marked,
    request_lines,
    wait_until,
)

pytestmark = pytest.mark.unmeasured


def missing(folder: Path) -> Path:
    return folder / "missing"


def directory(folder: Path) -> Path:
    return folder


def not_executable(folder: Path) -> Path:
    program = folder / "program"
    program.write_text("#!/bin/sh\n")
    return program


def without_interpreter(folder: Path) -> Path:
    program = folder / "program"
    program.write_text("echo\n")
    program.chmod(0o755)
    return program


def with_escapes_in_its_name(folder: Path) -> Path:
    return folder / "\x1b[2J\n"


@pytest.mark.parametrize(
    ("program", "remedy"),
    [
        (missing, "check the path"),
        (directory, "directory"),
        (not_executable, "chmod +x"),
        (without_interpreter, "#! line"),
        (with_escapes_in_its_name, "check the path"),
    ],
)
def test_a_program_that_cannot_be_executed_is_unusable(
    program: Callable[[Path], Path], remedy: str, tmp_path: Path, marker: str
) -> None:
    """A program that cannot be executed is exit status 2, with one line that has the remedy."""
    found = judge(tmp_path, marker, *COMMAND, "--", str(program(tmp_path)))
    assert (found.status, found.output) == (2, "")
    assert found.errors.count("\n") == 1
    assert remedy in found.errors


def test_an_argument_may_be_any_bytes(tmp_path: Path, marker: str) -> None:
    """The command of the implementation, and its results file, may hold what is not UTF-8."""
    command = judging(tmp_path, "error-5", ONE)
    found = judge(tmp_path, marker, *command, b"\xff")
    assert (found.status, found.marks["memory-topology-1024"]) == (1, FAIL)


def test_the_report_suits_any_encoding(tmp_path: Path, marker: str) -> None:
    """What the output's encoding lacks is escaped."""
    command = judging(tmp_path, "result-not-ascii", ONE)
    found = judge(tmp_path, marker, *command, variables={"PYTHONIOENCODING": "ascii"})
    assert (found.status, found.marks["memory-topology-1024"]) == (1, FAIL)


@pytest.mark.parametrize("mode", [STREAM, EXEC])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_run_leaves_no_process(
    number: signal.Signals, mode: str, tmp_path: Path, marker: str
) -> None:
    """A run ended by a signal ends the implementation and its daemons, and says no more."""
    words = judging(tmp_path, "hangs-with-a-daemon", ONE, mode=mode, timeout=60)
    with subprocess.Popen(
        words, env={**os.environ, marker: "1"}, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as runner:
        try:
            assert wait_until(lambda: has_daemon(marker))
            runner.send_signal(number)
            output, errors = runner.communicate(timeout=10)
        finally:
            runner.kill()
    assert runner.returncode == 128 + number
    assert marked(marker) == []
    assert b"Traceback" not in output + errors


def has_daemon(marker: str) -> bool:
    """Tell whether two marked processes lead no session and have a marked session leader gone."""
    pids = marked(marker)
    sessions = set()
    for pid in pids:
        try:
            sessions.add(os.getsid(pid))
        except ProcessLookupError:
            continue
    return bool(sessions - set(pids) - {os.getsid(0)})


def test_an_implementation_outlives_no_killed_runner(tmp_path: Path, marker: str) -> None:
    """When the runner is killed, the implementation meets the end of its input."""
    trace = tmp_path / "trace"
    command = judging(tmp_path, "silent", EVERY, timeout=60)
    words = [*command[:4], "--trace", str(trace), *command[4:]]
    with subprocess.Popen(
        words, env={**os.environ, marker: "1"}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as runner:
        try:
            assert wait_until(lambda: len(marked(marker)) == 3)  # and its keeper
        finally:
            runner.kill()
    assert wait_until(lambda: marked(marker) == [])


def test_a_reader_that_goes_ends_the_report_silently(tmp_path: Path, marker: str) -> None:
    """A report whose reader takes one line only, as head does, ends without a traceback."""
    command = judging(tmp_path, "error-5", '"argv"', cases=("argv-*",))
    found = judge(tmp_path, marker, "/bin/sh", "-c", '"$@" | head -1', "sh", *command)
    assert found.output.count("\n") == 1
    assert found.errors == ""
    assert len(found.marks) == len(request_lines(("argv-*",)))


def test_a_start_that_is_slower_than_the_first_costs_no_case(tmp_path: Path, marker: str) -> None:
    """A machine may have more to do than it had: a late first reply is waited for once more."""
    first = shlex.quote(str(tmp_path / "first"))
    slower = f'if [ -e {first} ]; then sleep 2.5; fi; : > {first}; exec "$@"'
    cases = ("--mode", "exec", "--timeout", "1", "--select", "limits-*", "--select", "memory-*-512")
    json = ("--json", str(tmp_path / "results.json"))
    found = judge(tmp_path, marker, *COMMAND, *cases, *json, "--", "sh", "-c", slower, "sh", *SERVE)
    assert (found.status, set(found.marks.values())) == (0, {PASS})
