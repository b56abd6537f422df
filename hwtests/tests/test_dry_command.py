"""The command ``acrn-hwtests --dry``."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from dry_support import small_dm

from acrn_dm import RECORDING, RELEASES, Command, parse
from acrn_dry.bench import Wish
from acrn_hwtests.dry import argv


def command(*words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "acrn_hwtests", "--dry", *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env=os.environ | environment,
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "--acrn-dm"),
        (("--acrn-dm", "/none"), "/none is no program; name one that can be executed"),
        (("--acrn-dm", "/bin/true", "--acrnctl", "/none"), "/none is no program"),
        (("--acrn-dm", "/bin/true", "--release", "v9"), "'v9' is no release of ACRN"),
        (("--acrn-dm", "/bin/true", "--record", "/none"), "/none: No such file or directory"),
        (("--acrn-dm", "/bin/true", "--record", "/dev/zero"), "/dev/zero: over 64 MiB"),
    ],
)
def test_bad_words_are_told_in_a_line(words: tuple[str, ...], said: str) -> None:
    """Before anything is built or run."""
    done = command(*words)
    assert done.returncode == 2
    assert said in done.stderr.rstrip("\n").rpartition("\n")[2]


def test_without_a_compiler_the_remedy_is_told(tmp_path: Path) -> None:
    """The shim is built when it is asked for."""
    done = command("--acrn-dm", "/bin/true", PATH=str(tmp_path))
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "no C compiler (cc) here; install gcc and libc6-dev" in done.stderr


@pytest.mark.parametrize("word", ["INT", "TERM", "HUP"])
def test_a_signal_leaves_nothing(tmp_path: Path, word: str) -> None:
    """Not even what a compiler has in its folder for temporary files; a line tells of the end."""
    compiler, folder = tmp_path / "bin" / "cc", tmp_path / "tmp"
    for made in (compiler.parent, folder):
        made.mkdir()
    compiler.write_text(f'#!/bin/sh\n: >"$TMPDIR/cc.o"\nkill -{word} $PPID\nexec sleep 60\n')
    compiler.chmod(0o755)
    path = f"{compiler.parent}:{os.environ['PATH']}"
    done = command("--acrn-dm", "/bin/true", PATH=path, TMPDIR=str(folder))
    assert done.returncode == 128 + signal.Signals[f"SIG{word}"]
    assert done.stderr == f"acrn-hwtests: ended by SIG{word}\n"
    assert not list(folder.iterdir())


@pytest.mark.parametrize("release", [each for each in RELEASES if each != "v1.0"])
@pytest.mark.parametrize("wish", [Wish(), Wish(pty=True), Wish(tap="tap-dry")])
def test_lint_takes_the_argvs_of_the_checks(release: str, wish: Wish) -> None:
    """They are the tier's, so a refusal shows the acrn-dm, and not the argv."""
    assert isinstance(parse(argv(release, wish), release, RECORDING), Command)


@pytest.mark.board
def test_the_class_of_every_report_is_dry(tmp_path: Path) -> None:
    """On the lines, on the last one, and in the JSON; the exit status tells that checks failed."""
    programs = small_dm(tmp_path, "0x43")
    report = tmp_path / "dry.json"
    select = ("--select", "argv-is-taken", "--select", "slot-clash", "--select", "rescan")
    done = command("--acrn-dm", str(programs.acrn_dm), "--json", str(report), *select)
    told = json.loads(report.read_text("utf-8"))
    assert (told["board_class"], told["release"], told["passed"]) == ("dry", "v2.5", False)
    assert done.stdout.split("\n")[0] == "acrn-dm: DM version is: 2.5-small; taken for v2.5"
    assert all("  dry  " in line for line in done.stdout.split("\n")[1:-2])
    assert "board class: dry, neither hardware nor stand-in; " in done.stdout
    assert done.returncode == 1


@pytest.mark.board
def test_what_differs_from_lint_is_printed(tmp_path: Path) -> None:
    """A verdict a line goes to the file in the recorded form, what differs to standard output."""
    programs = small_dm(tmp_path, "0x43")
    listed, verdicts = tmp_path / "list.jsonl", tmp_path / "verdicts.jsonl"
    listed.write_text('{"argv": ["-f", "argv", "vm1"]}\n{"tag": "t", "argv": ["-v"]}\n', "utf-8")
    words = ("--record", str(listed), "--json", str(verdicts), "--release", "v2.5")
    done = command("--acrn-dm", str(programs.acrn_dm), *words)
    assert done.returncode == 1, done.stderr
    lines = [json.loads(line) for line in verdicts.read_text("utf-8").splitlines()]
    failed = {"stage": "argv", "exit": 7, "message": "argv failed"}
    assert lines[0] == {"tag": "", "argv": ["-f", "argv", "vm1"], "dm": {"v2.5": failed}}
    assert lines[1]["tag"] == "t"
    assert done.stdout.startswith("line 1: argv, exit status 7: argv failed; lint says argv, ")
    assert done.stdout.endswith(
        "board class: dry; 2 argvs; 1 differ from lint's model of v2.5; 0 hung, uncompared\n"
    )


@pytest.mark.board
def test_where_namespaces_are_forbidden_that_is_told(tmp_path: Path) -> None:
    """One line, with the kernel's reason, and status 2."""
    programs = small_dm(tmp_path, "0x43")
    forbid = 'echo 0 >/proc/sys/user/max_mnt_namespaces && exec "$@"'
    words = [sys.executable, "-m", "acrn_hwtests", "--dry", "--acrn-dm", str(programs.acrn_dm)]
    done = subprocess.run(
        ["/usr/bin/unshare", "--user", "--map-root-user", "sh", "-c", forbid, "sh", *words],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("acrn-hwtests: no private world can be made here: namespaces: ")
    assert done.stderr.count("\n") == 1
