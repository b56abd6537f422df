"""The network device, and packets over its tap."""

import functools

import pytest

from acrn_hwtests.board import Board
from acrn_hwtests.boardfile import BoardClass
from acrn_hwtests.console import Console
from acrn_hwtests.plan import MAC

_HOST, _GUEST, _BITS = "169.254.77.1", "169.254.77.2", 30
"""Link-local addresses: no packet of theirs is routed anywhere."""


def test_mac_address(console: Console, board: Board) -> None:
    """The network device has the MAC address of the argv."""
    if not board.file.interface:
        pytest.skip("the board file names no tap or macvtap")
    assert console.run("cat /sys/class/net/eth0/address").checked() == MAC


def test_packets_pass(console: Console, board: Board, request: pytest.FixtureRequest) -> None:
    """Packets pass between the guest and the board over the tap, both ways."""
    tap = board.file.tap
    if not tap:
        pytest.skip("the board file names no tap")
    if board.file.board_class is BoardClass.STANDIN and not board.exists(f"/sys/class/net/{tap}"):
        pytest.skip("a stand-in without root or /dev/net/tun opens no tap")
    request.addfinalizer(functools.partial(_restore, board, tap, _up(board, tap)))
    board.run("ip", "addr", "replace", f"{_HOST}/{_BITS}", "dev", tap)
    board.run("ip", "link", "set", tap, "up")
    console.run(f"ip addr replace {_GUEST}/{_BITS} dev eth0; ip link set eth0 up").checked()
    output = console.run(f"ping -c 3 -W 5 {_HOST}", timeout=30)
    assert " 0% packet loss" in output.text


def _up(board: Board, tap: str) -> bool:
    """Tell whether an interface of the board is up."""
    return bool(int(board.run("cat", f"/sys/class/net/{tap}/flags"), 16) & 1)


def _restore(board: Board, tap: str, up: bool) -> None:  # noqa: FBT001 - what it was
    """Leave the board's interface as it was found."""
    board.run("ip", "addr", "del", f"{_HOST}/{_BITS}", "dev", tap)
    if not up:
        board.run("ip", "link", "set", tap, "down")
