"""Unusable input is told in a line, and nothing acts on the terminal."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from implementations import COMMAND, SERVE, acrn_conformance


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("run", "--select", "no-such-*"), "no case matches 'no-such-*'"),
        (("run", "--select", "limits-*", "--deselect", "limits-*"), "no case is left"),
        (("run", "--timeout", "0"), "is not a time above 0"),
        (("run", "--timeout", "nan"), "is not a time above 0"),
        (("run", "--jobs", "0"), "is not a number from 1"),
        (("run", "--level", "must"), "choose from required"),
        (("run", "--require", "argw"), "--require argw: no method of kata-1"),
        (("run", "--json", "/nonexistent/x"), "--json /nonexistent/x: No such file"),
        (("run", "--trace", "/"), "--trace /: Is a directory"),
        (("run", "--known-failures", "/nonexistent"), "/nonexistent: No such file"),
        (("run", "--", "/nonexistent/adapter"), "cannot execute /nonexistent/adapter: No such"),
        (("run", "--", "false"), "cannot be started: it ended (exit status 1)"),
        (("show", "no-such-case"), "no case has the id 'no-such-case'"),
        (("list", "--select", "no-such-*"), "no case matches"),
        (("judge",), "no command 'judge'"),
        ((), "name a command: smoke, run, "),
    ],
)
def test_unusable_input_is_said_in_a_line(words: tuple[str, ...], message: str) -> None:
    """Exit status 2, the reason and the remedy on stderr, nothing judged, no traceback."""
    run = acrn_conformance(*words)
    assert run.returncode == 2
    assert message in run.stderr
    assert "Traceback" not in run.stderr
    assert run.stdout == ""


def test_the_command_that_a_remedy_names_works() -> None:
    """It gives the line that an implementation which cannot be started is to be tried with."""
    remedy = acrn_conformance("run", "--", "false").stderr.partition("acrn-conformance show ")[2]
    shown = acrn_conformance("show", *shlex.split(remedy))
    assert (shown.returncode, json.loads(shown.stdout)["method"]) == (0, "describe")


def test_output_to_a_reader_that_goes_away_is_no_traceback() -> None:
    """``acrn-conformance list | true`` says nothing."""
    line = shlex.join([*COMMAND, "list"]) + " | true"
    run = subprocess.run(["/bin/sh", "-c", line], capture_output=True, text=True, check=False)
    assert run.stderr == ""


def test_an_odd_locale_changes_nothing() -> None:
    """Output and the wire are UTF-8 whatever the locale says."""
    run = subprocess.run(
        [*COMMAND, "run", "--", *SERVE],
        capture_output=True,
        env=os.environ | {"LC_ALL": "POSIX", "PYTHONIOENCODING": "latin-1"},
        check=False,
    )
    assert run.returncode == 0, run.stdout


CASE = {
    "id": "a",
    "title": "T.",
    "rule": "r\x1b[31m",
    "level": "required",
    "request": {"method": "limits", "params": {}},
    "expect": {"result": {"max_vcpus": 9}},
}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[" * 100_000, "c.json: "),
        ("", "c.json: "),
        ("[]", "there is no case in it; give some"),
        (json.dumps([CASE, CASE]), "$[1].id: 'a' is the id of $[0] too; give it its own"),
        ('[{"id": 1}]', "$[0].id"),
    ],
)
def test_a_case_file_that_cannot_be_used_is_refused(
    tmp_path: Path, text: str, message: str
) -> None:
    """The file is named, what is wrong with it, and the remedy."""
    path = tmp_path / "c.json"
    path.write_text(text, "utf-8")
    run = acrn_conformance("run", "--cases", str(path))
    assert run.returncode == 2
    assert message in run.stderr
    assert "; give" in run.stderr


def test_a_case_file_from_elsewhere_cannot_act_on_the_terminal(tmp_path: Path) -> None:
    """Whatever its texts hold is made visible."""
    path = tmp_path / "c.json"
    path.write_text(json.dumps([CASE]), "utf-8")
    run = acrn_conformance("run", "--cases", str(path))
    assert run.returncode == 1
    assert "\x1b" not in run.stdout
    assert r"rule r\x1b[31m" in run.stdout


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("{} lint --file - <&-", 2),
        ("{} serve <&-", 0),
        ("{} list >/dev/full", 2),
        ("{} list >&-", 0),
        ("{} run --select 'limits-*' 2>&-", 0),
        ("{} run -- " + "x" * 5000, 2),
    ],
)
def test_streams_that_are_closed_or_full_are_no_traceback(line: str, status: int) -> None:
    """A closed stream is an empty one; what cannot be written or read at all is status 2."""
    shell = line.format(shlex.join(COMMAND))
    run = subprocess.run(["/bin/sh", "-c", shell], capture_output=True, text=True, check=False)
    assert "Traceback" not in run.stdout + run.stderr
    assert run.returncode == status


INTERRUPTED = """
import signal, sys
from acrn_conformance.cli import main

class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == "acrn_conformance.cli.lint":
            signal.raise_signal(signal.SIGINT)

sys.meta_path.insert(0, Interrupting())
sys.exit(main(["lint", "--", "acrn-dm", "vm"]))
"""


def test_an_interruption_while_a_command_is_loaded_is_no_traceback() -> None:
    """It is told in a line, as at any other time."""
    run = subprocess.run(
        [sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, check=False
    )
    assert run.returncode == 130
    assert run.stderr == "acrn-conformance: interrupted\n"


@pytest.mark.parametrize(
    "words",
    [
        ("lint", "--sarif", "FILE", "--", "acrn-dm", "vm"),
        ("show", "--svg", "FILE", "--", "acrn-dm", "vm"),
        ("capture", "--out", "FILE", "--", "true"),
        ("run", "--json", "FILE"),
        ("run", "--trace", "FILE"),
        ("lint", "--file", "FILE"),
        ("show", "--file", "FILE"),
        ("capture", "--read", "FILE"),
        ("run", "--cases", "FILE"),
    ],
)
def test_the_name_of_a_file_is_shown_in_one_harmless_line(words: tuple[str, ...]) -> None:
    """A line end and an escape in it are written out."""
    run = acrn_conformance(*("/nonexistent/a\n\x1b[31mb" if w == "FILE" else w for w in words))
    assert run.returncode == 2
    assert r"/nonexistent/a\n\x1b[31mb" in run.stderr
    assert run.stderr.count("\n") == 1
