"""Running VMs are found by their control sockets, and only while they run."""

import asyncio
import json
import os
import socket
import stat
from pathlib import Path

import pytest
from standin_support import PretendedHost

from acrn_standin import ctl, state
from acrn_standin.control import Control
from acrn_standin.errors import RescanError, StateFolderError
from acrn_standin.host import Image, ThisHost
from acrn_standin.rescan import Request, requested


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(state.VARIABLE, str(tmp_path / "state"))
    return state.folder()


def test_a_name_is_claimed_by_one(folder: Path) -> None:
    """In a folder for its owner alone; the claim ends with its context, and leaves nothing."""
    with state.claimed(folder, "vm1"), state.claimed(folder, "vm2"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        with (
            pytest.raises(StateFolderError, match="'vm1' is running"),
            state.claimed(folder, "vm1"),
        ):
            pass
        assert len(list(folder.iterdir())) == 2
    assert list(folder.iterdir()) == []


def test_a_killed_vms_claim_is_taken_over(folder: Path) -> None:
    """Its socket is still there, and nobody listens."""
    folder.mkdir(mode=0o700)
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(state.control_socket(folder, "vm1")))
    with state.claimed(folder, "vm1"):
        assert state.listened_at(state.control_socket(folder, "vm1"))


def test_a_folder_open_to_others_is_refused(folder: Path) -> None:
    """With the remedy."""
    folder.mkdir()
    folder.chmod(0o755)
    with pytest.raises(StateFolderError, match="chmod 700"), state.claimed(folder, "vm1"):
        pass


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """Or whose name leaves no room for a socket's; with the variable that names another."""
    (tmp_path / "file").touch()
    for path in tmp_path / "file" / "state", tmp_path / ("d" * 100):
        with pytest.raises(StateFolderError, match=state.VARIABLE), state.claimed(path, "vm1"):
            pass


def test_only_dead_sockets_are_removed(tmp_path: Path) -> None:
    """What others listen at stays, and what is no socket."""
    live, dead, file = (tmp_path / name for name in ("live", "dead", "file"))
    file.touch()
    with socket.socket(socket.AF_UNIX) as listener, socket.socket(socket.AF_UNIX) as other:
        listener.bind(str(live))
        listener.listen()
        other.bind(str(dead))
        for path in live, dead, file, tmp_path / "missing":
            state.remove_dead(str(path))
        assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "live"]


def test_a_message_is_a_line() -> None:
    """Any name can be in it; what is no message is none."""
    message: state.Message = {"name": "a\udcff\n", "error": -1}
    assert state.decoded(state.encoded(message)) == message
    assert state.encoded(message).count(b"\n") == 1
    for line in b"", b"[]\n", b"{", b"\xff\n", b"1\n":
        assert state.decoded(line) is None


async def _conversation(folder: Path, *requests: bytes) -> list[state.Message | None]:
    """Return the answers of a VM that is between two of its guests."""
    with state.claimed(folder, "vm1") as listener:
        async with Control("vm1", ThisHost()).answering(listener):
            answers = []
            for request in requests:
                path = state.control_socket(folder, "vm1")
                reader, writer = await asyncio.open_unix_connection(path)
                writer.write(request)
                writer.write_eof()
                answers.append(state.decoded(await reader.read()))
                writer.close()
                await writer.wait_closed()
            return answers


def test_a_vm_answers_what_it_is_asked(folder: Path) -> None:
    """Its name; why a rescan fails; and that a request is none, whatever it is."""
    rescan = {"command": "blkrescan", "argument": "5,/disk"}
    answers = asyncio.run(
        _conversation(
            folder,
            *(b'{"command": "list"}\n', json.dumps(rescan).encode() + b"\n"),
            *(b"\xff\xfe\n", b"", b'{"command": "blkrescan", "argument": 1}\n'),
        )
    )
    assert answers[0] == {"name": "vm1"}
    assert answers[1] == {"error": -1, "why": NOT_THERE.format(5)}
    nonsense = {"error": -1, "why": "no such request"}
    assert answers[2:] == [nonsense, nonsense, nonsense]


async def _asked_too_much(folder: Path) -> state.Message | None:
    with state.claimed(folder, "vm1") as listener:
        async with Control("vm1", ThisHost()).answering(listener):
            path = state.control_socket(folder, "vm1")
            return await asyncio.to_thread(state.ask, path, {"command": "x" * (1 << 20)})


