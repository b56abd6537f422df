"""The search finds what is wrong, makes it small, and leaves alone what is right."""

import json
import subprocess
from pathlib import Path

import pytest
from implementations import ARGV_ALONE, COMMAND, SERVE, wrong
from searched import fuzz

from acrn_conformance import oracle
from acrn_conformance.cases import KATA_1, Request


def faulty(where: str, fault: str) -> tuple[str, ...]:
    """Return the command of a reference with a fault in the argv of some block devices."""
    return wrong(
        f"{ARGV_ALONE}; old = devices.Block.params; "
        "devices.Block.params = lambda self, slot: old(self, slot)"
        f" if not ({where}) else {fault}"
    )


RARE = "self.index == 8 and ',' in self.file_path and slot > 30"


def test_the_reference_survives(tmp_path: Path) -> None:
    """No false alarm; the seed and what was covered are said."""
    run = fuzz("--examples", "3000", "--seed", "7", "--", *SERVE, cwd=tmp_path)
    assert run.returncode == 0, run.stdout
    assert run.stdout.startswith("searching in kata-1, seed 7\n")
    assert " requests judged: " in run.stdout
    assert "pairs of neighbouring kinds" in run.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_rare_fault_is_found_small_and_can_be_replayed(tmp_path: Path) -> None:
    """Three conditions at once: the case that is left has nothing that does not matter."""
    command = faulty(RARE, "('-s', 'x')")
    run = fuzz(
        "--examples", "60000", "--seed", "1", "--output", "c.json", "--", *command, cwd=tmp_path
    )
    assert run.returncode == 1
    assert "  + x" in run.stdout.splitlines()
    (case,) = json.loads((tmp_path / "c.json").read_text("utf-8"))
    devices = case["request"]["params"]["config"]["devices"]
    assert len(devices) <= 32
    assert devices[-1] == {"kind": "block", "file_path": ",", "index": 8}
    for command_, status in ((command, 1), (SERVE, 0)):
        words = [*COMMAND, "run", "--cases", "c.json", "--", *command_]
        assert (
            subprocess.run(words, cwd=tmp_path, capture_output=True, check=False).returncode
            == status
        )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("__import__('os')._exit(5)", "ERROR found-"),
        ("__import__('time').sleep(60)", "TIMEOUT found-"),
    ],
)
def test_a_crash_or_a_hang_is_a_finding_too(tmp_path: Path, fault: str, said: str) -> None:
    """It is made smaller like any other."""
    command = faulty("self.index == 8", fault)
    words = ("--examples", "60000", "--seed", "1", "--timeout", "0.5", "--output", "c.json")
    run = fuzz(*words, "--", *command, cwd=tmp_path)
    assert run.returncode == 1
    assert said in run.stdout
    (case,) = json.loads((tmp_path / "c.json").read_text("utf-8"))
    (device,) = case["request"]["params"]["config"]["devices"]
    assert device == {"kind": "block", "file_path": "/", "index": 8}


def test_a_death_that_no_request_is_to_blame_for_is_the_implementations(tmp_path: Path) -> None:
    """One that dies after so many requests fails none of them; the search fails all the same."""
    command = wrong(
        "import os; from itertools import count; asked = count(); "
        "answer = replying(KATA_1); replying = lambda _: lambda line: "
        "answer(line) if next(asked) < 200 else os._exit(3)"
    )
    words = ("--examples", "500", "--seed", "7", "--json", "r.json")
    run = fuzz(*words, "--", *command, cwd=tmp_path)
    assert run.returncode == 1, run.stdout
    told = "it ended (exit status 3) before it answered"
    assert f"protocol broken: ended (2x): {told}; the first: behind " in run.stdout
    (fault,) = json.loads((tmp_path / "r.json").read_bytes())["faults"]
    assert (fault["kind"], fault["message"]) == ("ended", told)


@pytest.mark.slow
def test_what_was_found_is_tried_first_the_next_time(tmp_path: Path) -> None:
    """A database folder remembers."""
    command = faulty("self.index == 8 and ',' in self.file_path", "('-s', 'x')")
    words = ("--examples", "60000", "--database", "found", "--output", "c.json", "--", *command)
    first = fuzz("--seed", "1", *words, cwd=tmp_path)
    again = fuzz("--seed", "99", *words, cwd=tmp_path)
    assert first.returncode == again.returncode == 1

    def judged(text: str) -> int:
        line = next(line for line in text.splitlines() if " requests judged: " in line)
        return int(line.split()[0].replace(",", ""))

    assert judged(again.stdout) < judged(first.stdout)


def test_what_is_left_is_legal_on_the_wire(tmp_path: Path) -> None:
    """Making it smaller never makes a request malformed."""
    fault = "answers.POOL_SIZE = 9; from acrn_arch import sandbox; sandbox.POOL_SIZE = 9"
    line = f"{fault}; answers.POOL_SIZE = 8"
    words = ("--examples", "20000", "--seed", "3", "--output", "c.json")
    run = fuzz(*words, "--", *wrong(line), cwd=tmp_path)
    assert run.returncode == 1
    (case,) = json.loads((tmp_path / "c.json").read_text("utf-8"))
    oracle.expected(KATA_1, Request(case["request"]["method"], case["request"]["params"]))


def test_a_comma_in_one_form_of_one_device_is_soon_found(tmp_path: Path) -> None:
    """Every form of a device comes with a comma in each of its texts."""
    lost = "[text.replace(',', '') for text in old(self, slot)]"
    line = (
        "old = devices.Console.params; devices.Console.params = lambda self, slot: "
        f"{lost} if self.backend == 'file' and ',' in self.path else old(self, slot)"
    )
    words = ("--examples", "20000", "--seed", "7", "--output", "c.json")
    run = fuzz(*words, "--", *wrong(line), cwd=tmp_path)
    assert run.returncode == 1, run.stdout
    assert "virtio-console,file:" in run.stdout
