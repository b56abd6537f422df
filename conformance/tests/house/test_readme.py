"""The documents say what is so: adapter, pictures, test command."""

import json
import re
import runpy
import tomllib
from pathlib import Path
from typing import Any

import pytest
from conftest import REPOSITORY
from documents import marked
from implementations import PYTHON, acrn_conformance

from acrn_conformance.cases import golden
from acrn_conformance.implementation import LONGEST_LINE

PICTURES: dict[str, Any] = runpy.run_path(str(REPOSITORY / "docs/pictures/draw.py"))["PICTURES"]
VARYING = re.compile(r"\(\w{8}\)|\d")
"""The goldens' hash, and all that is counted or measured."""


def test_the_first_adapter_passes(tmp_path: Path) -> None:
    """The adapter that a newcomer copies is complete, some thirty lines long, and right."""
    path = tmp_path / "adapter.py"
    path.write_text(marked("docs/start.md", "file", "adapter.py"), "utf-8")
    assert len([line for line in path.read_text("utf-8").splitlines() if line]) < 36
    for mode in ("stream", "exec"):
        run = acrn_conformance("run", "--mode", mode, "--", *PYTHON, str(path))
        assert run.returncode == 0, run.stdout
        assert "cases judged" in run.stdout


def test_ci_runs_the_readmes_own_test_command() -> None:
    """What the README tells a newcomer to run is what CI runs."""
    script = (REPOSITORY / ".ci" / "run").read_text("utf-8")
    assert marked("README.md", "test").strip() in script


@pytest.mark.parametrize("name", PICTURES)
def test_the_readmes_pictures_are_of_real_runs(name: str, tmp_path: Path) -> None:
    """Drawn again each is what it was, but for numbers; `docs/pictures/draw.py` draws them anew."""
    committed = (REPOSITORY / "docs/pictures" / name).read_text("utf-8")
    assert f"docs/pictures/{name}" in (REPOSITORY / "README.md").read_text("utf-8")
    assert VARYING.sub("", PICTURES[name](tmp_path)) == VARYING.sub("", committed)


def test_the_readme_is_one_screen_and_some() -> None:
    """What is longer has a page of its own."""
    assert len((REPOSITORY / "README.md").read_text("utf-8").splitlines()) <= 120


def test_the_contracts_example_is_a_golden_case() -> None:
    """Whoever looks for it finds it, and it says the same."""
    page = (golden.folder() / "README.md").read_text("utf-8")
    shown = json.loads(page.partition("## A case")[2].split("```")[1].removeprefix("json"))
    cases = json.loads((golden.folder() / "cases/argv.json").read_text("utf-8"))
    assert shown in cases


def test_the_start_page_tells_of_every_extra_that_users_may_install() -> None:
    """Those that are left are for who works on the project."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    page = (REPOSITORY / "docs/start.md").read_text("utf-8")
    told = set(re.findall(r"^\| `(\w+)` \|", page.partition("| extra |")[2], re.MULTILINE))
    assert told == set(project["optional-dependencies"]) - {"docs", "test"}


def test_the_contract_names_the_longest_line() -> None:
    """The page for implementers says what the harness does."""
    page = (golden.folder() / "README.md").read_text("utf-8")
    assert f"A reply line may be {LONGEST_LINE >> 20} MiB long" in page
