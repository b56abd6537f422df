"""Limits of the implementation's own, and files that take no more: told as what they are."""

import sys
from pathlib import Path

import pytest
from judged import COMMAND, ERROR, EXEC, STREAM, judge

SPINS = "while True: pass"
SWALLOWS = "import os\ntry: bytes(1 << 30)\nexcept MemoryError: os._exit(9)"
SERVE = f"{sys.executable} -m acrn_conformance serve"
DESCRIBED_ALONE = f"""
while read -r line; do
  case $line in
    *describe*) printf '%s\\n' "$line" | {SERVE} ;;
    *) exec {sys.executable} -c "$0" ;;
  esac
done"""


def judging_after(folder: Path, program: str, mode: str, *options: str) -> tuple[str, ...]:
    """Return the command that judges what describes itself, and then becomes a Python program."""
    json = ("--json", str(folder / "results.json"), "--mode", mode)
    words = (*COMMAND, "--timeout", "10", "--select", "limits-fixed", *json, *options)
    return (*words, "--", "sh", "-c", DESCRIBED_ALONE, program)


@pytest.mark.parametrize(
    ("program", "option", "told"),
    [
        (SPINS, ("--cpu-limit", "1"), "killed by SIGXCPU) at its limit of 1 s of processor time"),
        (SWALLOWS, ("--memory-limit", "600M"), "under its limit of 600 MiB (--memory-limit)"),
    ],
)
def test_who_meets_a_limit_is_told_which(
    program: str, option: tuple[str, str], told: str, tmp_path: Path, marker: str
) -> None:
    """The message of the case names the limit and its option."""
    found = judge(tmp_path, marker, *judging_after(tmp_path, program, STREAM, *option))
    assert (found.status, set(found.marks.values())) == (1, {ERROR})
    assert told in found.remarked


@pytest.mark.parametrize("mode", [STREAM, EXEC])
def test_who_keeps_within_the_limits_notices_nothing(
    mode: str, tmp_path: Path, marker: str
) -> None:
    """The program is started as ever, with its arguments as they are."""
    json = ("--json", str(tmp_path / "results.json"), "--mode", mode, "--select", "limits-*")
    options = ("--memory-limit", "2G", "--cpu-limit", "20")
    serve = (sys.executable, "-m", "acrn_conformance", "serve")
    assert judge(tmp_path, marker, *COMMAND, *json, *options, "--", *serve).status == 0


@pytest.mark.parametrize("size", ["", "5", "0M", "1.5G", "-1M", "5T"])
def test_a_size_that_is_none_is_unusable(size: str, tmp_path: Path, marker: str) -> None:
    """One line, and exit status 2."""
    found = judge(tmp_path, marker, *COMMAND, f"--memory-limit={size}")
    assert found.status == 2
    assert "--memory-limit" in found.errors


def test_a_trace_on_a_full_disk_costs_no_report(tmp_path: Path, marker: str) -> None:
    """The run is judged and reported, and a line says that the trace is not whole."""
    found = judge(tmp_path, marker, *COMMAND, "--trace", "/dev/full", "--select", "limits-*")
    assert found.status == 0
    assert "2 cases judged: 2 passed" in found.output
    assert found.errors.startswith("acrn-conformance: --trace /dev/full: No space left on device")
