"""What holds for every answer: shown on the reference for requests that nobody wrote."""

import pytest
from hypothesis import given

from acrn_arch.errors import ArchError
from acrn_conformance import invariants, oracle
from acrn_conformance.invariants import INVARIANTS
from acrn_conformance.model import Request
from acrn_conformance.strategies import argv_requests

Answer = dict[str, object]


def ask(request: Request) -> Answer | None:
    try:
        return oracle.answer(request.method, request.params)
    except ArchError:
        return None


@given(argv_requests)
def test_the_reference_breaks_no_invariant(request: Request) -> None:
    """No request makes the reference break a rule that needs no reference."""
    result = ask(request)
    assert result is not None
    assert [(i.name, text) for i, text in invariants.broken(request, result, ask)] == []


DISK = {"kind": "block", "file_path": "/a", "index": 1}
VGA = {"kind": "console", "backend": "vga", "path": "/c"}
REQUEST = Request("argv", {"config": {"devices": [DISK, VGA, DISK, DISK], "name": "-s"}})
ARGV = ["-s", "0,virtio-blk,/a", "-s", "1,virtio-blk,/a", "-s", "3,virtio-blk,/a", "-s"]
SLOTS = [0, 3, 0, 0, 0, 0, 0, 0, 0]


def wrong(argv: list[str] = ARGV, slots: list[int] = SLOTS) -> set[str]:
    result = {"argv": argv, "block_slots": slots}
    return {invariant.name for invariant, _ in invariants.broken(REQUEST, result, lambda _: result)}


def test_a_right_answer_breaks_none() -> None:
    """The answer that the wrong ones below differ from is right; its name is ``-s``."""
    assert wrong() == set()


def replaced(position: int, token: str) -> list[str]:
    return [*ARGV[:position], token, *ARGV[position + 1 :]]


@pytest.mark.parametrize(
    ("name", "argv", "slots"),
    [
        ("reserved-slot", replaced(5, "2,virtio-blk,/a"), SLOTS),
        ("slots-rising", replaced(5, "4,virtio-blk,/a"), SLOTS),
        ("table-truth", ARGV, [0, 5, 0, 0, 0, 0, 0, 0, 0]),
        ("table-truth", ARGV, [0, 3, 3, 0, 0, 0, 0, 0, 0]),
        ("table-truth", ARGV, SLOTS[:8]),
        ("table-follows", ARGV, [0, 1, 0, 0, 0, 0, 0, 0, 0]),
        ("one-function-each", ARGV[2:], SLOTS),
        ("backends", replaced(5, "3,virtio-console,@vga:x"), SLOTS),
        ("slots-rising", ["-s", "x"], SLOTS),
        ("slots-rising", ["-k", "/k", "-s", "0,lpc", "vm"], SLOTS),
    ],
)
def test_each_invariant_tells_a_wrong_answer(name: str, argv: list[str], slots: list[int]) -> None:
    """An invariant that nothing breaks would prove nothing."""
    assert name in wrong(argv, slots)


def test_an_effect_of_an_invalid_device_is_told() -> None:
    """What changes when the invalid devices are dropped breaks an invariant."""
    right = {"argv": ARGV, "block_slots": SLOTS}
    told = invariants.broken(REQUEST, right, lambda _: {"argv": []})
    assert {invariant.name for invariant, _ in told} == {"invalid-without-effect"}


def test_every_invariant_is_told_above() -> None:
    """No invariant is without a wrong answer that it tells."""
    assert {invariant.name for invariant in INVARIANTS} == {
        *("reserved-slot", "slots-rising", "table-truth", "table-follows", "one-function-each"),
        *("backends", "invalid-without-effect"),
    }
