"""The scripts of ``completion``, in real shells."""

import os
import shutil
import subprocess
from pathlib import Path

import pexpect
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
@pytest.mark.parametrize(
    ("typed", "offered"),
    [("sm", "smoke"), ("run --fail-f", "--fail-fast"), ("lint --prof", "--profile")],
)
def test_zsh_completes(tmp_path: Path, typed: str, offered: str) -> None:
    """Commands, and the options of each, behind the tabulator of a real one."""
    script = tmp_path / "_acrn-conformance"
    script.write_text(acrn_conformance("completion", "zsh").stdout, "utf-8")
    environment = os.environ | {"TERM": "dumb", "ZDOTDIR": str(tmp_path), "PS1": "READY "}
    child = pexpect.spawn(ZSH or "", ["-f", "-i"], env=environment, encoding="utf-8", timeout=60)
    child.sendline(f"fpath=({tmp_path} $fpath); autoload -Uz compinit; compinit -u; echo SE''T")
    child.expect("SET\r")
    child.send(f"acrn-conformance {typed}\t")
    child.expect_exact(f"acrn-conformance {typed}")
    child.expect_exact(offered.removeprefix(typed.rpartition(" ")[2]))
    child.close(force=True)
