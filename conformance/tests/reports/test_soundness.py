"""A results file is believed where it can be true: what it says of its cases is counted anew."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from implementations import acrn_conformance, wrong

from acrn_conformance.reports import results_file


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Judge two cases, one of which fails, and one that is not claimed; return the file."""
    path = tmp_path_factory.mktemp("judged") / "results.json"
    telling = "told = answers._describe(KATA_1)"
    says = "{**told, 'methods': ('limits', 'paths')}"
    command = wrong(
        f"{telling}; answers._describe = lambda _: {says}; answers.ACRN_DM = '/bin/acrn-dm'"
    )
    words = ("--select", "limits-fixed", "--select", "paths-fixed", "--select", "capabilities-*")
    run = acrn_conformance("run", *words, "--json", str(path), "--", *command)
    assert run.returncode == 1
    return path.read_bytes()


def falsified(judged: bytes, change: Callable[[Any], object]) -> bytes:
    found = json.loads(judged)
    cases = {case["id"]: case for case in found["cases"]}
    change({**found, "of": cases})
    return json.dumps(found).encode()


HUGE = 10**300

CONTRADICTIONS: dict[str, Callable[[Any], object]] = {
    "it says that it has passed": lambda r: r["ended"].update(passed=True),
    "the sums at its end": lambda r: r["ended"]["summary"].update({"pass": 2, "fail": 0}),
    "are not those of its cases": lambda r: r["ended"].update(excused=0),
    "cases not judged": lambda r: r["ended"].update(not_judged=7),
    "is pass, and what came a fail": lambda r: r["of"]["paths-fixed"].update(verdict="pass"),
    "is fail, and what came a pass": lambda r: r["of"]["paths-fixed"].update(got=None),
    "is excused, and was asked": lambda r: r["of"]["limits-fixed"].update(excused=True),
    "the groups and their cases": lambda r: r["groups"].clear(),
    "their cases do not agree": lambda r: r["of"]["paths-fixed"].update(group=5),
    "stands there twice": lambda r: r["cases"].append(r["cases"][0]),
    "`float` >= 0": lambda r: r["ended"].update(seconds=-1.5),
    "`float` <= 1000000000": lambda r: r["cases"][0].update(seconds=1e300),
    "`int` <= 9007199254740992": lambda r: r["implementation"].update(jobs=HUGE),
    "`int` >= 0": lambda r: r["ended"]["endings"].update({"exit status 0": -1}),
    "`int` >= 1": lambda r: r["faults"].append(
        {"kind": "x", "message": "x", "example": "x", "times": 0}
    ),
}


@pytest.mark.parametrize("said", CONTRADICTIONS)
def test_what_contradicts_itself_is_refused(said: str, judged: bytes, tmp_path: Path) -> None:
    """The text says what cannot be true."""
    path = tmp_path / "results.json"
    path.write_bytes(falsified(judged, CONTRADICTIONS[said]))
    with pytest.raises(results_file.ResultsError) as refused:
        results_file.read(path)
    assert said in str(refused.value)


@pytest.mark.parametrize("number", [b"NaN", b"1e400", b"Infinity", b"-1"])
def test_a_number_that_is_none_is_refused_in_a_line(
    number: bytes, judged: bytes, tmp_path: Path
) -> None:
    """Exit status 2, whatever is asked of the file."""
    path = tmp_path / "results.json"
    head, seconds, tail = judged.rpartition(b'"seconds":')
    path.write_bytes(head + seconds + number + b"," + tail.partition(b",")[2])
    run = acrn_conformance("report", str(path), "--junit", str(tmp_path / "junit.xml"))
    assert (run.returncode, run.stdout, run.stderr.count("\n")) == (2, "", 1)
    assert [each.name for each in tmp_path.iterdir()] == ["results.json"]


def test_what_a_run_has_written_is_believed(judged: bytes, tmp_path: Path) -> None:
    """The file that all others here are made of."""
    path = tmp_path / "results.json"
    path.write_bytes(falsified(judged, lambda _: None))
    assert len(results_file.read(path).cases) == 4
