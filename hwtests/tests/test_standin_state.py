"""The files of running VMs: who has a slot, what is left, and what acrnctl finds."""

import asyncio
import json
import os
import socket
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import pytest
from standin_support import PretendedHost

from acrn_standin import ctl, state
from acrn_standin.control import Control
from acrn_standin.errors import RescanError, StateFolderError
from acrn_standin.host import Image, ThisHost
from acrn_standin.release import RELEASES
from acrn_standin.rescan import Request, requested


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(state.VARIABLE, str(tmp_path / "state"))
    return state.folder()


_UUID = "a7ada506-1ab0-4b6b-a0da-e513ca9b8c2f"
_OTHER = "dbeae168-26e4-4084-9227-622193e56325"


def _vm(name: str, uuid: str = _UUID, release: str = "v2.5") -> state.Vm:
    return state.Vm(name, uuid, RELEASES[release])


@contextmanager
def _living(folder: Path, vm: state.Vm) -> Iterator[state.Claim]:
    """Have a VM claimed and answering, as one does that runs."""
    with state.claimed(folder, vm) as claim:
        assert claim is not None
        with ThreadPoolExecutor(1) as pool:
            answer = {"name": vm.name, "key": vm.key}
            pool.submit(_answers, claim.listener, answer)
            yield claim
            claim.listener.shutdown(socket.SHUT_RDWR)


def _answers(listener: socket.socket, answer: state.Message) -> None:
    with suppress(OSError):
        while True:
            connection, _ = listener.accept()
            with connection:
                connection.recv(state.LONGEST_MESSAGE)
                connection.sendall(state.encoded(answer))


def _files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir())


@pytest.mark.parametrize(
    ("release", "other", "free"),
    [
        ("v2.5", _vm("vm2", _UUID.upper()), False),
        ("v2.5", _vm("vm1", _OTHER), True),
        ("v2.7", _vm("vm1", _OTHER, "v2.7"), False),
        ("v2.7", _vm("vm2", _UUID, "v2.7"), True),
        ("v3.3", _vm("vm1", _OTHER, "v3.3"), False),
    ],
)
def test_a_slot_is_one_live_vms(folder: Path, release: str, other: state.Vm, *, free: bool) -> None:
    """Found by the UUID up to v2.6, by the name from v2.7 on; in a folder for its owner alone."""
    with _living(folder, _vm("vm1", release=release)), state.claimed(folder, other) as claim:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert (claim is not None) is free


@pytest.mark.parametrize(
    ("release", "pages"),
    [
        ("v2.5", ["hugepage/acrn/huge_lv1/vm1/A7ADA5061AB04B6BA0DAE513CA9B8C2F"]),
        ("v2.7", ["hugepage/acrn/huge_lv1/vm1"]),
        ("v3.3", []),
    ],
)
def test_an_end_in_order_leaves_nothing_and_another_one_its_files(
    folder: Path, release: str, pages: list[str]
) -> None:
    """The monitor's socket, and the huge pages that each release has a name for."""
    with state.claimed(folder, _vm("vm1", release=release)) as claim:
        pass
    assert claim is not None
    assert _files(folder) == [f"acrn/mngr/vm1.monitor.{os.getpid()}.socket", *pages]
    with state.claimed(folder, _vm("vm1", release=release)) as again:
        assert again is not None  # a dead one has no slot any more
        again.remove()
    assert _files(folder) == []


def test_a_folder_open_to_others_is_refused(folder: Path) -> None:
    """With the remedy."""
    folder.mkdir()
    folder.chmod(0o755)
    with pytest.raises(StateFolderError, match="chmod 700"), state.claimed(folder, _vm("vm1")):
        pass


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """With the variable that names another."""
    (tmp_path / "file").touch()
    path = tmp_path / "file" / "state"
    with pytest.raises(StateFolderError, match=state.VARIABLE), state.claimed(path, _vm("vm1")):
        pass


def test_a_long_folder_is_no_obstacle(tmp_path: Path) -> None:
    """A socket's path is short; it is reached by way of its folder."""
    folder = tmp_path / ("d" * 200)
    with _living(folder, _vm("vm1")):
        (monitor,) = state.monitors(folder)
        assert state.ask(monitor.path, {}) == {"name": "vm1", "key": _UUID}


