"""Every command on real terminals: narrow ones, none, and one that is interrupted."""

import json
import os
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path

import pexpect
import pytest
from implementations import COMMAND, wrong
from rich.cells import cell_len

from acrn_conformance.reports.progress_lines import progress, telling

pytestmark = pytest.mark.unmeasured

ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
LONG = "x" * 150
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if name not in {"COLUMNS", "NO_COLOR", "FORCE_COLOR"}
}
WIDE = r"answers.ACRN_DM = '/bin/\u8a2d\u5b9a\u8a2d\u5b9a' + '\u8a2d' * 30"


def terminal(columns: int, *words: str, **environment: str) -> "pexpect.spawn[str]":
    """Start the command on a terminal of so many columns."""
    return pexpect.spawn(
        sys.executable,
        ["-m", "acrn_conformance", *words],
        env=ENVIRONMENT | {"TERM": "xterm-256color", **environment},
        dimensions=(40, columns),
        timeout=60,
        encoding="utf-8",
    )


def shown(columns: int, *words: str, **environment: str) -> list[str]:
    """Return the lines that a terminal got, without escapes and bars."""
    child = terminal(columns, *words, **environment)
    child.expect(pexpect.EOF)
    child.close()
    plain = ESCAPE.sub("", child.before or "").replace("\r\n", "\n")
    return [line.rpartition("\r")[2] for line in plain.split("\n")]


def without_commands(lines: list[str]) -> list[str]:
    """Return the lines that belong to no command that judges again."""
    text = re.sub(r"^  again: (?:.* \\\n)*.*\n", "", "\n".join(lines), flags=re.MULTILINE)
    return text.split("\n")


@pytest.mark.parametrize("columns", [40, 80, 200])
@pytest.mark.parametrize(
    "words",
    [
        ("run", "--select", "paths-*", "--", *wrong(WIDE)),
        ("lint", "--release", "v3.0", "--", "acrn-dm", "-s", f"3,virtio-blk,/{LONG}", "-Z", "vm"),
        ("show", "--", "acrn-dm", "-s", f"3,virtio-blk,/{LONG}", "vm"),
        ("show", "sandbox-argv-whole-quiet-no-params-no-steps"),
        ("list", "--select", "argv-no-*"),
        ("lint", "--upgrade", "v3.0", "--", "acrn-dm", "-A", "-s", f"3,virtio-blk,/{LONG}", "vm"),
    ],
    ids=["run", "lint", "slots", "case", "list", "upgrade"],
)
def test_no_line_is_wider_than_the_terminal(columns: int, words: tuple[str, ...]) -> None:
    """Whatever is shown, wide characters among it; but for words of a command to copy."""
    lines = without_commands(shown(columns, *words))
    assert max(map(cell_len, lines)) <= columns
    assert any(lines)


def test_columns_in_the_environment_are_heeded() -> None:
    """Who sets COLUMNS means it."""
    lines = shown(120, "show", "--", "acrn-dm", "-s", f"3,virtio-blk,/{LONG}", COLUMNS="50")
    assert max(map(cell_len, lines)) <= 50


def test_lines_follow_a_terminal_that_is_made_narrower(tmp_path: Path) -> None:
    """The width is that of the moment at which a line is shown."""
    lines = tmp_path / "lines.jsonl"
    os.mkfifo(lines)
    command = shlex.join([*COMMAND, "lint", "--release", "v3.0", "--file", "-"])
    child = pexpect.spawn(
        "/bin/sh",
        ["-c", f"exec {command} < {lines}"],
        env=ENVIRONMENT | {"TERM": "xterm-256color"},
        dimensions=(40, 100),
        timeout=60,
        encoding="utf-8",
    )
    with lines.open("w", encoding="utf-8", buffering=1) as file:
        print(json.dumps(["-Z", "first"]), file=file)
        child.expect_exact("remedy: begin with -s 0:0,hostbridge")
        wide = (child.before or "").splitlines()
        child.setwinsize(40, 40)
        print(json.dumps(["-Z", "second"]), file=file)
    child.expect(pexpect.EOF)
    child.close()
    narrow = (child.before or "").splitlines()[1:]  # the first is the rest of that remedy
    widths = [max(cell_len(ESCAPE.sub("", line)) for line in each) for each in (wide, narrow)]
    assert 40 < widths[0] <= 100
    assert widths[1] <= 40
    assert any("second" in line for line in narrow)


