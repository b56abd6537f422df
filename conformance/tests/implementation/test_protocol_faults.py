"""A reply that breaks the contract is a verdict on the implementation, not on a case."""

import subprocess
import sys
from pathlib import Path

import every_third
import pytest
from implementations import PYTHON
from judged import COMMAND, ERROR, ONE, PASS, STREAM, TIMEOUT, judge, judging

from acrn_conformance.implementation import Broken
from acrn_conformance.implementation.ending import breach
from acrn_conformance.implementation.process import Process
from acrn_conformance.implementation.time_limits import TimeLimits
from acrn_conformance.implementation.worker import Worker

PROGRAM = Path(every_third.__file__)


def judging_third(folder: Path, fault: str, *options: str) -> tuple[str, ...]:
    """Return the command that judges an implementation whose every third reply is broken."""
    words = ("--select", "paths-*", "--select", "limits-*", "--select", "capabilities-*")
    json = ("--json", str(folder / "results.json"))
    return (*COMMAND, *words, *json, *options, "--", *PYTHON, str(PROGRAM), fault)


@pytest.mark.parametrize("fault", every_third.FAULTS)
def test_a_fault_that_a_retry_heals_fails_the_run(fault: str, tmp_path: Path, marker: str) -> None:
    """No case is blamed; the fault has a line of its own, with its kind, times and an example."""
    found = judge(tmp_path, marker, *judging_third(tmp_path, fault))
    assert set(found.marks.values()) == {PASS}
    assert found.status == 1
    assert [line for line in found.broken if f": {fault} (" in line and "; the first: " in line]
    assert "\\udc" not in found.output
    assert ", but the contract of the wire was broken: FAIL; " in found.output.splitlines()[-1]


@pytest.mark.parametrize("fault", every_third.ENDS)
def test_an_end_that_a_restart_heals_fails_the_run(fault: str, tmp_path: Path, marker: str) -> None:
    """A crash, a hang or closed output that no request brings about alone is told as that."""
    limit = ("--timeout", "0.5") if fault == "hung" else ()
    found = judge(tmp_path, marker, *judging_third(tmp_path, fault, *limit))
    assert set(found.marks.values()) == {PASS}
    assert found.status == 1
    (line,) = found.broken
    assert line.startswith(f"protocol broken: {fault} (")
    assert "; the first: behind 2 answers, " in line


@pytest.mark.parametrize(
    ("how", "kind"), [("exit status 3", "ended"), ("exit status 0", ""), ("killed by SIGKILL", "")]
)
def test_a_death_behind_a_broken_reply_is_a_fault_of_its_own(how: str, kind: str) -> None:
    """Who is dropped for a reply is killed; another end was there before that."""
    process = Process(("true",), 1, None)
    reply = Broken("not JSON", breach="not-json")
    limits = TimeLimits[str](1.0, patient=False)
    fault = breach(Worker[str](process, 1), reply, how, reply.message, limits)
    process.finish()
    assert (fault.kind if fault else "") == kind
    assert fault is None or how in fault.message


def test_a_worker_that_is_recycled_behind_a_reply_breaks_nothing(
    tmp_path: Path, marker: str
) -> None:
    """An end with status 0 is its own to choose, as soon as it has answered something."""
    found = judge(tmp_path, marker, *judging_third(tmp_path, every_third.RECYCLED))
    assert (found.status, set(found.marks.values())) == (0, {PASS})
    assert "asked again, one by one: it ended (exit status 0)" in found.remarked


def test_a_crash_that_a_case_brings_about_is_its_own(tmp_path: Path, marker: str) -> None:
    """The case has the verdict, so that a known failure may excuse it."""
    excuses = tmp_path / "known"
    excuses.write_text("memory-topology-1024  it crashes\n", "utf-8")
    command = judging(tmp_path, "exits", ONE)
    at = command.index("--")
    words = (*command[:at], "--known-failures", str(excuses), *command[at:])
    found = judge(tmp_path, marker, *words)
    assert (found.status, found.broken) == (0, [])
    assert found.marks["memory-topology-1024"] == ERROR


