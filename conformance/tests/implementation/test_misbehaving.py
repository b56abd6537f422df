"""An implementation that misbehaves costs its own cases, never the run."""

import json
import os
import re
import select
import shlex
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest
from implementations import PYTHON

from acrn_conformance.cases import Selection, golden

PROGRAM = Path(__file__).parents[1] / "misbehaving.py"
COMMAND = (sys.executable, "-m", "acrn_conformance", "run")

CASES = ("memory-topology-512", "memory-topology-1024", "limits-fixed")
ONE = '"memory_mb":1024}'
"""A trigger in the line of one of the cases; it stands between the others."""
MEMORY = '"method":"memory_topology"'
DESCRIBE = '"method":"describe"'
EVERY = ""

STREAM, EXEC = "stream", "exec"
ANY = (STREAM,)
"""The mode of behaviours that cannot matter to processes: only a reply's text is odd."""
PASS, FAIL, ERROR, TIMEOUT, UNSUPPORTED = "pass", "fail", "error", "timeout", "unsupported"

MOST_MEMORY = 200 << 10
"""KiB that the runner may ever occupy; it takes about 45 MiB with a good implementation."""
MOST_OUTPUT = 100_000
"""Characters that a report on so few cases may have."""
ACTED_UPON = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""What a terminal acts upon, but for the newline."""
TOO_LONG = 30.0
"""Seconds after which a run counts as hanging."""


class Run(NamedTuple):
    """What came of a run of the command."""

    status: int
    output: str
    errors: str
    results: dict[str, Any]
    peak: int

    @property
    def marks(self) -> dict[str, str]:
        return {case["id"]: case["verdict"] for case in self.results["cases"]}

    @property
    def remarked(self) -> str:
        """All that is said about the implementation: messages and remarks."""
        messages = [case.get("message", "") for case in self.results["cases"]]
        return "\n".join([*messages, *self.results["remarks"]])


@pytest.fixture
def marker() -> Iterator[str]:
    """Mark the processes of a test, and end those that it leaves when it fails."""
    name = f"MISBEHAVING_{uuid.uuid4().hex}"
    yield name
    for pid in marked(name):
        os.kill(pid, signal.SIGKILL)


def marked(marker: str) -> list[int]:
    """Return the living processes that have the marker in their environment."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                if marker.encode() in (folder / "environ").read_bytes():
                    found.append(int(folder.name))
            except OSError:
                continue
    return found


def wait_until(true: Callable[[], bool], seconds: float = 10.0) -> bool:
    end = time.monotonic() + seconds
    while not (holds := true()) and time.monotonic() < end:
        time.sleep(0.01)
    return holds


