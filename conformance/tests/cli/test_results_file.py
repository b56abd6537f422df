"""The results file: written while judging, of use cut off anywhere, gone on from, divided."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import every_third
import pytest
from implementations import PYTHON, acrn_conformance, wrong

from acrn_conformance.implementation import ProtocolFault
from acrn_conformance.reports import results_file

COMMAND = (sys.executable, "-m", "acrn_conformance", "run")
FEW = ("--select", "limits-*", "--select", "paths-*", "--select", "memory-topology-1*")
LEAVING_2_OUT = wrong("arch.ACRN_DM = answers.ACRN_DM = '/bin/acrn-dm'")
SLOW = wrong(
    "import time; real = answers._memory_topology; "
    "answers._ANSWERS = {**answers._ANSWERS, "
    "'memory_topology': lambda params: (time.sleep(0.1), real(params))[1]}"
)


def results(path: Path) -> Any:
    return json.loads(path.read_bytes())


def verdicts(path: Path) -> dict[str, str]:
    return {case["id"]: case["verdict"] for case in results(path)["cases"]}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Judge a few cases of an implementation that fails one of them; return the results file."""
    path = tmp_path_factory.mktemp("whole") / "results.json"
    run = acrn_conformance("run", *FEW, "--json", str(path), "--", *LEAVING_2_OUT)
    assert run.returncode == 1
    return path


def test_a_file_cut_off_anywhere_holds_its_whole_lines(whole: Path, tmp_path: Path) -> None:
    """What is read is a beginning of what was judged; without its first line it is no such file."""
    content = whole.read_bytes()
    ids = list(verdicts(whole))
    cut = tmp_path / "cut.json"
    first = content.index(b"\n")
    for size in range(first, len(content) - 2):
        cut.write_bytes(content[:size])
        found = results_file.read(cut)
        kept = [case.id for case in found.cases]
        assert kept == ids[: len(kept)]
        assert found.ended is None
        assert content[:size].count(b"\n") - 1 <= len(kept) or content[:size].count(b"\n]")
    for size in range(0, first, 97):
        cut.write_bytes(content[:size])
        with pytest.raises(results_file.ResultsError, match="first line is not whole"):
            results_file.read(cut)


def test_what_is_missing_is_judged_and_the_rest_is_not(whole: Path, tmp_path: Path) -> None:
    """A run goes on from the lines that are there, and comes to the same verdicts."""
    cut = tmp_path / "results.json"
    cut.write_bytes(b"\n".join(whole.read_bytes().split(b"\n")[:4]) + b'\n{"id":"lim')
    trace = tmp_path / "trace.jsonl"
    run = acrn_conformance(
        "run", *FEW, "--resume", str(cut), "--trace", str(trace), "--", *LEAVING_2_OUT
    )
    assert run.returncode == 1
    assert "note: 3 verdicts of the earlier run" in run.stdout
    assert verdicts(cut) == verdicts(whole)
    sent = [line for line in trace.read_text("utf-8").splitlines() if '"event":"sent"' in line]
    assert 1 < len(sent) < len(verdicts(whole))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((*FEW, "--", *wrong("answers._describe = lambda _: {}")), "another implementation"),
        ((*FEW, "--", *LEAVING_2_OUT, "--other"), "another implementation"),
        ((*FEW, "--shard", "1/2", "--", *LEAVING_2_OUT), "other cases"),
        ((*FEW[:2], "--", *LEAVING_2_OUT), "other cases"),
        (("--", *LEAVING_2_OUT), "other cases"),
        ((*FEW, "--json", "x.json", "--", *LEAVING_2_OUT), "leave out --json"),
    ],
)
def test_results_of_another_run_are_not_gone_on_from(
    words: tuple[str, ...], said: str, whole: Path, tmp_path: Path
) -> None:
    """One line says what differs, and the file stays as it is."""
    kept = tmp_path / "results.json"
    kept.write_bytes(whole.read_bytes())
    run = acrn_conformance("run", "--resume", str(kept), *words)
    assert run.returncode == 2
    assert said in run.stderr
    assert run.stderr.count("\n") == 1
    assert kept.read_bytes() == whole.read_bytes()


