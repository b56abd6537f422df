"""Disks that come later: a rescan puts a file behind a placeholder."""

import time
from collections.abc import Iterator

import pytest

from acrn_arch import RescanError
from acrn_hwtests.board import Board
from acrn_hwtests.checks import parts
from acrn_hwtests.console import Console
from acrn_hwtests.guest import Guest
from acrn_hwtests.plan import Request
from acrn_hwtests.tier import Tier

_MIB = 4
_SEEN_WITHIN = 5.0


@pytest.fixture(scope="module")
def hot(tier: Tier) -> Iterator[tuple[Guest, Console]]:
    """Return a guest whose placeholders may be filled, and its console."""
    with tier.launch(Request(), "rescan-guest") as guest:
        yield guest, tier.boot(guest)


@pytest.mark.parametrize("index", [1, 7])
def test_rescan(hot: tuple[Guest, Console], board: Board, index: int) -> None:
    """A rescan makes the guest see the new disk, and read and write it."""
    guest, console = hot
    path = board.disk(guest.plan, f"hot-{index}.img", _MIB)
    board.run("sh", "-c", 'printf %s "$1" | dd of="$2" conv=notrunc', "sh", f"host-{index}", path)
    board.rescan(guest, index, path)
    name = _grown(console, guest.plan.table.slots[index])
    read = console.run(f"dd if=/dev/{name} bs=1 count=6 2>/dev/null").checked()
    assert read == f"host-{index}"
    write = f"printf guest-{index} | dd of=/dev/{name} bs=512 seek=8 conv=fsync"
    console.run(write).checked()
    assert board.run("dd", f"if={path}", "bs=1", "skip=4096", "count=7") == f"guest-{index}"


def test_index_8_stays_empty(guest: Guest, console: Console, board: Board) -> None:
    """Index 8 has a placeholder, and a rescan of it is refused before the board hears of it."""
    with pytest.raises(RescanError):
        board.rescan(guest, 8, guest.plan.path("disk.img"))
    assert parts.disks(console)[guest.plan.table.slots[8]].sectors == 0


def _grown(console: Console, slot: int) -> str:
    """Wait for the disk on a slot to have its new size; return its name."""
    deadline = time.monotonic() + _SEEN_WITHIN
    while (disk := parts.disks(console)[slot]).sectors != _MIB << 11:
        assert time.monotonic() < deadline, f"after the rescan the guest sees {disk}"
        time.sleep(0.1)
    return disk.name
