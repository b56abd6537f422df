"""The adapters to copy pass what they claim, and a wrong token in any of them is seen."""

import os
import re
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


class Measured(NamedTuple):
    """A row of the README's other table; cases are written as ``PASSED of JUDGED``."""

    lines: str
    kept: str
    replaced: str
    methods: str
    stream: str
    exec: str


def measured(row: Row) -> Measured:
    text = (ADAPTERS / "README.md").read_text("utf-8")
    cells = r" \| ".join([r"(\d+)"] * 4 + [r"(\d+ of \d+)"] * 2)
    found = re.search(rf"^\| {row.language} \| {cells} \|$", text, re.MULTILINE)
    assert found, f"the table of {row.language}"
    return Measured(*found.groups())


def passed(run: subprocess.CompletedProcess[str]) -> str:
    """Return how many cases passed, as the table has it."""
    assert run.returncode == 0, run.stdout + run.stderr
    found = re.search(r"^(\d+) cases judged: (\d+) passed;", run.stdout, re.MULTILINE)
    assert found, run.stdout
    return f"{found[2]} of {found[1]}"


def made(folder: Path, row: Row, change: Callable[[str], str] = str) -> Path:
    """Copy an adapter, its text changed, and build it as the README says, with no network."""
    text = (ADAPTERS / "README.md").read_text("utf-8")
    (folder / ".cargo").mkdir()
    (folder / ".cargo/config.toml").write_text(text.split("```toml\n")[1].split("```")[0])
    (folder / row.folder).mkdir()
    for file in (ADAPTERS / row.folder).glob("*.*"):
        (folder / row.folder / file.name).write_text(change(file.read_text("utf-8")), "utf-8")
    if row.build:
        strict = os.environ | {"CARGO_NET_OFFLINE": "true", "RUSTFLAGS": "-D warnings"}
        subprocess.run(["/bin/sh", "-c", row.build], cwd=folder, check=True, env=strict)
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
def test_the_table_has_the_lines_of_each_part(row: Row) -> None:
    """What one keeps, and what stands for one's own code."""
    parts = {"kept": 0, "replaced": 0}
    for file in (ADAPTERS / row.folder).glob("*.*"):
        text = file.read_text("utf-8")
        kept, marker, _ = text.partition("Your code from here:")
        own = file.stem == "arch" or marker
        wire = kept.count("\n") if file.stem == "adapter" and marker else 0
        part = "replaced" if own else "kept"
        if file.suffix not in {".mod", ".toml"}:
            parts["kept"] += wire
            parts[part] += text.count("\n") - wire
    told = measured(row)
    shown = {"kept": told.kept, "replaced": told.replaced}
    assert shown == {name: str(count) for name, count in parts.items()}
    assert told.lines == str(sum(parts.values()))
    assert told.methods == str(len(CLAIMED) - 1)


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
    assert passed(run) == measured(row).stream


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_an_adapter_passes_in_exec_mode(tmp_path: Path, row: Row) -> None:
    """A process a request; of what is interpreted, and so starts slowly, every eighth case."""
    part = () if row.build else ("--shard", "1/8")
    run = judged(made(tmp_path, row), row, "--mode", "exec", *part)
    assert passed(run) == measured(row).exec


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_a_wrong_token_in_an_adapter_is_seen(tmp_path: Path, row: Row) -> None:
    """The judgement of an adapter can fail: a disk of another emulation does not pass."""
    folder = made(tmp_path, row, lambda text: text.replace("virtio-blk", "virtio-block"))
    run = judged(folder, row, "--select", "argv-everything")
    assert run.returncode == 1
    assert "virtio-block" in run.stdout
