"""The command: what it refuses, before anything is started."""

import subprocess
import sys
from pathlib import Path

import pytest
from board_results import results

from acrn_hwtests import catalog, report

_NOT_ACRN = """
kind = "local"
release = "v2.5"
acrn_dm = "/nowhere/acrn-dm"
kernel = "/nowhere/vmlinuz"
image = "/nowhere/disk.img"
tap = "tap0"
uuids = ["d2795438-25d6-11e8-864e-cb7a18b34643", "615db82a-e189-4b4f-8dbb-d321343e4ab3"]
"""


def command(*words: str, cwd: Path) -> "subprocess.CompletedProcess[str]":
    """Run the command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "acrn_hwtests", *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        timeout=60,
    )


def test_the_preflight_tells_all_that_is_missing_in_one_table(tmp_path: Path) -> None:
    """On a machine that is no board each thing that is missing is a line, with the remedy."""
    board = tmp_path / "board.toml"
    board.write_text(_NOT_ACRN)
    done = command("--board", str(board), cwd=tmp_path)
    assert done.returncode == 2
    missing = [line.split()[1] for line in done.stdout.split("\n") if "MISSING" in line]
    assert {"hypervisor", "acrn_dm", "kernel", "image"} <= set(missing)
    assert "copy it there, or mend kernel in the board file" in done.stdout
    assert done.stderr.startswith("acrn-hwtests: nothing was started: see to ")
    assert done.stderr.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["board.toml"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--board", "none.toml"], "none.toml: No such file or directory"),
        (["--board", "bad.toml"], "bad.toml: kind: 'x' is no kind of board"),
        (["--board", "bad.toml", "--json", "no/where.json"], "--json no/where.json"),
        (["--board", "bad.toml", "--soak", "0"], "--soak: '0' is no number from 1 up"),
        (["--board", "bad.toml", "--soak", "x"], "--soak: 'x' is no number from 1 up"),
        (["--board", "bad.toml", "--transcripts", ""], "--transcripts: it is empty"),
        (["--board", "bad.toml", "--json", ""], "--json: it is empty"),
        (["--board", ""], "--board: it is empty"),
        ([], "--board"),
    ],
)
def test_bad_input_is_one_line_and_status_2(tmp_path: Path, words: list[str], said: str) -> None:
    """What cannot be used is told in a line; no traceback, nothing left behind."""
    (tmp_path / "bad.toml").write_text('kind = "x"\nrelease = "v2.5"\n')
    done = command(*words, cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr.rstrip("\n").rpartition("\n")[2]
    assert "Traceback" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["bad.toml"]


def test_a_python_package_that_is_missing_is_not_taken_for_a_program(tmp_path: Path) -> None:
    """QEMU may well be installed: what is said to be missing is its Python package, and how."""
    (tmp_path / "qemu.py").write_text("raise ModuleNotFoundError(name='qemu')")
    done = command("--board", "none.toml", cwd=tmp_path)
    remedy = "pip install 'acrn-conformance[hw]'"
    told = f"acrn-hwtests: the Python package qemu.qmp is not installed; {remedy}\n"
    assert (done.returncode, done.stderr) == (2, told)


def test_the_usage_says_what_needs_no_board(tmp_path: Path) -> None:
    """The list of checks is a use of its own."""
    done = command("--help", cwd=tmp_path)
    assert done.stdout.startswith("usage: acrn-hwtests --board FILE [OPTIONS]\n")
    assert "acrn-hwtests --list\n" in done.stdout


def test_the_checks_are_listed_a_line_each(tmp_path: Path) -> None:
    """Neither a board nor the extra is needed to see what would be checked."""
    (tmp_path / "pytest.py").write_text("raise ModuleNotFoundError")
    done = command("--list", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    told = dict(line.split(maxsplit=1) for line in done.stdout.splitlines())
    assert told == {check.id: check.title for check in catalog.checks()}
    assert "boots-to-a-prompt" in told


@pytest.mark.parametrize(
    ("glob", "said"),
    [
        ("boot-to-a-prompt", "near are boots-to-a-prompt"),
        ("zz*", "--list names them all"),
    ],
)
def test_a_selection_of_nothing_is_refused_before_anything_starts(
    tmp_path: Path, glob: str, said: str
) -> None:
    """It is no run that passes; the line names what is near, and nothing is left behind."""
    board = tmp_path / "board.toml"
    board.write_text(_NOT_ACRN)
    words = ["--board", str(board), "--select", "boots-*", "--select", glob]
    done = command(*words, "--json", "results.json", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"acrn-hwtests: --select {glob}: no check matches; {said}\n"
    assert [path.name for path in tmp_path.iterdir()] == ["board.toml"]


def test_ctrl_c_while_the_command_starts_is_a_line(tmp_path: Path) -> None:
    """Nothing has begun yet, and what it is loading has no say in how that is told."""
    (tmp_path / "pytest.py").write_text("import os\nos.kill(os.getpid(), 2)\n")
    done = command("--board", "board.toml", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (130, "acrn-hwtests: ended by SIGINT\n")


def shell(script: str, *words: str, cwd: Path) -> "subprocess.CompletedProcess[str]":
    """Run the command as a script has it, in which "$@" are its words."""
    tier = (sys.executable, "-m", "acrn_hwtests", *words)
    line = ["/bin/bash", "-o", "pipefail", "-c", script, "sh", *tier]
    return subprocess.run(line, capture_output=True, text=True, check=False, cwd=cwd)


@pytest.mark.parametrize("words", [("--list",), ("runs",)])
def test_an_output_that_nobody_takes_is_a_line_or_none(tmp_path: Path, words: list[str]) -> None:
    """A full disk is told; where nobody reads any more there is nobody to tell."""
    (tmp_path / "acrn-hwtests-runs/1").mkdir(parents=True)
    (tmp_path / "acrn-hwtests-runs/1/results.json").write_bytes(report.encoded(results()))
    full = shell('"$@" >/dev/full', *words, cwd=tmp_path)
    assert (full.returncode, full.stderr.count("\n")) == (2, 1)
    assert full.stderr.endswith("No space left on device; make room, or write elsewhere\n")
    assert (shell('"$@" | true', *words, cwd=tmp_path).stderr) == ""
    closed = shell('"$@" >&-', "--list", cwd=tmp_path)
    assert (closed.returncode, closed.stderr) == (0, "")


def test_examples_are_written_all_or_none(tmp_path: Path) -> None:
    """One that is there already stays as it is, and those before it do not stay alone."""
    (tmp_path / "local.toml").write_text("mine")
    done = command("examples", ".", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "acrn-hwtests: local.toml: is there already; name a new folder\n"
    assert [path.name for path in tmp_path.iterdir()] == ["local.toml"]
    assert (tmp_path / "local.toml").read_text() == "mine"
    assert command("examples", "new", cwd=tmp_path).stdout.count("\n") == 7