def test_a_request_without_an_end_is_cut_off(folder: Path) -> None:
    """It is not kept in memory, and to the one who asks there is no answer."""
    assert asyncio.run(_asked_too_much(folder)) is None


NOT_THERE = (
    "slot {} holds no placeholder (virtio-blk,nodisk), or no longer: "
    "Replacing valid backend file not supported!"
)


@pytest.mark.parametrize(
    ("argument", "why"),
    [
        ("", "Slot info or path not available!"),
        ("5", "Slot info or path not available!"),
        ("x,/disk", "Incorrect slot: 'x'"),
        ("5,/nodisk", "no valid backend file found: '/nodisk' names a placeholder"),
        ("6,/disk", NOT_THERE.format(6)),
        ("5,missing", "Could not open backing file: missing"),
        ("5,/odd", "/odd size not correct, should be multiple of 512"),
        ("5,/disk,foo", 'Invalid device option "foo"'),
        ("5,/disk,ro", "stand-in: cannot express the options of a rescan (/disk,ro)"),
        ("5,/disk,range=1/2", "stand-in: cannot express a part of an image (range=1/2)"),
    ],
)
def test_a_rescan_that_cannot_be(argument: str, why: str) -> None:
    """It has a reason, mostly in acrn-dm's words."""
    with pytest.raises(RescanError) as caught:
        requested(argument, frozenset({5}), PretendedHost({"/odd": Image(513)}))
    assert str(caught.value) == why


def test_a_rescan_names_a_slot_and_a_path() -> None:
    """The slot as strtol reads it, the path up to a comma."""
    asked = requested(" 5x,/disk", frozenset({5}), PretendedHost())
    assert asked == Request(5, "/disk", Image(1 << 20))


@pytest.mark.parametrize("name", ["vm1", "with.dot", "n" * 73])
def test_acrnctl_says_which_vm_it_cannot_find(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """One that is not there; nor one with a dot, or a long name, though it were."""
    with state.claimed(folder, "another"):
        assert ctl.main(["blkrescan", name, "5,/disk"]) == 255
    assert capsys.readouterr().out == f"can't find {name}\n"


def test_acrnctl_lists_nothing_where_nothing_runs(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whether the folder is there or not."""
    assert ctl.main(["list"]) == 0
    folder.mkdir(mode=0o700)
    state.control_socket(folder, "dead").touch()
    assert ctl.main(["list"]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("argv", "status", "line"),
    [
        ([], 0, "Usage: acrnctl"),
        (["help"], 0, "Usage: acrnctl"),
        (["list", "x"], 255, "acrnctl list"),
        (["blkrescan", "vm1"], 255, "acrnctl blkrescan VM_NAME slot,newpath"),
        (["bogus\udcff"], 255, "Unknown command: bogus\\xff"),
    ],
)
def test_acrnctl_says_how_it_is_used(
    capsys: pytest.CaptureFixture[str], argv: list[str], status: int, line: str
) -> None:
    """Where it is asked, and where it is asked for what it does not do."""
    assert ctl.main(argv) == status
    assert capsys.readouterr().out.startswith(line)


def test_this_machines_files_are_looked_at(tmp_path: Path) -> None:
    """Size and kind of a disk's file, terminals, and where something can be made."""
    host, image = ThisHost(), tmp_path / "disk"
    image.write_bytes(b"\0" * 1024)
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    assert host.image(str(image)) == Image(1024)
    assert host.image(str(tmp_path / "missing")) is None
    assert host.image(str(tmp_path)) is None
    assert host.image(str(fifo)) is None
    assert host.is_terminal(str(image)) is False
    assert host.is_terminal(str(tmp_path / "missing")) is None
    assert host.has_place_for(str(tmp_path / "new"))
    assert host.has_place_for("relative")
    assert not host.has_place_for(str(tmp_path))
    assert not host.has_place_for(str(tmp_path / "missing" / "new"))
    assert not host.has_place_for("")
    leader, follower = os.openpty()
    try:
        assert host.is_terminal(os.ttyname(follower)) is True
    finally:
        os.close(leader)
        os.close(follower)