def test_a_message_is_a_line() -> None:
    """Any name can be in it; what is no message is none."""
    message: state.Message = {"name": "a\udcff\n", "error": -1}
    assert state.decoded(state.encoded(message)) == message
    assert state.encoded(message).count(b"\n") == 1
    for line in b"", b"[]\n", b"{", b"\xff\n", b"1\n":
        assert state.decoded(line) is None


async def _conversation(folder: Path, *requests: bytes) -> list[state.Message | None]:
    """Return the answers of a VM that is between two of its guests."""
    with state.claimed(folder, _vm("vm1")) as claim:
        assert claim is not None
        stopped: list[str] = []
        control = Control(_vm("vm1"), ThisHost(), partial(stopped.append, "stop"))
        async with control.answering(claim.listener):
            answers = []
            for request in requests:
                reader, writer = await asyncio.open_unix_connection(_short(claim.monitor))
                writer.write(request)
                writer.write_eof()
                answers.append(state.decoded(await reader.read()))
                writer.close()
                await writer.wait_closed()
            assert len(stopped) == sum(b'"stop"' in request for request in requests)
            return answers


def _short(path: Path) -> str:
    """Return a path that fits a socket's address; the handle lasts as long as the test."""
    return f"/proc/self/fd/{os.open(path.parent, os.O_RDONLY)}/{path.name}"


def test_a_vm_answers_what_it_is_asked(folder: Path) -> None:
    """Its name and key; its end; why a rescan fails; and that a request is none, whatever it is."""
    rescan = {"command": "blkrescan", "argument": "5,/disk"}
    answers = asyncio.run(
        _conversation(
            folder,
            *(
                b'{"command": "list"}\n',
                b'{"command": "stop"}\n',
                json.dumps(rescan).encode() + b"\n",
            ),
            *(b"\xff\xfe\n", b"", b'{"command": "blkrescan", "argument": 1}\n'),
        )
    )
    assert answers[:2] == [{"name": "vm1", "key": _UUID}, {"error": 0}]
    assert answers[2] == {"error": -1, "why": NOT_THERE.format(5)}
    nonsense = {"error": -1, "why": "no such request"}
    assert answers[3:] == [nonsense, nonsense, nonsense]


def _never() -> None:
    """Stop nothing: nobody asks for it."""


async def _asked_too_much(folder: Path) -> state.Message | None:
    with state.claimed(folder, _vm("vm1")) as claim:
        assert claim is not None
        async with Control(_vm("vm1"), ThisHost(), _never).answering(claim.listener):
            return await asyncio.to_thread(state.ask, claim.monitor, {"command": "x" * (1 << 20)})


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


@pytest.mark.parametrize("name", ["vm", "vm2", "another.dot", "n" * 73])
def test_acrnctl_says_which_vm_it_cannot_find(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """One that is not there by its whole name; nor one with a dot, or a long name."""
    with _living(folder, _vm("vm1")), _living(folder, _vm("another.dot", _OTHER)):
        for words in (["blkrescan", name, "5,/disk"], ["stop", "-f", name]):
            assert ctl.main(words) == 255
    assert capsys.readouterr().out == f"can't find {name}\n" * 2


def test_acrnctl_talks_to_the_first_vm_whose_name_the_given_one_begins_with(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Though it has found the right one in its list."""
    with _living(folder, _vm("vm12", _OTHER)) as wanted:
        assert ctl.main(["stop", "-f", "vm12"]) == 0
        with state.claimed(folder, _vm("vm1")) as claim:
            assert claim is not None
        assert ctl.main(["stop", "-f", "vm12"]) == 255
        assert "Unable to open vm vm12 socket" in capsys.readouterr().out
        assert wanted.monitor.exists()


def test_acrnctl_lists_what_sockets_it_finds(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """None where the folder is empty or missing; a dead VM is still said to be started."""
    assert ctl.main(["list"]) == 0
    assert capsys.readouterr().out == "There are no VMs\n"
    with state.claimed(folder, _vm("dead")):
        pass
    assert ctl.main(["list"]) == 0
    assert capsys.readouterr().out == "dead\t\tstarted\n"


@pytest.mark.parametrize(
    ("argv", "status", "line"),
    [
        ([], 0, "Usage: acrnctl"),
        (["help"], 0, "Usage: acrnctl"),
        (["stop", "vm1"], 255, "stand-in: cannot express a stop without -f"),
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
