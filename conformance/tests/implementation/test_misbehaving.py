"""An implementation that misbehaves costs its own cases, never the run."""

import re
from pathlib import Path

import pytest
from judged import (
    CASES,
    EXEC,
    FAIL,
    MOST_MEMORY,
    MOST_OUTPUT,
    PASS,
    STREAM,
    UNSUPPORTED,
    Run,
    judge,
    judging,
    request_lines,
)
from misbehaviours import DESCRIPTIONS, ENDS, GARBAGE, ODD, PROTOCOL, SILENCE, WRONG, Trial

pytestmark = pytest.mark.unmeasured


def parameters(trials: list[Trial]) -> list[object]:
    """Return a table as parameters, each trial in each of its modes."""
    return [
        pytest.param(
            trial,
            mode,
            id=f"{trial.rule}, {mode}",
            marks=[pytest.mark.slow] if trial.slow else [],
        )
        for trial in trials
        for mode in trial.modes
    ]


def check(trial: Trial, mode: str, folder: Path, marker: str) -> Run:
    """Judge an implementation and compare what comes of it with what must."""
    command = judging(folder, trial.behaviour, trial.trigger, mode=mode, timeout=trial.timeout)
    found = judge(folder, marker, *command)
    # A machine that is busy may take so long that progress is told.
    progress = re.compile(".*: (judging|asking again): ")
    assert all(map(progress.match, found.errors.splitlines()))
    lines = request_lines(CASES)
    due = {id_: trial.hit if trial.trigger in line else trial.rest for id_, line in lines.items()}
    got = found.marks
    wrong = {
        id_: mark for id_, mark in got.items() if mark not in due.get(id_, "nothing").split("|")
    }
    assert (wrong, set(got)) == ({}, set(due)), found.output
    assert trial.says in found.remarked
    assert found.peak < MOST_MEMORY
    assert len(found.output) < MOST_OUTPUT
    return found


@pytest.mark.parametrize(("trial", "mode"), parameters(ENDS))
def test_an_end_costs_the_case_that_brings_it(
    trial: Trial, mode: str, tmp_path: Path, marker: str
) -> None:
    """A program that dies is restarted, and only the request that kills it has the error."""
    found = check(trial, mode, tmp_path, marker)
    assert found.status == (trial.hit != PASS)


@pytest.mark.parametrize(("trial", "mode"), parameters(SILENCE))
def test_silence_costs_the_case_that_meets_it(
    trial: Trial, mode: str, tmp_path: Path, marker: str
) -> None:
    """A program that is silent is restarted, and only the unanswered request has the timeout."""
    found = check(trial, mode, tmp_path, marker)
    assert found.status == (trial.hit != PASS or bool(found.broken))


@pytest.mark.parametrize(("trial", "mode"), parameters(GARBAGE))
def test_garbage_costs_the_case_that_it_answers(
    trial: Trial, mode: str, tmp_path: Path, marker: str
) -> None:
    """What is no reply is an error of the request that it was written for, and fails the run."""
    found = check(trial, mode, tmp_path, marker)
    assert found.status == 1


@pytest.mark.parametrize(("trial", "mode"), parameters(PROTOCOL))
def test_a_breach_of_the_protocol_costs_the_case_that_meets_it(
    trial: Trial, mode: str, tmp_path: Path, marker: str
) -> None:
    """A reply that JSON-RPC forbids is an error of its request, and of no other."""
    assert check(trial, mode, tmp_path, marker).status == 1


@pytest.mark.parametrize(("trial", "mode"), parameters(WRONG))
def test_a_wrong_answer_is_told_in_a_few_lines(
    trial: Trial, mode: str, tmp_path: Path, marker: str
) -> None:
    """A wrong answer of any size and content is one verdict, shown safely and in short."""
    assert check(trial, mode, tmp_path, marker).status == 1


@pytest.mark.parametrize(("trial", "mode"), parameters(ODD))
def test_what_the_wire_allows_passes(trial: Trial, mode: str, tmp_path: Path, marker: str) -> None:
    """Odd behaviour that the wire does not forbid costs nothing."""
    found = check(trial, mode, tmp_path, marker)
    assert found.status == (set(found.marks.values()) != {PASS})


@pytest.mark.parametrize(("trial", "mode"), parameters(DESCRIPTIONS))
def test_a_bad_description_costs_no_case(
    trial: Trial, mode: str, tmp_path: Path, marker: str
) -> None:
    """Whatever is wrong with the answer to describe, no other case is blamed for it."""
    found = check(trial, mode, tmp_path, marker)
    assert (found.status, "protocol broken: " in found.output) == (trial.breach, trial.breach)


@pytest.mark.parametrize("mode", [STREAM, EXEC])
def test_describe_has_a_case_of_its_own(mode: str, tmp_path: Path, marker: str) -> None:
    """An implementation that speaks another protocol fails the case of describe."""
    words = judging(tmp_path, "describe-protocol-2", mode=mode, cases=("describe-*", "limits-*"))
    marks = judge(tmp_path, marker, *words).marks
    assert {name for name, mark in marks.items() if mark == FAIL} == {"describe-protocol"}
    assert set(marks.values()) == {PASS, FAIL}


@pytest.mark.parametrize("mode", [STREAM, EXEC])
def test_claiming_nothing_passes_nothing(mode: str, tmp_path: Path, marker: str) -> None:
    """An implementation that claims no method is asked nothing, and does not pass."""
    found = judge(tmp_path, marker, *judging(tmp_path, "describe-claims-nothing", mode=mode))
    assert (found.status, set(found.marks.values())) == (1, {UNSUPPORTED})
    assert all(case["excused"] for case in found.results["cases"])


@pytest.mark.parametrize("mode", [STREAM, EXEC])
def test_unknown_methods_are_claimed_in_vain(mode: str, tmp_path: Path, marker: str) -> None:
    """A method that does not exist is claimed by mistake; what is not claimed is not asked."""
    found = judge(tmp_path, marker, *judging(tmp_path, "describe-claims-unknown", mode=mode))
    unclaimed = {case["id"] for case in found.results["cases"] if case.get("excused")}
    assert (found.status, unclaimed) == (1, set(CASES) - {"limits-fixed"})
    assert "methods that do not exist" in found.output