def peak_of(pid: int) -> int:
    """Return the most memory in KiB that a process has occupied so far, 0 when it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) if found else 0


def judge(
    folder: Path,
    marker: str,
    *words: str | bytes,
    variables: Mapping[str, str] | None = None,
    too_long: float = TOO_LONG,
) -> Run:
    """Run a command that judges, to its end, and check what holds for every run."""
    files = folder / "output", folder / "errors"
    environment = {**os.environ, marker: "1", **(variables or {})}
    with files[0].open("wb") as output, files[1].open("wb") as errors:
        process = subprocess.Popen(words, stdout=output, stderr=errors, env=environment)
    peak, end = 0, time.monotonic() + too_long
    exited = os.pidfd_open(process.pid)
    try:
        while not select.select([exited], [], [], 0.02)[0]:
            peak = max(peak, peak_of(process.pid))
            if time.monotonic() > end:
                pytest.fail(f"the run has not ended within {too_long} s")
    finally:
        os.close(exited)
        process.kill()
        status = process.wait()
    output_text, errors_text = (file.read_text("utf-8") for file in files)
    assert "Traceback" not in output_text + errors_text
    assert not ACTED_UPON.search(output_text + errors_text)
    assert marked(marker) == []
    results_file = folder / "results.json"
    results = json.loads(results_file.read_bytes()) if results_file.exists() else {}
    return Run(status, output_text, errors_text, results, peak)


def judging(
    folder: Path,
    behaviour: str,
    trigger: str = EVERY,
    *,
    mode: str = STREAM,
    cases: tuple[str, ...] = CASES,
    timeout: float = 10,
    jobs: int = 0,
) -> tuple[str, ...]:
    """Return the command that judges a misbehaving implementation."""
    options = ["--mode", mode, "--timeout", str(timeout), "--json", str(folder / "results.json")]
    options += ["--jobs", str(jobs)] if jobs else []
    for case in cases:
        options += ["--select", case]
    return (*COMMAND, *options, "--", *PYTHON, str(PROGRAM), behaviour, trigger)


@cache
def request_lines(globs: tuple[str, ...]) -> Mapping[str, str]:
    """Return the requests of the chosen cases as the implementation reads them."""
    chosen = Selection(globs).of(golden.load(golden.folder()).cases())
    return {case.id: msgspec.json.encode(case.request).decode() for case in chosen}


class Trial(NamedTuple):
    """What must come of a behaviour.

    ``hit``: the verdict on the cases whose request has the trigger, ``rest`` on all others; where
    several will do, they are joined by ``|``. ``says``: what must be told, in a message or in a
    remark. ``timeout`` in seconds.
    """

    behaviour: str
    rule: str
    hit: str = PASS
    rest: str = PASS
    says: str = ""
    trigger: str = ONE
    modes: tuple[str, ...] = (STREAM, EXEC)
    timeout: float = 10
    slow: bool = False


HANG = 0.5
"""A time limit to be waited out; a restarted program gets more."""
NEVER = 0.1
"""One for a program that never answers anything."""

ENDS = [
    Trial("exits", "a program that exits on a request", ERROR, says="exit status 7"),
    Trial("exits", "what a program says before it exits", ERROR, says="fatal: cannot go on"),
    Trial("exits-half-way", "a program that exits within a reply", ERROR, says="its line: {"),
    Trial(
        "exits-behind-a-child", "a dead program whose child holds its pipes", ERROR, says="ended"
    ),
    Trial("sigkill", "a program killed by SIGKILL", ERROR, says="killed by SIGKILL"),
    Trial("sigsegv", "a program killed by SIGSEGV", ERROR, says="killed by SIGSEGV"),
    Trial("sigpipe", "a program killed by SIGPIPE", ERROR, says="killed by SIGPIPE", modes=ANY),
    Trial(
        "real-time-signal",
        "a program killed by a nameless signal",
        ERROR,
        says="killed by",
        modes=ANY,
    ),
    Trial("exits", "a program that exits on a method", ERROR, trigger=MEMORY),
    Trial("exits-after", "a program that exits after each reply", trigger=EVERY),
    Trial("exits-after", "a program that exits after one reply"),
]

SILENCE = [
    Trial("hangs", "a program that hangs on a request", TIMEOUT, says="--timeout", timeout=HANG),
    Trial("hangs", "a program that hangs on a method", TIMEOUT, trigger=MEMORY, timeout=HANG),
    Trial("hangs-and-ignores-term", "one that ignores TERM then", TIMEOUT, timeout=HANG),
    Trial("hangs-half-way", "a program that hangs within a reply", TIMEOUT, timeout=HANG),
    Trial("hangs-with-a-daemon", "one with a daemon on its pipes", TIMEOUT, timeout=HANG),
    Trial("drips-for-ever", "a reply that never gets complete", TIMEOUT, timeout=HANG),
    Trial("sigstop", "a program that stops itself", TIMEOUT, timeout=HANG),
    Trial("silent", "a request that is passed over", TIMEOUT, modes=(STREAM,), timeout=HANG),
    Trial("silent", "a request that is passed over", ERROR, says="exit status 0", modes=(EXEC,)),
    Trial("hangs-after-three", "a program that hangs after three replies", timeout=HANG),
    Trial("without-newline", "a last reply without a newline", modes=(EXEC,)),
    Trial(
        "without-newline",
        "a reply without a newline",
        "timeout|error",
        modes=(STREAM,),
        timeout=HANG,
    ),
    Trial("answers-at-the-end", "replies at the end of the input", trigger=EVERY, modes=(EXEC,)),
    *(
        Trial(
            name,
            rule,
            TIMEOUT,
            says="no answer within",
            trigger=EVERY,
            modes=modes,
            timeout=NEVER,
            slow=True,
        )
        for name, rule, modes in (
            ("hangs-at-start", "a program that hangs at its start", (STREAM, EXEC)),
            ("never-reads", "a program that never reads", (STREAM, EXEC)),
            ("answers-at-the-end", "replies that are never flushed", (STREAM,)),
        )
    ),
    Trial("closes-stdout", "a program that closes its output", ERROR, says="output", slow=True),
]

GARBAGE = [
    Trial("garbage", "a line that is not JSON", ERROR, says="panic: "),
    Trial("garbage-before", "a line of garbage before the reply", ERROR, says="computing..."),
    Trial("garbage-after", "garbage after a reply", ERROR, says="done", modes=(EXEC,)),
    Trial("garbage-after", "garbage after a reply", "pass|error", says="done", modes=(STREAM,)),
    Trial("garbage-when-idle", "garbage between two replies", ERROR, says="bye", modes=(EXEC,)),
    Trial(
        "garbage-when-idle",
        "garbage between two replies",
        "pass|error",
        says="bye",
        modes=(STREAM,),
    ),
    Trial("banner", "a banner before the first reply", ERROR, ERROR, says="Welcome"),
    Trial("batch", "a JSON-RPC batch", ERROR, says="got `array`", modes=ANY),
    Trial("notification", "a notification", ERROR, says="id", modes=ANY),
    Trial("echo", "an echo of the request", ERROR, modes=ANY),
    Trial("two-on-a-line", "two replies on a line", ERROR, says="trailing characters", modes=ANY),
    Trial("nul", "a NUL byte before a reply", ERROR, says="\\x00", modes=ANY),
    Trial("byte-order-mark", "a byte order mark", ERROR, says="\\ufeff", modes=ANY),
    Trial("invalid-utf-8", "a result that is not UTF-8", ERROR, says="not UTF-8"),
    Trial(
        "invalid-utf-8-aside",
        "an unknown field that is not UTF-8",
        ERROR,
        says="not UTF-8",
        modes=ANY,
    ),
    Trial("result-nan", "NaN", ERROR, says="not JSON", modes=ANY),
    Trial("result-infinity", "an infinite number", ERROR, says="not JSON", modes=ANY),
    Trial("result-1e999", "a number beyond all range", ERROR, says="out of range", modes=ANY),
    Trial(
        "result-endless-number",
        "an integer of 100,000 digits",
        ERROR,
        says="out of range",
        modes=ANY,
    ),
    Trial(
        "result-lone-surrogate",
        "an escaped lone surrogate",
        ERROR,
        says="lone surrogate",
        modes=ANY,
    ),
    Trial("nested-100000", "100,000 brackets", ERROR, says="nested too deeply"),
    Trial("long-line", "a line of 20 MiB", ERROR, says="longer than"),
    Trial("endless-line", "a line without end", ERROR, says="longer than"),
    Trial("endless-replies", "replies without end to nothing asked", ERROR, says="987654321"),
]

PROTOCOL = [
    Trial("wrong-id", "an id never asked", ERROR, says="987654321"),
    Trial("next-id", "the id of the next request", "error|timeout", timeout=HANG),
    Trial("previous-id", "the id of the request before", "error|timeout", timeout=HANG),
    Trial("string-id", "an id as a string", ERROR, says="$.id", modes=ANY),
    Trial("float-id", "an id as a fraction", ERROR, says="$.id", modes=ANY),
    Trial("huge-id", "an id of 61 digits", ERROR, says="no open request", modes=ANY),
    Trial("null-id", "an id that is null", ERROR, says="no id", modes=ANY),
    Trial("no-id", "a reply without an id", ERROR, says="`id`", modes=ANY),
    Trial("twice", "a request answered twice", ERROR, says="twice"),
    Trial("duplicate-later", "a second answer later on", ERROR, says="twice"),
    Trial(
        "endless-duplicates", "answers without end", ERROR, says="twice", timeout=HANG, slow=True
    ),
    Trial("no-version", "a reply without jsonrpc", ERROR, says="jsonrpc", modes=ANY),
    Trial("version-1", "jsonrpc 1.0", ERROR, says="jsonrpc", modes=ANY),
    Trial(
        "result-and-error", "a result and an error", ERROR, says="a result and an error", modes=ANY
    ),
    Trial("neither", "neither result nor error", ERROR, says="neither", modes=ANY),
    Trial("error-text", "an error as a string", ERROR, says="$.error", modes=ANY),
    Trial("error-code-text", "an error code as a string", ERROR, says="$.error.code", modes=ANY),
    Trial(
        "error-message-null",
        "an error message that is null",
        ERROR,
        says="$.error.message",
        modes=ANY,
    ),
    Trial("answers-before-asked", "replies before the requests", "error|fail", "pass|error|fail"),
]

WRONG = [
    Trial("error-5", "a refusal of what must be answered", FAIL, says="refusal"),
    Trial("error-32000", "a refusal with -32000", FAIL, says="refusal", modes=ANY),
    Trial("error-32600", "error -32600", ERROR, says="-32600", modes=ANY),
    Trial(
        "error-32601",
        "an unsupported method that is claimed",
        UNSUPPORTED,
        says="claimed",
        modes=ANY,
    ),
    Trial("error-32602", "error -32602", ERROR, says="-32602", modes=ANY),
    Trial("error-32603", "error -32603", ERROR, says="-32603"),
    Trial("error-32700", "error -32700", ERROR, says="-32700", modes=ANY),
    Trial("error-32603-escapes", "terminal escapes in a fault", ERROR, says="-32603", modes=ANY),
    Trial("error-32603-long", "a fault of 900 KiB", ERROR, says="-32603", modes=ANY),
    Trial(
        "error-message-escapes", "terminal escapes in a refusal", FAIL, says="refusal", modes=ANY
    ),
    Trial("error-message-long", "a refusal of 900 KiB", FAIL, says="refusal", modes=ANY),
    Trial("result-array", "an array as a result", FAIL, says="got []", modes=ANY),
    Trial("result-text", "a string as a result", FAIL, says='got "4M"', modes=ANY),
    Trial("result-number", "a number as a result", FAIL, says="got 4", modes=ANY),
    Trial("result-true", "a boolean as a result", FAIL, says="got true", modes=ANY),
    Trial("result-null", "null as a result", "fail|error", says="null", modes=ANY),
    Trial(
        "result-huge-number", "an integer of 4,200 digits", FAIL, says="size: expected", modes=ANY
    ),
    Trial("result-escapes", "terminal escapes in a result", FAIL, says="size: expected", modes=ANY),
    Trial("result-nul", "a NUL character in a result", FAIL, says="size: expected", modes=ANY),
    Trial("result-many-lists", "two million lists in a result", "fail|error", slow=True, modes=ANY),
    Trial("result-many-tokens", "a million tokens in a result", "fail|error", modes=ANY),
]

ODD = [
    Trial("right", "a right implementation"),
    Trial("crlf", "CRLF line ends", trigger=EVERY),
    Trial("blank-line", "a blank line before a reply", trigger=EVERY),
    Trial("blanks-around", "blanks around a reply", trigger=EVERY, modes=ANY),
    Trial("duplicate-keys", "a member that stands twice", "pass|error", modes=ANY),
    Trial("unknown-fields", "unknown members", trigger=EVERY, modes=ANY),
    Trial("error-null", "an error that is null beside the result", trigger=EVERY, modes=ANY),
    Trial("result-padded-little", "a long unknown field in the result", trigger=EVERY, modes=ANY),
    Trial("reversed-batches", "replies in reverse order"),
    Trial("shuffled-batches", "replies in any order"),
    Trial("holds-one-back", "a reply held back until all others are there"),
    Trial("two-threads", "replies from several threads"),
    Trial("drips", "replies in single bytes", trigger=EVERY),
    Trial("floods-stderr", "50 MiB on stderr"),
    Trial("floods-stderr", "50 MiB on stderr at each request", trigger=EVERY, slow=True),
    Trial("closes-stderr", "a closed stderr"),
    Trial("closes-stdin", "a closed stdin after the last request", trigger='"method":"limits"'),
    Trial("dies-every-tenth", "a program that would die at its tenth request"),
    Trial("leaves-a-child", "a child on the pipes, in its group"),
    Trial("leaves-a-daemon", "a daemon on the pipes, in a session of its own"),
    Trial("exits-3-at-the-end", "an exit status of 3 at the end of the input"),
    Trial("ignores-the-end", "a program that ends at neither EOF nor TERM", slow=True),
    Trial("lingers", "a program that ends at TERM only", slow=True),
    Trial("serves-from-another-group", "a child in another group that serves", slow=True),
    Trial("slow-start", "a start slower than the time limit", timeout=HANG, slow=True),
]

UNUSABLE = "all methods are judged"

DESCRIPTIONS = [
    Trial("garbage", "garbage", says=UNUSABLE, trigger=DESCRIBE, modes=ANY),
    Trial("twice", "two descriptions", says="twice", trigger=DESCRIBE),
    Trial("duplicate-later", "a second description later on", trigger=DESCRIBE),
    Trial("garbage-when-idle", "garbage after the description", trigger=DESCRIBE),
    Trial("error-32601", "no description", says=UNUSABLE, trigger=DESCRIBE, modes=ANY),
    Trial("error-32603", "a fault", says=UNUSABLE, trigger=DESCRIBE, modes=ANY),
    Trial("error-5", "a refusal", says=UNUSABLE, trigger=DESCRIBE, modes=ANY),
    Trial("result-null", "null", says=UNUSABLE, trigger=DESCRIBE, modes=ANY),
    Trial("result-array", "an array", says=UNUSABLE, trigger=DESCRIBE, modes=ANY),
    Trial("next-id", "an id never asked", says=UNUSABLE, trigger=DESCRIBE, modes=ANY),
    Trial("hangs", "silence", says=UNUSABLE, trigger=DESCRIBE, timeout=0.3, slow=True),
    Trial("describe-without-methods", "no methods", says=UNUSABLE, trigger=EVERY, modes=ANY),
    Trial(
        "describe-methods-null", "methods that are null", says=UNUSABLE, trigger=EVERY, modes=ANY
    ),
    Trial("describe-name-escapes", "terminal escapes in the name", trigger=EVERY, modes=ANY),
    Trial("describe-name-long", "a name of 1 MiB", trigger=EVERY, modes=ANY),
    Trial("describe-protocol-2", "another protocol", trigger=EVERY, modes=ANY),
]


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
    assert found.errors == ""
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
    assert found.status == (trial.hit != PASS)


@pytest.mark.parametrize(("trial", "mode"), parameters(GARBAGE))
def test_garbage_costs_the_case_that_it_answers(
    trial: Trial, mode: str, tmp_path: Path, marker: str
) -> None:
    """What is no reply is an error of the request that it was written for."""
    found = check(trial, mode, tmp_path, marker)
    assert found.status == (ERROR in found.marks.values())


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
    assert check(trial, mode, tmp_path, marker).status == 0


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
    """Methods that do not exist may be claimed, and those that are not claimed are not asked."""
    found = judge(tmp_path, marker, *judging(tmp_path, "describe-claims-unknown", mode=mode))
    unclaimed = {case["id"] for case in found.results["cases"] if case.get("excused")}
    assert (found.status, unclaimed) == (0, set(CASES) - {"limits-fixed"})


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
        assert found.status == (set(found.marks.values()) != {PASS})


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
    """A program that dies at its tenth request, whichever it is, answers each of them alone."""
    words = judging(tmp_path, "dies-every-tenth", cases=("memory-topology-*",))
    found = judge(tmp_path, marker, *words)
    assert (found.status, set(found.marks.values())) == (0, {PASS})


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
    assert found.results["not_judged"] == 0


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
            assert wait_until(lambda: len(marked(marker)) == 2)
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
