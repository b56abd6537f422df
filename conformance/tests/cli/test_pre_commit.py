"""The hook for pre-commit, run by pre-commit itself in a repository with launch scripts."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from textwrap import indent

import pytest
from conftest import REPOSITORY

MANIFEST = REPOSITORY / ".pre-commit-hooks.yaml"
GOOD = "acrn-dm -m 512M -s 0:0,hostbridge -k /vmlinux vm1\n"
BAD = GOOD.replace("512M", "512")


def run(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command as in an environment where the project is installed, and no other setting."""
    kept = {key: value for key, value in os.environ.items() if "GIT" not in key}
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = kept | {"PATH": path, "PRE_COMMIT_HOME": str(folder.parent / "store")}
    return subprocess.run(
        words, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return an empty repository."""
    folder = tmp_path / "repository"
    folder.mkdir()
    assert run("git", "init", "-q", folder=folder).returncode == 0
    return folder


def hooked(
    repository: Path, scripts: dict[str, str], arguments: Iterable[str] = ()
) -> subprocess.CompletedProcess[str]:
    """Commit-check scripts with the hook, as a user with these arguments has it.

    The project is the one installed here: what the manifest calls python would be installed anew.
    """
    hook = MANIFEST.read_text("utf-8").replace("language: python\n", "language: system\n")
    hook += f"  args: {json.dumps([*arguments])}\n"
    config = "repos:\n- repo: local\n  hooks:\n" + indent(hook, "  ")
    (repository / ".pre-commit-config.yaml").write_text(config, "utf-8")
    for name, content in scripts.items():
        (repository / name).parent.mkdir(exist_ok=True)
        (repository / name).write_text(content)
    run("git", "add", "-A", folder=repository)
    return run(sys.executable, "-m", "pre_commit", "run", "--verbose", folder=repository)


def test_the_manifest_is_one() -> None:
    """pre-commit takes it, and installs the project as the Python package that it is."""
    words = (sys.executable, "-m", "pre_commit", "validate-manifest", str(MANIFEST))
    assert run(*words, folder=REPOSITORY).returncode == 0
    assert "\n  language: python\n" in MANIFEST.read_text("utf-8")


def test_launch_scripts_are_linted_and_no_others(repository: Path) -> None:
    """Whatever folder they are in; a clean one passes."""
    scripts = {"launch_uos.sh": GOOD, "vms/launch-rt.sh": GOOD, "relaunch.sh": BAD, "build.sh": BAD}
    found = hooked(repository, scripts, ["--release=v2.7"])
    assert found.returncode == 0, found.stdout
    assert "launch_uos.sh:1:1: 7 tokens" in found.stdout
    assert "vms/launch-rt.sh:1:1: 7 tokens" in found.stdout
    assert "relaunch.sh" not in found.stdout
    assert "build.sh" not in found.stdout


def test_a_script_that_is_refused_stops_the_commit(repository: Path) -> None:
    """And the reason is shown, whatever script without a call stands in front."""
    scripts = {"launch_menu.sh": "echo hi\n", "launch_uos.sh": GOOD, "launch_rt.sh": BAD}
    found = hooked(repository, scripts, ["--release=v2.7"])
    assert found.returncode == 1
    assert "launch_rt.sh:1:1: 7 tokens" in found.stdout
    assert "\nrefused memory-" in found.stdout
    assert "launch_menu.sh: no call of acrn-dm found" in found.stdout


def test_the_users_own_options_are_heeded(repository: Path) -> None:
    """The names of the files stand behind them."""
    scripts = {"launch_uos.sh": GOOD.replace("-m", "-W -m")}
    assert hooked(repository, scripts).returncode == 1
    found = hooked(repository, scripts, ["--profile", "kata", "--release=v2.7"])
    assert found.returncode == 0, found.stdout
    assert "v2.7, profile kata" in found.stdout


def test_without_launch_scripts_there_is_nothing_to_do(repository: Path) -> None:
    """A commit of other files is not held up."""
    found = hooked(repository, {"README": "no script\n"})
    assert found.returncode == 0
    assert "(no files to check)" in found.stdout
