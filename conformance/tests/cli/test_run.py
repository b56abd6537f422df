"""The command as its user meets it: real processes, right and wrong implementations."""

import json
import re
import shlex
from pathlib import Path

import jsonschema
import pytest
from implementations import CASES, SERVE, acrn_conformance, wrong

from acrn_conformance.cases import golden


def test_the_built_in_reference_passes_every_case() -> None:
    """Without a command the reference is judged, through the same pipe as anybody."""
    run = acrn_conformance("run")
    assert run.returncode == 0
    assert f"{len(CASES)} cases judged: {len(CASES)} passed" in run.stdout
    assert run.stderr == ""


@pytest.mark.parametrize("mode", ["stream", "exec"])
def test_both_modes_judge_alike(mode: str) -> None:
    """The same program serves both modes."""
    run = acrn_conformance("run", "--mode", mode, "--select", "argv-pair-*", "--", *SERVE)
    assert run.returncode == 0
    assert "25 cases judged: 25 passed" in run.stdout


def test_many_processes_judge_alike() -> None:
    """Every case is judged once, whichever process it goes to."""
    run = acrn_conformance("run", "--jobs", "3", "--", *SERVE)
    assert run.returncode == 0
    assert f"{len(CASES)} cases judged: {len(CASES)} passed" in run.stdout


@pytest.mark.parametrize(
    ("line", "case"),
    [
        ("config.RESERVED_SLOT = 3", "argv-pair-block-net"),
        ("devices.Bridge.valid = lambda self: True", "device-valid-bridge-emul-empty"),
        ("devices._VALID_BACKENDS |= {'stdio'}", "argv-backend-stdio"),
        ("kernel._QUIET = (kernel.Param('quiet', '1'),)", "kernel-parameters-no-image-quiet"),
        ("answers.ACRN_DM = '/bin/acrn-dm'", "paths-fixed"),
        ("answers.MAX_VCPUS = 8.0", "limits-fixed"),
    ],
)
def test_a_wrong_implementation_fails_where_it_is_wrong(line: str, case: str) -> None:
    """One wrong line makes cases fail, and the right ones among them."""
    run = acrn_conformance("run", "--all", "--", *wrong(line))
    assert run.returncode == 1
    assert f"FAIL {case}: " in run.stdout
    assert " failed; " in run.stdout


def test_a_failure_says_all_that_is_needed() -> None:
    """Id, title, level, rule with source, token diff with the place marked, the command again."""
    params = "lambda self, slot: ('-s', f'{slot}:0,lpc', '-l', 'com1,stdio')"
    command = wrong(f"devices.Lpc.params = {params}")
    run = acrn_conformance("run", "--select", "argv-lpcs-and-disk", "--", *command)
    assert run.returncode == 1
    lines = run.stdout.splitlines()
    assert lines[2].startswith("FAIL argv-lpcs-and-disk: ")
    assert lines[3].startswith("  level required, rule lpc-text: An LPC bus is written -s and")
    assert lines[3].endswith(" (seed LPCDevice.AcrnParams 510-524)")
    assert lines[4] == '  argv[2]: expected "-lcom1,stdio", got "-l"'
    assert "  - -lcom1,stdio" in lines
    assert "  + -l" in lines
    again = next(line for line in lines if line.startswith("  again: "))
    words = shlex.split(again.removeprefix("  again: "))
    assert words[:4] == ["acrn-conformance", "run", "--select", "argv-lpcs-and-disk"]
    assert tuple(words[5:]) == command


def test_the_results_file_follows_its_schema_and_has_every_verdict(tmp_path: Path) -> None:
    """Suite, golden version and hash, the describe reply, every verdict with expected and got."""
    path = tmp_path / "results.json"
    command = wrong("devices.Block.valid = lambda self: True")
    run = acrn_conformance("run", "--json", str(path), "--", *command)
    assert run.returncode == 1
    results = json.loads(path.read_text("utf-8"))
    schema = (golden.folder() / "schema" / "results.schema.json").read_text("utf-8")
    jsonschema.validate(results, json.loads(schema))
    assert [case["id"] for case in results["cases"]] == [case.id for case in CASES]
    assert results["golden"]["sha256"] == golden.load(golden.folder()).sha256
    assert results["implementation"]["describe"]["protocol"] == 1
    assert not results["ended"]["passed"]
    failed = [case for case in results["cases"] if case["verdict"] == "fail"]
    assert results["ended"]["summary"]["fail"] == len(failed) > 0
    assert all(case["expected"] and case["got"]["type"] for case in failed)
    assert [p.name for p in tmp_path.iterdir()] == ["results.json"]


def test_results_can_go_to_a_pipe() -> None:
    """A device or a pipe takes the results as they are."""
    run = acrn_conformance("run", "--select", "limits-*", "--json", "/dev/stderr")
    assert json.loads(run.stderr)["ended"]["passed"]


def test_the_trace_holds_the_wire(tmp_path: Path) -> None:
    """Each line that went either way is in the trace, and how the process ended."""
    path = tmp_path / "trace.jsonl"
    acrn_conformance("run", "--select", "limits-fixed", "--trace", str(path))
    events = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert [e["event"] for e in events] == ["sent", "received", "sent", "received", "ended"]
    assert json.loads(events[2]["text"])["method"] == "limits"
    assert events[4]["text"] == "exit status 0"


def test_fail_fast_stops_at_the_first_failure() -> None:
    """What was not judged is said."""
    run = acrn_conformance("run", "--fail-fast", "--", *wrong("answers.ACRN_DM = '/bin/acrn-dm'"))
    assert run.returncode == 1
    assert run.stdout.count("FAIL ") == 1
    assert re.search(r"; \d+ not judged, stopped at the first failure", run.stdout)


def test_levels_choose_cases() -> None:
    """--level judges the cases of that level only."""
    quirks = sum(case.level == "quirk" for case in CASES)
    run = acrn_conformance("run", "--level", "quirk")
    assert f"{quirks} cases judged: {quirks} passed" in run.stdout


def test_a_case_can_be_left_out() -> None:
    """--deselect takes globs like --select."""
    run = acrn_conformance("run", "--select", "limits-*", "--deselect", "*-fixed")
    assert "1 case judged" in run.stdout
