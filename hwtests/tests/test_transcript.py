"""The transcript: on disk as it happens, both directions, bounded, with a header."""

import json
import resource
from pathlib import Path

import pytest
from scripted import SHELL, header, scripted

from acrn_arch import Config
from acrn_arch.table import BlockTable
from acrn_hwtests.plan import Plan
from acrn_hwtests.transcript import Bounded, Folder


def test_a_short_stream_is_kept_whole(tmp_path: Path) -> None:
    """What fits is kept as it came."""
    file = Bounded(tmp_path / "raw", kept=10)
    file.write(b"abc")
    file.write(b"defg")
    file.close()
    assert (tmp_path / "raw").read_bytes() == b"abcdefg"
    assert [path.name for path in tmp_path.iterdir()] == ["raw"]


@pytest.mark.parametrize("size", [10, 11, 20, 21, 29, 30, 31, 99, 100, 101])
def test_head_and_tail_of_a_long_stream_are_kept(tmp_path: Path, size: int) -> None:
    """Of what does not fit, head and tail are kept, and a line says how much is left out."""
    data = bytes(range(size))
    file = Bounded(tmp_path / "raw", kept=10)
    for start in range(0, size, 3):
        file.write(data[start : start + 3])
    file.close()
    kept = (tmp_path / "raw").read_bytes()
    head, gap, tail = kept.partition(b"\n... ")
    number, _, tail = tail.partition(b" bytes are left out here ...\n")
    if gap:
        assert (head, data[-len(tail) :]) == (data[:10], tail)
        assert len(tail) >= 10
        assert 10 + int(number) + len(tail) == size
    else:
        assert kept == data
    assert [path.name for path in tmp_path.iterdir()] == ["raw"]


def test_it_is_on_disk_while_it_happens(tmp_path: Path) -> None:
    """What has been said can be read while the guest still runs, both directions with times."""
    with scripted(tmp_path, SHELL) as guest:
        guest.serial.boot()
        guest.serial.run("echo said-it")
        raw = (guest.folder.path / "ttyS0.raw").read_bytes()
        log = (guest.folder.path / "ttyS0.log").read_text().split("\n")
        assert b"said-it" in raw
        assert b"sh -c" not in raw
        assert any(" > " in line and "echo said-it" in line for line in log)
        assert any(" < " in line and line.endswith("said-it") for line in log)


def test_stderr_is_apart(tmp_path: Path) -> None:
    """What acrn-dm writes on stderr is not mixed into the guest's console."""
    with scripted(tmp_path, "echo to-stderr >&2\n" + SHELL) as guest:
        guest.serial.boot()
        folder = guest.folder.path
    assert (folder / "stderr.raw").read_bytes() == b"to-stderr\n"
    assert b"to-stderr" not in (folder / "ttyS0.raw").read_bytes()


def test_the_header_tells_what_it_is_of_and_how_it_ended(tmp_path: Path) -> None:
    """The header has the argv from the start, and the reason of the end after it."""
    with scripted(tmp_path, "exit 3") as guest:
        path = guest.folder.path / "header.json"
        before = json.loads(path.read_bytes())
        assert (before["argv"], before["end"]) == (["-A", "sandbox-scripted"], "")
        with pytest.raises(Exception, match="exit status 3"):
            guest.serial.boot()
    after = json.loads(path.read_bytes())
    assert after["end"].startswith("device-model error: acrn-dm ended with exit status 3")
    assert after["ended"] > ""


def test_a_full_disk_leaves_the_header_as_it_was(tmp_path: Path) -> None:
    """And nothing half-written beside it."""
    of = header(Plan("vm", ("-A", "vm"), BlockTable(), Config(), str(tmp_path)))
    folder = Folder(tmp_path / "guest", of)
    before = (tmp_path / "guest" / "header.json").read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) // 2, limits[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            folder.close("later", "stopped")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert [path.name for path in (tmp_path / "guest").iterdir()] == ["header.json"]
    assert (tmp_path / "guest" / "header.json").read_bytes() == before