def test_faults_may_be_tolerated(tmp_path: Path, marker: str) -> None:
    """They are told all the same."""
    words = judging_third(tmp_path, "nul", "--tolerate-protocol-faults")
    found = judge(tmp_path, marker, *words)
    assert (found.status, set(found.marks.values())) == (0, {PASS})
    assert "protocol broken, tolerated: nul (" in found.output
    assert "FAIL" not in found.output
    assert found.results["implementation"]["tolerates_protocol_faults"]


def test_text_on_standard_output_is_told_with_the_remedy(tmp_path: Path, marker: str) -> None:
    """Logging is the commonest of all mistakes: the first line is shown, and where logs belong."""
    (line,) = judge(tmp_path, marker, *judging_third(tmp_path, "not-json")).broken
    assert "write logs, banners and debug prints to stderr" in line
    assert line.endswith("the first: INFO answering")


def test_text_before_every_reply_is_one_failure_with_its_cause(tmp_path: Path) -> None:
    """However many cases it costs: the line, the remedy, and no rule that would be to blame."""
    program = tmp_path / "debugging.py"
    program.write_text(DEBUGGING, "utf-8")
    words = (*COMMAND, "--select", "memory-*", "--select", "limits-*", "--select", "block-*")
    run = subprocess.run(
        [*words, "--", *PYTHON, str(program)], capture_output=True, text=True, check=False
    )
    assert run.returncode == 1
    assert run.stdout.count("\nERROR ") == 1
    cause = run.stdout.partition("\nERROR ")[2].partition("again: ")[0]
    assert "write logs, banners and debug prints to stderr; its line: debug: " in cause
    assert " more, the reply breaks the contract of the wire: not-json: " in cause


DEBUGGING = """
import sys
from acrn_conformance.cases import KATA_1
from acrn_conformance.oracle import replying
reply = replying(KATA_1)
for line in sys.stdin.buffer:
    sys.stdout.buffer.write(b"debug: asked\\n" + reply(line))
    sys.stdout.buffer.flush()
"""


def test_replies_that_are_not_flushed_are_told_as_that(tmp_path: Path, marker: str) -> None:
    """Nothing comes, and the same process answers at the end of its input: one time limit."""
    words = judging(tmp_path, "answers-at-the-end", mode=STREAM, timeout=0.2)
    found = judge(tmp_path, marker, *words)
    assert (found.status, set(found.marks.values())) == (1, {TIMEOUT})
    (message,) = {case["message"] for case in found.results["cases"]}
    assert "only when its input ends: not flushed" in message
    assert "flush=True" in message


def test_a_program_that_is_killed_for_its_silence_is_not_told_to_flush(
    tmp_path: Path, marker: str
) -> None:
    """A program that says nothing when its input ends has another fault; its limit is named."""
    silent = (sys.executable, "-c", "import sys; sys.stdin.read()")
    json = ("--json", str(tmp_path / "results.json"))
    words = (*COMMAND, "--timeout", "0.2", "--select", "limits-*", *json, "--", *silent)
    found = judge(tmp_path, marker, *words)
    assert set(found.marks.values()) == {TIMEOUT}
    assert "start: no answer within 1 s (5 x --timeout)" in found.remarked
    assert "flush" not in found.output


def test_second_answers_by_chance_cost_a_few_starts_however_many_they_are(
    tmp_path: Path, marker: str
) -> None:
    """Where asking again has healed some, one that repeats the right answer is but counted."""
    words = judging_third(tmp_path, "answered-twice", "--select", "argv-*")
    found = judge(tmp_path, marker, *words)
    assert (found.status, set(found.marks.values())) == (1, {PASS})
    (fault,) = found.results["faults"]
    assert fault["times"] > len(found.marks) // 4
    assert sum(found.results["ended"]["endings"].values()) < 30
