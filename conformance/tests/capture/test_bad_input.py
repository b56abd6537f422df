"""Bad input: one line with the reason and the remedy, exit status 2, and nothing was run."""

import shlex
import subprocess
from pathlib import Path

import pytest
from captures import COMMAND, capture, nothing_left

pytestmark = pytest.mark.unmeasured


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "give a command after --, or --read FILE"),
        (("--read", "x", "--", "true"), "give a command after --, or --read FILE"),
        (("--read", "x", "--harmless"), "leave out --out, --stay, --stand-ins and --harmless"),
        (("--read", "nowhere"), "--read nowhere: No such file"),
        (("--read", "."), "--read .: Is a directory"),
        (("--read", "junk"), "line 1 is no call: "),
        (("--read", "both"), "line 1 is no call: "),
        (("--golden", "no-such-case", "--", "true"), "no case has the id 'no-such-case'"),
        (("--golden", "limits-fixed", "--", "true"), "limits-fixed expects no argv"),
        (("--golden", "x", "--sandbox", "y", "--", "true"), "not allowed with"),
        (("--sandbox", "junk", "--", "true"), "--sandbox junk: "),
        (("--release", "v9", "--", "true"), "invalid choice: 'v9'"),
        (("--out", ".", "--", "true"), "--out .: not a regular file"),
        (("--out", "no/where", "--", "true"), "--out no/where: No such file"),
        (("--", "no-such-program"), "cannot execute no-such-program: No such file"),
        (("--", ""), "the first word of the command is empty"),
    ],
)
def test_unusable_input_is_said_in_a_line(
    tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    """Exit status 2, the reason and the remedy on stderr, no traceback, nothing left."""
    (tmp_path / "junk").write_text('{"program": 1}\n', "utf-8")
    line = '{"program":"a","time":"","pid":1,"parent_pid":1,"cwd":"","parent_command":"","argv":[]'
    (tmp_path / "both").write_text(line + ',"argv_base64":[]}\n', "utf-8")
    run = capture(*words)
    assert run.returncode == 2
    assert message in run.stderr
    assert "Traceback" not in run.stderr
    assert nothing_left(tmp_path)


@pytest.mark.parametrize("words", [(), ("--stand-ins", "new")])
def test_no_room_for_the_stand_ins_is_said_in_a_line(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    """A limit on the size of files is one case; an earlier record stays, and no new one is made."""
    (tmp_path / "earlier").write_text("kept\n", "utf-8")
    for record in ("calls", "earlier"):
        wish = [*COMMAND, "--out", record, *words, "--", "true"]
        run = subprocess.run(
            ["/bin/sh", "-c", f"ulimit -f 0; exec {shlex.join(wish)}"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 2
        assert run.stderr == (
            "acrn-conformance: no stand-ins can be written: File too large; make room, and let "
            "files be as large as they need (ulimit -f)\n"
        )
    assert not (tmp_path / "calls").exists()
    assert not (tmp_path / "new").exists()
    assert (tmp_path / "earlier").read_text("utf-8") == "kept\n"


def test_a_folder_that_is_hidden_cannot_be_worked_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """A world without harm has no sysfs, and so no command can start in it."""
    monkeypatch.chdir("/sys/kernel")
    run = capture("--harmless", "--", "true")
    assert run.returncode == 2
    assert "/sys/kernel: hidden from the command; start from another" in run.stderr
