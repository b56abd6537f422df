"""Recording verdicts: what is read, the host that a run finds, and what differs from lint."""

import io
import json
from pathlib import Path

import pytest
from dry_support import small_dm

from acrn_dm import RELEASES
from acrn_dry.building import DryError
from acrn_dry.recording import Entry, Recorded, difference, entries, record
from acrn_dry.root import furnish, place
from acrn_dry.verdict import Verdict

_TAKEN = ("-m", "512M", "-s", "0:0,hostbridge", "-k", "/vmlinux", "vm1")
_CLASH = ("-s", "0:0,hostbridge", "-s", "0:0,lpc", "-k", "/vmlinux", "vm1")


def _recorded(argv: tuple[str, ...], stage: str, status: int | None, message: str = "") -> Recorded:
    return Recorded("", argv, {"v2.5": Verdict(stage, status, message)})


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"{}", "line 2 is no argv: .*`argv`"),
        (b'{"argv": "-v"}', "line 2 is no argv"),
        (b"[", "line 2 is no argv"),
        (b'{"argv": ["a\\u0000b"]}', "line 2: a word has a NUL"),
    ],
)
def test_a_line_that_is_no_argv_is_told(line: bytes, said: str) -> None:
    """Which line, why, and what one looks like."""
    with pytest.raises(DryError, match=said):
        list(entries(io.BytesIO(b'{"argv": ["-v"]}\n' + line + b"\n")))


def test_a_recording_can_be_recorded_anew() -> None:
    """Old verdicts in a line are not read; the tag is kept."""
    line = json.dumps({"tag": "base", "argv": ["-v"], "dm": {"v2.5": {"stage": "ok"}}})
    assert list(entries(io.BytesIO(line.encode()))) == [Entry(("-v",), "base")]


def test_a_verdict_that_lint_predicts_does_not_differ() -> None:
    """Stage and status are the model's, and the message holds what it knows of it."""
    assert difference(_recorded(_TAKEN, "ok", 0), "v2.5") == ""
    said = "more before | pci slot 0:0 already occupied!"
    assert difference(_recorded(_CLASH, "argv", 1, said), "v2.5") == ""


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (_recorded(_CLASH, "ok", 0), "a guest would run; lint says argv, exit status 1: pci slot"),
        (_recorded(_TAKEN, "device", 1, "no"), "device, exit status 1: no; lint takes it"),
        (_recorded(_CLASH, "argv", 0, "pci slot 0:0 already occupied!"), "argv, exit status 0"),
        (_recorded(_CLASH, "argv", 1, "another"), "argv, exit status 1: another; lint says argv"),
    ],
)
def test_a_verdict_that_lint_does_not_predict_differs(found: Recorded, told: str) -> None:
    """Both are told."""
    assert told in difference(found, "v2.5")


def test_what_hung_has_no_verdict_to_differ() -> None:
    """It says nothing of the argv."""
    assert difference(_recorded(_TAKEN, "crash", None, "hang: "), "v2.5") == ""


def test_every_path_that_an_argv_names_is_there(tmp_path: Path) -> None:
    """As on the host of the recordings: files, but for device nodes that no such host has."""
    furnish(tmp_path)
    argv = (
        *("-k/vmlinux", "-s", "3,virtio-console,@socket:console0=/run/deep/c.sock"),
        *("-s", "4,virtio-blk,/img,ro", "-s", "5,virtio-input,/dev/input/event3"),
        *("--ovmf", "code=/c.fd,vars=/v.fd", "--iasl", "/bin/true", "vm1"),
    )
    place(tmp_path, argv)
    for name in ("vmlinux", "run/deep/c.sock", "img", "c.fd"):
        assert (tmp_path / name).stat().st_size == 1 << 20
    assert (tmp_path / "v.fd").stat().st_size == 64 << 10
    assert not (tmp_path / "dev/input").exists()
    assert not (tmp_path / "bin").exists()


def test_names_that_cannot_be_are_passed_over(tmp_path: Path) -> None:
    """A path of more than a file system takes, or below a file, is not there; nothing fails."""
    place(tmp_path, (f"/{'x' * 300}", "/a", "/a/b", "/", "//"))
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


@pytest.mark.board
@pytest.mark.parametrize("release", RELEASES[-1:])
def test_verdicts_are_recorded_in_order(tmp_path: Path, release: str) -> None:
    """One line an argv, however many run at a time."""
    programs = small_dm(tmp_path, "0xA2")
    stages = ["argv", "ok", "device", "vm", "load", "ok"]
    argvs = [("vm1",) if stage == "ok" else ("-f", stage, "vm1") for stage in stages]
    found = list(record(programs, release, [Entry(argv) for argv in argvs]))
    assert [each.dm[release].stage for each in found] == stages
    assert [each.argv for each in found] == argvs
