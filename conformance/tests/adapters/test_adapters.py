"""The adapters to copy pass what they claim, and a wrong token in any of them is seen."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import REPOSITORY

pytestmark = pytest.mark.adapters

ADAPTERS = REPOSITORY / "adapters"
CLAIMED = ("describe", "argv", "device_valid", "kernel_parameters", "sandbox_argv")


class Row(NamedTuple):
    """A row of the README's table: how an adapter is built and run."""

    language: str
    build: str
    run: str

    @property
    def folder(self) -> str:
        return self.run.split()[-1].partition("/")[0]


def rows() -> list[Row]:
    text = (ADAPTERS / "README.md").read_text("utf-8")
    table = re.findall(
        r"^\| (.+) \| `.+ \| .+ \| .+ \| (?:`(.+)`)? ?\| `(.+)` \|$", text, re.MULTILINE
    )
    return [Row(*row) for row in table]


ROWS = rows()


def made(folder: Path, row: Row, change: Callable[[str], str] = str) -> Path:
    """Copy an adapter, its text changed, and build it as the README says."""
    shutil.copytree(ADAPTERS / row.folder, folder / row.folder)
    for file in (folder / row.folder).glob("*.*"):
        file.write_text(change(file.read_text("utf-8")), "utf-8")
    if row.build:
        subprocess.run(["/bin/sh", "-c", row.build], cwd=folder, check=True)
    return folder


def judged(folder: Path, row: Row, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "acrn_conformance", "run", *options, "--", *row.run.split()]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def named(row: Row) -> str:
    return row.language


def test_each_folder_is_in_the_table() -> None:
    """Whoever looks for a language finds it."""
    folders = {each.parent.name for each in ADAPTERS.glob("*/adapter.*")}
    assert folders == {row.folder for row in ROWS} == {"c", "go", "node", "python", "rust", "sh"}


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_no_file_has_200_lines(row: Row) -> None:
    """An adapter to copy is read before it is copied."""
    for file in (ADAPTERS / row.folder).glob("*.*"):
        assert file.read_text("utf-8").count("\n") < 200, file


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_an_adapter_says_where_ones_own_code_is_called(row: Row) -> None:
    """One place, in one file, divides the wire from what stands for the user's code."""
    texts = [file.read_text("utf-8") for file in (ADAPTERS / row.folder).glob("*.*")]
    assert (
        sum(len(re.findall("^.{0,4}Your code from here:", text, re.MULTILINE)) for text in texts)
        == 1
    )


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_an_adapter_passes_all_it_claims_in_stream_mode(tmp_path: Path, row: Row) -> None:
    """Every golden and recorded case, none deselected."""
    run = judged(
        made(tmp_path, row), row, "--jobs", "2", *(f"--require={method}" for method in CLAIMED)
    )
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_an_adapter_passes_in_exec_mode(tmp_path: Path, row: Row) -> None:
    """A process a request; of what is interpreted, and so starts slowly, a part."""
    part = () if row.build else ("--select", "sandbox-argv-*")
    run = judged(made(tmp_path, row), row, "--mode", "exec", *part)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_a_wrong_token_in_an_adapter_is_seen(tmp_path: Path, row: Row) -> None:
    """The judgement of an adapter can fail: a disk of another emulation does not pass."""
    folder = made(tmp_path, row, lambda text: text.replace("virtio-blk", "virtio-block"))
    run = judged(folder, row, "--select", "argv-everything")
    assert run.returncode == 1
    assert "virtio-block" in run.stdout
