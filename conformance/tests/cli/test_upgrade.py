"""lint --upgrade as its user meets it: real processes, what they print, how they end."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acrn_cmdline.source import Argv, Hole, Place
from acrn_conformance.reports.upgrade_text import shell_line

COMMAND = (sys.executable, "-m", "acrn_conformance", "lint")
OLD = ("-A", "-s", "4,virtio-net,tap0", "-k", "/k", "vm")


def lint(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *words], capture_output=True, text=True, check=False)


def test_an_upgrade_says_all_that_is_needed() -> None:
    """From where to where, each change with its reason, what is lost, and the line for a shell."""
    run = lint("--upgrade", "3.3", "--", "acrn-dm", *OLD)
    assert (run.returncode, run.stderr) == (0, "")
    shown = run.stdout.splitlines()
    assert shown[0] == (
        "the command line: from v2.7 (which refuses it, but only for what an upgrade puts right: "
        "no-cpus) to v3.3"
    )
    assert "  - -A" in shown
    assert "  - 4,virtio-net,tap0" in shown
    assert "  + 4,virtio-net,tap=tap0" in shown
    assert any(line.startswith("    why:  v3.3 opens a tap by its key") for line in shown)
    assert any(line.startswith("not kept: the MAC on slot 4") for line in shown)
    assert shown[-4:] == [
        "upgraded from v2.7 to v3.3: 3 changes",
        "to be filled in: $cpus",
        "",
        'acrn-dm --cpu_affinity "$cpus" -s 4,virtio-net,tap=tap0 -k /k vm',
    ]


def test_the_line_lints_clean() -> None:
    """What is printed with --cpus is what the target takes, without a finding of no effect."""
    run = lint("--upgrade", "v3.3", "--from", "v2.6", "--cpus", "0,2", "--", "acrn-dm", *OLD)
    line = run.stdout.splitlines()[-1].split()
    assert line[1:3] == ["--cpu_affinity", "0,2"]
    assert lint("--release", "v3.3", "--fail-on", "silent", "--", *line).returncode == 0


def test_what_is_not_possible_says_why() -> None:
    """Exit status 1; what the target still refuses, and the line as far as it came."""
    words = ("-s", "3,virtio-gpu", "-k", "/k", "vm")
    run = lint("--upgrade", "v3.3", "--from", "v3.0", "--", "acrn-dm", *words)
    assert run.returncode == 1
    assert "in the way: v3.3 device-arguments: acrn-dm dies of SIGSEGV" in run.stdout
    assert "not upgraded from v3.0 to v3.3" in run.stdout
    run = lint("--upgrade", "v3.3", "--from", "v2.7", "--", "acrn-dm", "-z", "vm")
    assert run.returncode == 1
    assert "in the way: v2.7 option-unknown" in run.stdout
    assert "acrn-dm -z" not in run.stdout


def test_a_bad_letter_among_good_ones_is_in_the_way() -> None:
    """The source refuses the token that they share, and nothing of it is taken over."""
    run = lint("--upgrade", "v3.3", "--from", "v2.6", "--", "acrn-dm", "-Ax", "-k", "/k", "vm")
    assert run.returncode == 1
    assert "in the way: v2.6 option-unknown" in run.stdout
    assert "    in:     -Ax\n" in run.stdout


def test_what_is_in_the_way_is_told_with_its_token_and_line(tmp_path: Path) -> None:
    """In a script there may be many that a character could stand in."""
    path = tmp_path / "launch.sh"
    path.write_text(
        "acrn-dm -k /k \\\n  \u2013s 3,virtio-rnd -s 4,virtio-blk,\u201c/x vm\n", "utf-8"
    )
    run = lint("--upgrade", "v3.3", "--file", str(path))
    assert run.returncode == 1
    places = re.findall(r"    in:     (.*) \(.*/launch\.sh:(\d+:\d+)\)", run.stdout)
    assert places[:2] == [("'\u2013s'", "2:3"), ("'4,virtio-blk,\u201c/x'", "2:22")]


def test_a_line_that_the_target_takes_stays() -> None:
    """It was written for it."""
    run = lint("--upgrade", "latest", "--", "acrn-dm", "--cpu_affinity", "0", "-k", "/k", "vm")
    assert run.returncode == 0
    assert "nothing to upgrade: v3.3 takes it as it is" in run.stdout


def test_of_a_script_the_lines_concerned_are_shown(tmp_path: Path) -> None:
    """As a diff; what is not literal is named with its place."""
    path = tmp_path / "launch.sh"
    path.write_text(
        "seed=a$1\nacrn-dm -A \\\n --mac_seed $seed-x -k /k \\\n -s 4,virtio-net,tap0 vm\n"
    )
    run = lint("--upgrade", "v3.3", "--cpus", "0", "--file", str(path))
    assert run.returncode == 0
    diff = run.stdout[run.stdout.index("---") :].splitlines()
    assert [line for line in diff if line.startswith(("-a", "+a", "- ", "+ "))] == [
        "-acrn-dm -A \\",
        "+acrn-dm --cpu_affinity 0 \\",
        "- -s 4,virtio-net,tap0 vm",
        "+ -s 4,virtio-net,tap=tap0,mac_seed=$seed-x vm",
    ]
    assert diff[-2:] == [
        f"{path}:3:2:",
        "  not literal, so by hand: leave out --mac_seed $seed-x (here: --mac_seed a$1-x)",
    ]
    assert path.read_text().startswith("seed=a$1\nacrn-dm -A")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--upgrade", "v9"), "invalid choice: 'v9'"),
        (("--upgrade", "v2.0", "--from", "v3.0"), "--from v3.0 is newer than --upgrade v2.0"),
        (("--upgrade", "v3.3", "--cpus", "a"), "--cpus a: no list of ids"),
        (("--upgrade", "v3.3", "--json"), "--json judges, --upgrade rewrites; give one"),
        (("--upgrade", "v3.3", "--sarif", "x"), "--sarif judges, --upgrade rewrites; give one"),
        (("--from", "v2.0"), "--from belongs to an upgrade; add --upgrade R"),
        (("--cpus", "0"), "--cpus belongs to an upgrade; add --upgrade R"),
    ],
)
def test_unusable_options_are_said_in_a_line(words: tuple[str, ...], said: str) -> None:
    """Exit status 2."""
    run = lint(*words, "--", "acrn-dm", *OLD)
    assert run.returncode == 2
    assert said in run.stderr
    assert run.stdout == ""


printable = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=9)


@given(tokens=st.lists(printable, max_size=5))
@settings(max_examples=30)
def test_a_shell_takes_the_line_for_the_same_words(tokens: list[str]) -> None:
    """Whatever is in them; and nothing in it acts on a terminal."""
    line = shell_line(Argv.known(Place("a test"), tokens))
    assert line.isprintable()
    script = f"acrn-dm() {{ printf '%s\\0' \"$@\"; }}; {line}"
    run = subprocess.run(["/bin/bash", "-c", script], capture_output=True, check=True)
    assert run.stdout == b"".join(token.encode() + b"\0" for token in tokens) or not tokens


def test_a_hole_is_for_the_shell_to_fill() -> None:
    """Quoted, so that it stays one word."""
    argv = Argv(Place("a test"), ("-s", "4,$dev;x"), (None, None), {1: (Hole(2, 6, "dev"),)})
    assert shell_line(argv) == "acrn-dm -s 4,\"$dev\"';x'"


def test_a_pasted_dash_is_told_as_what_is_in_the_way() -> None:
    """Before the operands that it makes of an option."""
    run = lint(
        "--upgrade", "v3.3", "--", "acrn-dm", "\u2013s", "4,virtio-net,tap0", "-k", "/k", "vm"
    )
    assert run.returncode == 1
    rules = re.findall(r"in the way: v[0-9.]+ ([a-z-]+)", run.stdout)
    assert rules == ["typographic-character", "name-count"]
    assert "type the dash anew" in run.stdout


@pytest.mark.parametrize(
    ("target", "device", "from_which", "end"),
    [
        (
            "v3.3",
            "virtio-rnd",
            "v3.3 (which refuses it, but only for what an upgrade puts right: no-cpus)",
            "upgraded from v3.3 to v3.3: 1 change",
        ),
        (
            "v3.3",
            "foo",
            "v3.3 (no release up to v3.3 takes it; this one finds the least fault)",
            "not upgraded from v3.3 to v3.3",
        ),
        (
            "v1.0",
            "virtio-rnd",
            "v1.0 (which takes it with the fewest traps)",
            "nothing to upgrade: v1.0 takes it as it is",
        ),
    ],
)
def test_why_a_release_is_taken_for_the_source_is_true(
    target: str, device: str, from_which: str, end: str
) -> None:
    """It need not take the line; and the target itself may be it."""
    words = ("-s", "0:0,hostbridge", "-s", f"3,{device}", "-k", "/k", "vm")
    shown = lint("--upgrade", target, "--", "acrn-dm", *words).stdout.splitlines()
    assert shown[0] == f"the command line: from {from_which} to {target}"
    assert end in shown
