"""The scripts of ``completion``, in real shells."""

import shutil
import subprocess
from pathlib import Path

import pytest
from implementations import acrn_conformance

ZSH = shutil.which("zsh")
_BASH = """
source {script}
COMP_WORDS=({words})
COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
complete -p {command} > /dev/null || exit 3
function=$(complete -p {command} | sed 's/.*-F \\([^ ]*\\).*/\\1/')
$function
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


def completed(tmp_path: Path, command: str, words: str) -> set[str]:
    """Return what bash offers for the last of some words."""
    script = tmp_path / "script"
    said = acrn_conformance("completion", "bash", "--command", command)
    assert (said.returncode, said.stderr) == (0, "")
    script.write_text(said.stdout, "utf-8")
    text = _BASH.format(script=script, words=f"{command} {words}", command=command)
    bash = subprocess.run(["/bin/bash", "-c", text], capture_output=True, text=True, check=True)
    return set(bash.stdout.split())


@pytest.mark.parametrize(
    ("command", "words", "offered"),
    [
        ("acrn-conformance", "sm", {"smoke"}),
        ("acrn-conformance", "run --fail-f", {"--fail-fast"}),
        ("acrn-conformance", "lint --prof", {"--profile"}),
        ("acrn-arch", "ar", {"argv"}),
        ("acrn-hwtests", "--pre", {"--preflight"}),
    ],
)
def test_bash_completes(tmp_path: Path, command: str, words: str, offered: set[str]) -> None:
    """Commands, and the options of each."""
    assert completed(tmp_path, command, words) == offered


@pytest.mark.skipif(not ZSH, reason="zsh is not installed")
def test_zsh_takes_its_script(tmp_path: Path) -> None:
    """It is free of errors."""
    script = tmp_path / "_acrn-conformance"
    script.write_text(acrn_conformance("completion", "zsh").stdout, "utf-8")
    zsh = subprocess.run(
        [ZSH or "", "-n", str(script)], capture_output=True, text=True, check=False
    )
    assert (zsh.returncode, zsh.stderr) == (0, "")
