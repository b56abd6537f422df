"""What a search is told: wrong options, places that cannot be written, parts."""

import json
import subprocess
from itertools import islice
from pathlib import Path

import pytest
from implementations import COMMAND, PYTHON, claiming
from searched import fuzz

from acrn_conformance.cases import KATA_1
from acrn_conformance.search.fuzz import Limits, dealt


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--", "/nonexistent/adapter"), "cannot execute /nonexistent/adapter"),
        (("--", "false"), "cannot be started"),
        (("--database", "/dev/null"), "--database /dev/null: "),
        (("--database", "/proc/self"), "--database /proc/self: not writable"),
        (("--exhaustive", "1", "--shard", "3/2"), "is not I/K with I from 1 to K"),
        (("--exhaustive", "1", "--shard", "0/2"), "is not I/K"),
        (("--shard", "1/2"), "--shard is a part of one search; give all of them the same --seed"),
        (("--exhaustive", "99"), "is not a number from 0 to 6"),
        (("--examples", "0"), "is not a number from 1"),
        (("--seed", "x"), "is not a number from 0"),
        (("--examples", "5", "--", *claiming("limits")), "claims no method"),
        (("--exhaustive", "1", "--", *claiming("limits")), "does not claim argv"),
    ],
)
def test_unusable_input_is_said_in_a_line(
    tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    """Exit status 2, the reason and the remedy, nothing left behind."""
    run = fuzz(*words, cwd=tmp_path)
    assert run.returncode == 2, run.stdout
    assert message in run.stderr
    assert "Traceback" not in run.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--output", "/nonexistent/c.json"), "not writable"),
        (("--output", "/"), "not writable"),
        (("--exhaustive", "1", "--seed", "3"), "leave out --seed"),
    ],
)
def test_nothing_is_searched_whose_finding_could_not_be_kept(
    tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    """A place to write and options that mean nothing are looked at first."""
    run = fuzz(*words, cwd=tmp_path)
    assert run.returncode == 2
    assert message in run.stderr
    assert run.stdout == ""


MALFORMED = """
[{"id": "x", "title": "t", "rule": "r", "level": "required", "expect": {"refused": true},
  "request": {"method": "argv", "params": {"config": {"devices": 7}}}}]
"""


@pytest.mark.parametrize(
    ("held", "said"), [("{}", "passed over: "), (MALFORMED, "config.devices: expected an array")]
)
def test_a_database_that_holds_something_else_is_said_in_a_line(
    tmp_path: Path, held: str, said: str
) -> None:
    """A file there that is no case file, or asks what is not legal, is named and passed over."""
    (tmp_path / "found-x.json").write_text(held, "utf-8")
    run = fuzz("--examples", "10", "--database", ".", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert "found-x.json" in run.stderr
    assert said in run.stderr
    assert run.stderr.count("\n") == 1


def test_a_case_file_that_cannot_be_read_is_said_in_a_line(tmp_path: Path) -> None:
    """The file is named, and what is wrong with it."""
    (tmp_path / "c.json").write_text('[{"id": 1}]', "utf-8")
    for path, message in (("c.json", "$[0].id"), ("none.json", "No such file")):
        words = [*COMMAND, "run", "--cases", path]
        run = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert run.returncode == 2
        assert message in run.stderr


def test_a_shard_of_a_search_asks_its_part_of_the_odd_values(tmp_path: Path) -> None:
    """It says which part it is; every second request is one of its odd values."""
    (tmp_path / "noting.py").write_text(NOTING, "utf-8")
    words = ("--seed", "5", "--shard", "2/3", "--examples", "100")
    run = fuzz(*words, "--", *PYTHON, "noting.py", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith("searching in kata-1, seed 5, part 2 of 3\n")
    asked = [json.loads(line) for line in (tmp_path / "asked").read_bytes().splitlines()]
    first = dealt(KATA_1, Limits(1, 1.0, seed=5, part=2, parts=3))
    params = [each["params"] for each in asked if each["method"] != "describe"][::2]
    assert len(params) >= 50
    assert params == [request.params for request in islice(first, len(params))]


NOTING = """
import sys
from acrn_conformance.cases import KATA_1
from acrn_conformance.oracle import replying
reply = replying(KATA_1)
with open("asked", "ab") as asked:
    for line in sys.stdin.buffer:
        asked.write(line)
        asked.flush()
        sys.stdout.buffer.write(reply(line))
        sys.stdout.buffer.flush()
"""
