"""The fixtures of checks: the board, the guest that many share, and guests of their own."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from acrn_hwtests.board import Board
from acrn_hwtests.boardfile import BoardClass
from acrn_hwtests.catalog import check_id
from acrn_hwtests.console import Console
from acrn_hwtests.guest import Guest
from acrn_hwtests.plan import Plan, Request
from acrn_hwtests.tier import TIER, Tier

Launch = Callable[..., Guest]
"""``launch(REQUEST or PLAN, linted=True)``: a guest that is ended with the check."""


@pytest.fixture(scope="session")
def tier(pytestconfig: pytest.Config) -> Tier:
    """Return the tier."""
    return pytestconfig.stash[TIER]


@pytest.fixture(scope="session")
def board(tier: Tier) -> Board:
    """Return the board."""
    return tier.board


@pytest.fixture(scope="session")
def guest(tier: Tier) -> Iterator[Guest]:
    """Return a guest at its prompt, which checks share that leave it as it was."""
    network = bool(tier.board.file.interface)
    with tier.launch(Request(network=network), "shared-guest") as shared:
        tier.boot(shared)
        yield shared


@pytest.fixture(scope="session", autouse=True)
def _is_the_board(tier: Tier, request: pytest.FixtureRequest) -> None:
    """Establish what runs the guests before a check of a board counts, also if it boots none."""
    if tier.board_class is BoardClass.HARDWARE:
        request.getfixturevalue("guest")


@pytest.fixture
def console(guest: Guest, board: Board) -> Console:
    """Return the shared guest's console, the one that the board file names."""
    return guest.hvc if guest.hvc and board.file.console == "hvc0" else guest.serial


@pytest.fixture
def launch(tier: Tier, request: pytest.FixtureRequest) -> Iterator[Launch]:
    """Return what starts guests for this check."""
    folder = check_id(request.node.nodeid)
    with ExitStack() as guests:

        def start(wanted: Request | Plan, *, linted: bool = True) -> Guest:
            return guests.enter_context(tier.launch(wanted, folder, linted=linted))

        yield start
