"""What the tests of the hardware tier share: a stand-in board of their own."""

import secrets
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from standin_board import SHIPPED, StandinBoard

from acrn_hwtests.boardfile import BASE


@pytest.fixture(scope="session")
def standin_board() -> Iterator[StandinBoard]:
    """Make the shipped stand-in board one that no other worker, and no other run, can hold."""
    # Not pytest's own folder: the path of a socket must be short.
    with TemporaryDirectory(prefix="acrn-", dir=BASE) as name:
        board = StandinBoard(Path(name), f"tap{secrets.token_hex(4)}")
        shipped = SHIPPED.read_text("utf-8")
        board.file.write_text(
            f'tap = "{board.tap}"\n{shipped}\n[standin]\nfolder = "{name}"\n', "utf-8"
        )
        yield board
