"""The plan: an argv that the board's release takes, with what each guest has of the board."""

import signal
from pathlib import Path

import msgspec
import pytest
from scripted import SHELL, scripted_board
from waiting import until

from acrn_cmdline.lint import RECORDING, judge
from acrn_hwtests.board import RefusedError
from acrn_hwtests.boardfile import BoardFile
from acrn_hwtests.plan import Claim, Request, plan
from acrn_hwtests.releases import RELEASE, SANDBOXED, VmKey

_FILE = BoardFile(kind="local", release="v2.5", kernel="/k", image="/i", tap="tap0")
_CLAIM = {
    VmKey.UUID: Claim(uuid="a7ada506-1ab0-4b6b-a0da-e513ca9b8c2f"),
    VmKey.NAME: Claim(cpu=3),
}


@pytest.mark.parametrize("release", SANDBOXED)
def test_every_release_takes_its_argv(release: str) -> None:
    """acrn-dm of each release takes the argv that is built for it, as recorded."""
    board = msgspec.structs.replace(_FILE, release=release)
    claim = _CLAIM[RELEASE[release].vm_key]
    planned = plan(board, "/run", "1234567", Request(network=True), claim)
    judgement = judge(planned.argv, RECORDING, (release,))
    assert not judgement.refused


@pytest.mark.parametrize(
    ("release", "dialect"),
    [("v1.1", "kata-1"), ("v2.6", "kata-1"), ("v2.7", "kata-3"), ("v3.0", "acrn-3")],
)
def test_the_arch_layer_is_the_one_that_fits_the_release(release: str, dialect: str) -> None:
    """What v2.7 takes is kata-3's, what v3.x boots with a network acrn-3's; the file may differ."""
    board = msgspec.structs.replace(_FILE, release=release)
    assert board.arch.name == dialect
    assert msgspec.structs.replace(board, dialect="kata-3").arch.name == "kata-3"


def test_a_cpu_stands_in_the_argv_where_one_is_needed() -> None:
    """From v2.7 on ``--cpu_affinity`` names the guest's CPU, and ``-U`` is not there."""
    board = msgspec.structs.replace(_FILE, release="v2.7")
    argv = plan(board, "/run", "1234567", Request(), Claim(cpu=3)).argv
    assert argv[argv.index("--cpu_affinity") + 1] == "3"
    assert "-U" not in argv


def test_no_two_live_guests_have_the_same_uuid(tmp_path: Path) -> None:
    """Each has one of the board file's; with none left a guest is refused before it starts."""
    uuids = ("a7ada506-1ab0-4b6b-a0da-e513ca9b8c2f", "d2795438-25d6-11e8-864e-cb7a18b34643")
    with scripted_board(tmp_path, SHELL, uuids=uuids) as board:
        first, second = board.start(), board.start()
        until(lambda: Path(first.plan.path("pid")).exists() and first.pid())
        assert {first.plan.claim.uuid, second.plan.claim.uuid} == set(uuids)
        with pytest.raises(RefusedError, match="2 guests have all the uuids"):
            board.start()
        first.kill(signal.SIGKILL)
        until(lambda: first.status() is not None)
        assert board.start().plan.claim == first.plan.claim


def test_live_guests_share_a_cpu_only_if_they_must(tmp_path: Path) -> None:
    """The CPUs of the board file are dealt out in turn."""
    with scripted_board(tmp_path, SHELL, release="v3.3", cpus=(2, 4)) as board:
        cpus = [board.start().plan.claim.cpu for _ in range(3)]
    assert cpus == [2, 4, 2]
