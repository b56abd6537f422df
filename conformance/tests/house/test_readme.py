"""The documents say what is so: commands, adapter, picture."""

import re
import shlex
import subprocess
from pathlib import Path

from conftest import REPOSITORY
from implementations import COMMAND, PYTHON, acrn_conformance

from acrn_conformance.cases import golden
from acrn_conformance.implementation import LONGEST_LINE


def readme_block(label: str) -> str:
    text = (REPOSITORY / "README.md").read_text("utf-8")
    match = re.search(rf"<!-- {label} -->\n```\w+\n(.*?)```", text, re.DOTALL)
    assert match
    return match[1]


def test_the_readmes_adapter_passes(tmp_path: Path) -> None:
    """The adapter of the README is complete, some thirty lines long, and right."""
    path = tmp_path / "adapter.py"
    path.write_text(readme_block("adapter"), "utf-8")
    assert len([line for line in path.read_text("utf-8").splitlines() if line]) < 36
    for mode in ("stream", "exec"):
        run = acrn_conformance("run", "--mode", mode, "--", *PYTHON, str(path))
        assert run.returncode == 0, run.stdout
        assert "cases judged" in run.stdout


def test_ci_runs_the_readmes_own_test_command() -> None:
    """What the README tells a newcomer to run is what CI runs."""
    script = (REPOSITORY / ".ci" / "run").read_text("utf-8")
    assert readme_block("test").strip() in script


def test_the_readmes_picture_is_a_real_run(tmp_path: Path) -> None:
    """The run that the README shows is what its adapter gives with the one mistake in it."""
    adapter = readme_block("adapter").replace('{file}"]', '{file.lower()}"]')
    (tmp_path / "adapter.py").write_text(adapter, "utf-8")
    line = readme_block("picture").splitlines()[0].removeprefix("$ acrn-conformance ")
    words = [*COMMAND, *shlex.split(line)]
    run = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    shown = readme_block("picture").partition("\n")[2]
    varying = r"\(\w{8}\)|[\d.]+ s$|\d+ not judged|\d+ cases judged|\d+ passed|\(\d+ cases\)"
    assert re.sub(varying, "", run.stdout) == re.sub(varying, "", shown)


def test_the_contract_names_the_longest_line() -> None:
    """The page for implementers says what the harness does."""
    page = (golden.folder() / "README.md").read_text("utf-8")
    assert f"A reply line may be {LONGEST_LINE >> 20} MiB long" in page