def test_shards_are_the_whole(whole: Path, tmp_path: Path) -> None:
    """Each case is in just one of the parts."""
    found: dict[str, str] = {}
    for part in (1, 2, 3):
        path = tmp_path / f"{part}.json"
        words = ("--shard", f"{part}/3", "--json", str(path))
        acrn_conformance("run", *FEW, *words, "--", *LEAVING_2_OUT)
        assert results(path)["shard"] == f"{part}/3"
        assert not found.keys() & verdicts(path).keys()
        found |= verdicts(path)
    assert found == verdicts(whole)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_run_that_is_ended_early_loses_no_verdict(number: signal.Signals, tmp_path: Path) -> None:
    """The file holds what was judged; but for SIGKILL the report does as well."""
    path = tmp_path / "results.json"
    words = (*COMMAND, "--select", "memory-topology-*", "--json", str(path), "--", *SLOW)
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        until = time.monotonic() + 60
        while not path.exists() or path.read_bytes().count(b"\n") < 4:
            assert time.monotonic() < until
            time.sleep(0.02)
        run.send_signal(number)
        said, _ = run.communicate()
    found = results_file.read(path)
    assert found.ended is None
    assert 3 <= len(found.cases) < found.selected
    if number is not signal.SIGKILL:
        assert run.returncode == 128 + number
        assert f"{found.selected - len(found.cases)} not judged, interrupted" in said
        assert results(path)["ended"] is None
    assert [each.name for each in tmp_path.iterdir()] == ["results.json"]


def test_a_fault_outlives_the_run_that_met_it(tmp_path: Path) -> None:
    """What an interrupted run has told of the protocol fails the one that goes on from it."""
    path = tmp_path / "results.json"
    command = (*PYTHON, every_third.__file__, "nul")
    words = ("--select", "limits-*", "--select", "paths-*", "--select", "capabilities-*")
    run = acrn_conformance("run", *words, "--json", str(path), "--", *command)
    assert run.returncode == 1
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-2]))  # one case is left: no third reply, and so no fault
    run = acrn_conformance("run", *words, "--resume", str(path), "--", *command)
    assert (run.returncode, "protocol broken: nul (" in run.stdout) == (1, True)


def test_a_fault_is_in_the_file_as_soon_as_it_is_met(whole: Path, tmp_path: Path) -> None:
    """Not even a run that is killed takes it along."""
    path = tmp_path / "results.json"
    growing = results_file.GrowingResults(path, results_file.read(whole))
    case, *_ = results_file.read(whole).cases
    growing.judged(case)
    growing.faulted(ProtocolFault("nul", "a NUL", "x"))
    growing.withdrawn(case.id)
    growing.close()
    found = results_file.read(path)
    assert (found.cases, found.faults) == ((), (ProtocolFault("nul", "a NUL", "x"),))


def test_a_shard_with_a_newline_is_none(whole: Path, tmp_path: Path) -> None:
    """Beside the shard that it looks like it would pass for the one that is missing."""
    path = tmp_path / "results.json"
    path.write_text(json.dumps({**results(whole), "shard": "1/2\n"}), "utf-8")
    with pytest.raises(results_file.ResultsError, match="there is no shard"):
        results_file.read(path)


def test_standard_output_may_have_the_results_alone() -> None:
    """With - there is no report beside them."""
    run = acrn_conformance("run", *FEW, "--json", "-")
    assert json.loads(run.stdout)["ended"]["passed"]


def test_a_disk_that_is_full_takes_no_report_away() -> None:
    """The report comes first, then a line on the file; the exit status says that it is missing."""
    run = acrn_conformance("run", *FEW, "--json", "/dev/full")
    assert run.returncode == 2
    assert "passed" in run.stdout
    assert run.stderr.startswith("acrn-conformance: --json /dev/full: No space left")
