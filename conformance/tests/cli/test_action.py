"""The action for GitHub: its steps, run as scripts in an environment such as GitHub makes."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import REPOSITORY

ACTION = yaml.safe_load((REPOSITORY / "action.yml").read_text("utf-8"))
REFERENCE = f"{sys.executable} -m acrn_conformance serve"


@pytest.fixture
def runner(tmp_path: Path) -> Path:
    """Return the folder of a runner, in which the tool is installed already: this one."""
    programs = tmp_path / "temp" / "acrn-conformance" / "bin"
    programs.mkdir(parents=True)
    (programs / "acrn-conformance").symlink_to(Path(sys.executable).parent / "acrn-conformance")
    (tmp_path / "workspace").mkdir()
    return tmp_path


def judged(runner: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run the step that judges, with the inputs as the action gives them to it."""
    (step,) = (step for step in ACTION["runs"]["steps"] if step.get("id") == "judge")
    default = {name: given.get("default", "") for name, given in ACTION["inputs"].items()}
    environment = os.environ | {
        "RUNNER_TEMP": str(runner / "temp"),
        "GITHUB_OUTPUT": str(runner / "output"),
        "GITHUB_STEP_SUMMARY": str(runner / "summary"),
        **{name: filled(value, default | inputs) for name, value in step["env"].items()},
    }
    return subprocess.run(
        # What GitHub starts for `shell: bash`.
        ["/bin/bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]],
        cwd=runner / "workspace",
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def filled(expression: str, inputs: dict[str, str]) -> str:
    """Return the value of an expression that names an input, the only form that there is."""
    name = re.fullmatch(r"\$\{\{ inputs\.(\w+) \}\}", expression)
    assert name
    return inputs[name[1]]


def results(runner: Path, name: str = "acrn-conformance-results.json") -> Any:
    assert (runner / "output").read_text() == f"results={name}\n"
    return json.loads((runner / "workspace" / name).read_text("utf-8"))


def test_an_implementation_that_is_right_passes(runner: Path) -> None:
    """The output names the results, which say what was judged."""
    run = judged(runner, command=REFERENCE, arguments="--select 'memory-*'")
    assert run.returncode == 0, run.stderr
    assert results(runner)["cases"]


def test_a_failing_case_fails_the_step_and_leaves_the_results(runner: Path) -> None:
    """Who uploads them does so afterwards, with an `if` of his own."""
    command = f"{REFERENCE} --dialect kata-3"
    run = judged(runner, command=command, dialect="kata-1", arguments="--select 'argv-*'")
    assert run.returncode == 1
    assert results(runner)["cases"]


def test_a_shard_and_reports_are_written_where_they_are_asked_for(runner: Path) -> None:
    """Beside the results, which say the shard; the job's summary comes by itself."""
    asked = {"shard": "2/3", "html": "its own.html", "junit": "junit.xml"}
    run = judged(runner, command=REFERENCE, arguments="--select 'memory-*'", **asked)
    assert run.returncode == 0, run.stderr
    assert results(runner)["shard"] == "2/3"
    workspace = runner / "workspace"
    assert (workspace / "its own.html").read_text("utf-8").startswith("<!doctype html>")
    assert "<testsuites" in (workspace / "junit.xml").read_text("utf-8")
    assert "kata-1" in (runner / "summary").read_text("utf-8")


def test_words_are_read_as_a_shell_would_and_nothing_is_run(runner: Path) -> None:
    """Neither inputs that hold quotes nor those that hold substitutions become part of a script."""
    hostile = "$(touch made)`touch made`;touch made"
    run = judged(
        runner, command=REFERENCE, arguments=f"--select '{hostile}'", results="its own.json"
    )
    assert run.returncode == 2
    assert "touch made" in run.stderr
    assert not (runner / "workspace" / "made").exists()


def test_no_input_is_pasted_into_a_script() -> None:
    """GitHub's expressions stand in `env` alone."""
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step["run"]


def test_the_tool_is_installed_from_the_actions_own_checkout(tmp_path: Path) -> None:
    """Into an environment of its own below the runner's folder; nothing comes by name."""
    step = ACTION["runs"]["steps"][0]
    assert step["env"] == {"TOOL": "${{ github.action_path }}"}
    log = tmp_path / "log"
    python = tmp_path / "python3"
    # Stands in for python and pip, which need a network: what they are called with is the point.
    python.write_text(f'#!/bin/sh\necho "$0" "$@" >>{log}\nmkdir -p "$3/bin" 2>/dev/null\n'
                      f'[ "$2" != venv ] || cp "$0" "$3/bin/pip"\n')  # fmt: skip
    python.chmod(0o755)
    environment = {
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "RUNNER_TEMP": str(tmp_path / "temp"),
        "TOOL": "/checkout",
    }
    subprocess.run(["/bin/bash", "-e", "-c", step["run"]], env=environment, check=True)
    made = tmp_path / "temp" / "acrn-conformance"
    assert log.read_text().splitlines() == [
        f"{python} -m venv {made}",
        f"{made}/bin/pip install --quiet /checkout[report]",
    ]
