"""``capture --read``: whatever lint takes is judged as calls are, those of acrnctl among them."""

import json
import re
from pathlib import Path

import pytest
from captures import capture

OPTIONS = "-m 2048M -s 0:0,hostbridge -s 3,virtio-blk,nodisk --ovmf /o.fd vm"
CALL = f"acrn-dm --cpu_affinity 0 {OPTIONS}"


def read(folder: Path, content: str, *words: str) -> str:
    """Return what is said of a file, which is as it should be."""
    path = folder / "input"
    path.write_text(content)
    run = capture("--read", str(path), *words)
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stderr == ""
    return run.stdout


FORMS = {
    "a script": f"#!/bin/sh\nset -e\n{CALL}\n",
    "a list of processes": f"PID COMMAND\n902 /usr/bin/{CALL}\n",
    "a log of kata": f'level=info Params="[{CALL.partition(" ")[2]}]" Path=/usr/bin/acrn-dm\n',
    "JSON": json.dumps(CALL.split(), indent=1),
    "a record without the rest": json.dumps({"argv": CALL.split()}) + "\n",
}


@pytest.mark.parametrize("form", FORMS)
def test_what_lint_takes_is_read(tmp_path: Path, form: str) -> None:
    """A call is shown with its devices and where it stands."""
    said = read(tmp_path, FORMS[form], "--release", "v3.3")
    assert "\ncall 1: acrn-dm, 11 arguments\n" in said
    assert str(tmp_path / "input") in said
    assert "         3  virtio-blk               placeholder (nodisk)" in said
    assert "  v3.3: accepted\n" in said
    assert "1 call captured: 1 of acrn-dm\n" in said


def test_what_a_script_leaves_open_breaks_no_rule(tmp_path: Path) -> None:
    """It is told by its name, and can be given."""
    script = f"{CALL.replace('2048M', '$mem')}\n"
    said = read(tmp_path, script, "--release", "v3.3")
    assert "  not known: $mem; give it with --set NAME=VALUE\n" in said
    path = tmp_path / "input"
    run = capture("--read", str(path), "--release", "v3.3", "--set", "mem=1", "--set", "men=1G")
    assert run.returncode == 1
    assert "invalid memsize" in run.stdout
    assert "--set men: no $men is left open" in run.stderr


def test_the_calls_of_acrnctl_in_a_script_are_judged(tmp_path: Path) -> None:
    """A rescan must name a slot that holds a placeholder, of the VM that was started."""
    said = read(tmp_path, f"{CALL} &\nsudo acrnctl blkrescan vm 3,/d.img\nacrnctl list\n")
    assert "call 2: acrnctl, 3 arguments" in said
    assert "the rescan finds its placeholder" in said
    (tmp_path / "input").write_text(f"{CALL} &\nacrnctl blkrescan vm 4,/d.img\n")
    run = capture("--read", str(tmp_path / "input"))
    assert run.returncode == 1
    assert "slot 4 of vm holds nothing" in run.stdout


@pytest.mark.parametrize(
    "script",
    [
        f"{CALL} &\nacrnctl blkrescan vm $slot,/d.img\n",
        f"{CALL.replace('3,', '$slot,')} &\nacrnctl blkrescan vm 4,/d.img\n",
    ],
)
def test_a_rescan_of_what_is_not_known_is_not_judged(tmp_path: Path, script: str) -> None:
    """Neither for right nor for wrong, and that is said."""
    said = read(tmp_path, script)
    assert "not judged: what it names, or what a VM has, is not wholly known" in said
    assert "rescan-slot" not in said


def test_what_fails_can_be_chosen(tmp_path: Path) -> None:
    """As lint has it: a need of the board, besides a refusal by any release."""
    script = f"{CALL}\n"
    read(tmp_path, script, "--release", "v3.3")
    for words in (("needs", "--release", "v3.3"), ("refused",)):
        assert capture("--read", str(tmp_path / "input"), "--fail-on", *words).returncode == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("ls\n", "no call of acrn-dm found; looked for"),
        ("acrnctl list\n", "no call of acrn-dm found; looked for"),
        ('{"a": 1}\n', "JSON, but dict and no array"),
        ("\x00\x01\x02", "binary data"),
    ],
)
def test_unusable_input_is_said_in_a_line(tmp_path: Path, content: str, message: str) -> None:
    """As lint says it."""
    path = tmp_path / "input"
    path.write_text(content)
    run = capture("--read", str(path))
    assert run.returncode == 2
    assert re.search(rf"--read {re.escape(str(path))}.*{message}", run.stderr)
    assert run.stderr.count("\n") == 1


def test_a_value_needs_something_to_read() -> None:
    """A command that runs has no holes."""
    run = capture("--set", "a=b", "--", "true")
    assert run.returncode == 2
    assert "--set says what a script leaves open; give one with --read" in run.stderr


def test_an_empty_record_is_one_of_no_call(tmp_path: Path) -> None:
    """As the capture that wrote it ended."""
    path = tmp_path / "calls"
    path.touch()
    run = capture("--read", str(path))
    assert run.returncode == 1
    assert run.stdout == "\n0 calls captured\n"
