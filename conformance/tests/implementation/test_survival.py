"""A run survives whatever becomes of the processes that it asks."""

import shlex
from pathlib import Path

import pytest
from implementations import PYTHON
from judged import (
    CASES,
    DESCRIBE,
    ERROR,
    EVERY,
    EXEC,
    FAIL,
    MOST_MEMORY,
    MOST_OUTPUT,
    ONE,
    PASS,
    PROGRAM,
    STREAM,
    judge,
    judging,
    request_lines,
)


@pytest.mark.parametrize("mode", [STREAM, EXEC])
def test_a_forking_program_is_survived(mode: str, tmp_path: Path, marker: str) -> None:
    """A program whose parent exits while a child answers is judged, and its child ended.

    Which of the two is quicker is chance: all pass, some do not, or it seems never to have started.
    """
    found = judge(tmp_path, marker, *judging(tmp_path, "serves-from-a-child", mode=mode))
    if found.status == 2:
        assert (found.output, found.results) == ("", {})
        assert "cannot be started" in found.errors
    else:
        assert set(found.marks) == set(CASES)
        assert found.status == (set(found.marks.values()) != {PASS} or bool(found.broken))


@pytest.mark.parametrize("mode", [STREAM, EXEC])
def test_a_program_that_disappears_costs_the_rest(mode: str, tmp_path: Path, marker: str) -> None:
    """A program that cannot be started any more costs the cases that are left, with the reason."""
    program = tmp_path / "adapter"
    program.write_text(f'#!/bin/sh\nexec {shlex.join(PYTHON)} {PROGRAM} "$@"\n')
    program.chmod(0o755)
    command = judging(tmp_path, "removes-itself", ONE, mode=mode, jobs=1)
    words = [*command[: command.index("--") + 1], str(program), *command[-2:]]
    found = judge(tmp_path, marker, *words, variables={"MISBEHAVING_PROGRAM": str(program)})
    assert found.status == 1
    assert set(found.marks) == set(CASES)
    assert "cannot execute" in found.remarked


def test_a_program_that_counts_its_requests_blames_no_case(tmp_path: Path, marker: str) -> None:
    """A program that dies at its tenth request, whichever it is, has a fault of its own."""
    words = judging(tmp_path, "dies-every-tenth", cases=("memory-topology-*",))
    found = judge(tmp_path, marker, *words)
    assert (found.status, set(found.marks.values())) == (1, {PASS})
    (line,) = found.broken
    assert "ended (" in line
    assert "; the first: behind 9 answers, memory_topology still to answer" in line


@pytest.mark.parametrize("mode", [STREAM, EXEC])
@pytest.mark.parametrize("behaviour", ["exits", "garbage", "twice", "wrong-id"])
def test_several_processes_blame_as_one_does(
    behaviour: str, mode: str, tmp_path: Path, marker: str
) -> None:
    """The same case has the error, however many processes there are."""
    cases = ("memory-topology-1*",)
    words = judging(tmp_path, behaviour, ONE, mode=mode, cases=cases, jobs=3)
    found = judge(tmp_path, marker, *words)
    blamed = {name: mark for name, mark in found.marks.items() if mark != PASS}
    assert blamed == {"memory-topology-1024": ERROR}
    assert len(found.marks) == len(request_lines(cases))


@pytest.mark.slow
@pytest.mark.parametrize("mode", [STREAM, EXEC])
def test_long_replies_are_not_kept(mode: str, tmp_path: Path, marker: str) -> None:
    """Memory stays bounded however long all replies are."""
    cases = ("memory-topology-*", "kernel-parameters-*")
    words = judging(tmp_path, "result-padded", mode=mode, cases=cases)
    found = judge(tmp_path, marker, *words)
    assert set(found.marks) == set(request_lines(cases))
    assert found.peak < MOST_MEMORY


@pytest.mark.slow
def test_a_long_list_of_wrong_tokens_is_shown_in_part(tmp_path: Path, marker: str) -> None:
    """A token diff takes no more than a moment and a page, however many tokens there are."""
    words = judging(tmp_path, "result-many-tokens", '"argv"', cases=("argv-devices-300",))
    found = judge(tmp_path, marker, *words, too_long=10)
    assert set(found.marks.values()) <= {FAIL, ERROR}
    assert len(found.output) < MOST_OUTPUT


@pytest.mark.slow
def test_programs_that_linger_do_not_end_the_run(tmp_path: Path, marker: str) -> None:
    """In exec mode every case is judged, however many processes take their time to end."""
    program = tmp_path / "adapter"
    program.write_text(
        "#!/bin/sh\n"
        "read -r line\n"
        'id=${line#*\\"id\\":}\n'
        """echo '{"jsonrpc":"2.0","id":'${id%%,*}',"result":{"valid":true}}'\n"""
        "exec sleep 60\n"
    )
    program.chmod(0o755)
    command = judging(tmp_path, "", mode=EXEC, cases=("device-valid-*",), jobs=8)
    found = judge(tmp_path, marker, *command[: command.index("--") + 1], str(program))
    assert set(found.marks) == set(request_lines(("device-valid-*",)))
    assert found.results["ended"]["not_judged"] == 0


def test_the_runners_own_limits_blame_no_case(tmp_path: Path, marker: str) -> None:
    """More processes than the runner may have open files for are no fault of the implementation."""
    cases = ("memory-topology-1*", "memory-topology-2*")
    command = judging(tmp_path, "right", mode=EXEC, cases=cases, jobs=16)
    limited = ("/bin/sh", "-c", 'ulimit -n 32; exec "$@"', "sh", *command)
    found = judge(tmp_path, marker, *limited)
    if found.status == 2:
        assert (found.output, found.results) == ("", {})
        assert "Too many open files" in found.errors
    else:
        assert (found.status, set(found.marks.values())) == (0, {PASS})


@pytest.mark.parametrize("mode", [STREAM, EXEC])
@pytest.mark.parametrize(
    ("behaviour", "trigger", "reason"),
    [
        ("dies-at-start", EVERY, "no licence file"),
        ("exits", DESCRIBE, "exit status 7"),
        ("sigsegv", EVERY, "killed by SIGSEGV"),
    ],
)
def test_a_program_that_never_answers_is_unusable(
    behaviour: str, trigger: str, reason: str, mode: str, tmp_path: Path, marker: str
) -> None:
    """A program that dies before it has answered anything is exit status 2, with the reason."""
    found = judge(tmp_path, marker, *judging(tmp_path, behaviour, trigger, mode=mode))
    assert (found.status, found.output, found.results) == (2, "", {})
    assert found.errors.count("\n") == 1
    assert reason in found.errors
    assert "acrn-conformance show" in found.errors