def test_a_pipe_gets_whole_lines_and_colours_when_it_wants_them() -> None:
    """FORCE_COLOR colours, NO_COLOR is stronger, and neither folds."""
    words = [*COMMAND, "show", "--", "acrn-dm", "-s", f"3,virtio-blk,/{LONG}"]

    def output(**environment: str) -> str:
        run = subprocess.run(
            words, env=ENVIRONMENT | environment, capture_output=True, text=True, check=True
        )
        return run.stdout

    plain = output()
    assert "\x1b" not in plain
    assert LONG in plain
    coloured = output(FORCE_COLOR="1", TERM="dumb")
    assert "\x1b[32m" in coloured
    assert ESCAPE.sub("", coloured) == plain
    assert output(FORCE_COLOR="1", NO_COLOR="1") == plain


@pytest.mark.parametrize("columns", [40, 120])
def test_after_an_interrupt_the_bar_is_gone_and_the_cursor_back(columns: int) -> None:
    """The line is erased, and nothing of it stays behind."""
    child = terminal(
        columns, "fuzz", "--time", "60", "--", sys.executable, "-m", "acrn_conformance", "serve"
    )
    child.expect(r"judged [^\r]*\d")
    child.sendintr()
    child.expect(pexpect.EOF)
    child.close()
    rest = child.before or ""
    shown_again = rest.rindex("\x1b[?25h")
    assert "\x1b[2K" in rest[shown_again:]
    assert "\x1b[?25l" not in rest


def test_without_a_terminal_there_is_a_line_now_and_then(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Also while nothing is told, which is what an implementation that hangs does."""
    said = ""
    with telling("judging", 2000, first=0.01) as tell:
        tell(12)
        while said.count("judging: 12 of 2,000") < 2:
            said += capsys.readouterr().err
            time.sleep(0.001)


def test_a_short_run_says_nothing_on_the_way(capsys: pytest.CaptureFixture[str]) -> None:
    """The first line comes after ten seconds."""
    with telling("judging", 2) as tell:
        tell(1)
    assert capsys.readouterr().err == ""


IMPATIENT = """
import sys
from acrn_conformance.cli import main
from acrn_conformance.reports import terminal
terminal._SHORT = -1.0
sys.exit(main(sys.argv[1:]))
"""
"""The command, to which everything takes long."""


def linted(file: Path, goes_to: str) -> str:
    """Return what a terminal gets of a long lint of two files."""
    words = shlex.join([sys.executable, "-c", IMPATIENT, "lint", "--file", str(file), str(file)])
    child = pexpect.spawn(
        "/bin/sh", ["-c", f"{words} {goes_to}"], env=ENVIRONMENT, timeout=60, encoding="utf-8"
    )
    child.expect(pexpect.EOF)
    return child.before or ""


def test_a_long_lint_of_files_shows_how_far_it_is(tmp_path: Path) -> None:
    """On a terminal, unless the report goes there: it says so itself."""
    (file := tmp_path / "line").write_text("acrn-dm vm\n", "utf-8")
    assert "linting files" in linted(file, ">/dev/null")
    seen = linted(file, "")
    assert "linting files" not in seen
    assert "2 argvs, 2 of them refused" in seen


def test_progress_has_its_rate_and_what_remains() -> None:
    """At the rate so far."""
    told = progress("judging", 500, 2000, 10.0)
    assert told == "judging: 500 of 2,000 after 10 s, 50 a second, some 30 s left"
    assert progress("judged", 0, None, 10.0) == "judged: 0 after 10 s, 0 a second"
    assert "left" not in progress("judging", 0, 2000, 10.0)
