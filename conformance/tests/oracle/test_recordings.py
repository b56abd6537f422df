"""The reference against every recorded answer of the original, and the invariants likewise."""

from pathlib import Path

import msgspec
import pytest

from acrn_conformance import invariants, oracle
from acrn_conformance.cases import KATA_1, Dialect, Fields, Request, mapping
from acrn_conformance.invariants import Ask, Exchange
from acrn_conformance.judging import difference
from acrn_conformance.oracle import MalformedError
from catalogue.recorded import RECORDINGS, Recorded, read

pytestmark = pytest.mark.unmeasured

ORIGINALS = [(dialect, name) for name, dialect in RECORDINGS.items()]
"""Each recording with the dialect that the original spoke."""


def asking(dialect: Dialect) -> Ask:
    """Return a way to ask the reference, which gives None where it refuses."""

    def ask(request: Request) -> dict[str, object] | None:
        result = oracle.expected(dialect, request).result
        return result if isinstance(result, dict) else None

    return ask


def agrees(dialect: Dialect, row: Recorded) -> bool:
    answer = asking(dialect)(Request(row.method, row.params))
    if answer is None or row.result is None:
        return answer is row.result
    return not difference(row.result, answer)


@pytest.mark.parametrize(("dialect", "name"), ORIGINALS, ids=lambda value: str(value)[-8:])
def test_the_reference_agrees_with_the_original(
    recordings: Path, dialect: Dialect, name: str
) -> None:
    """Every recorded request gets the recorded answer."""
    rows = read(recordings / f"{name}.jsonl.gz")
    assert len(rows) > 2000
    assert [n for n, row in enumerate(rows, 1) if not agrees(dialect, row)] == []


@pytest.mark.parametrize(("dialect", "name"), ORIGINALS, ids=lambda value: str(value)[-8:])
def test_the_original_breaks_no_invariant(recordings: Path, dialect: Dialect, name: str) -> None:
    """No invariant gives a false alarm on what the original answered."""
    alarms = []
    for row in read(recordings / f"{name}.jsonl.gz"):
        if row.result is not None:
            request = Request(row.method, row.params)
            exchange = Exchange(dialect, request, row.result, asking(dialect))
            alarms += [(i.name, text) for i, text in invariants.broken(exchange)]
    assert alarms == []


def test_kata_2_answers_as_kata_1(recordings: Path) -> None:
    """But for two things: a vsock step of a sandbox adds nothing, a swap disk is not rescanned."""
    rows = read(recordings / "kata-2.x.jsonl.gz")
    vsocks = [row for row in rows if _has_vsock(row)]
    swaps = [row for row in rows if row.params.get("swap") is True]
    without = [_without_vsock(row) for row in vsocks]
    assert min(len(vsocks), len(swaps)) > 0
    assert all(row.result is None for row in swaps)
    for row in vsocks:
        with pytest.raises(MalformedError, match="'vsock' is no step"):
            agrees(KATA_1, row)
    others = [row for row in rows if not _has_vsock(row) and row not in swaps]
    assert [row for row in (*others, *without) if not agrees(KATA_1, row)] == []


def _steps(row: Recorded) -> list[Fields]:
    steps = row.params.get("steps")
    return [mapping(step) for step in steps] if isinstance(steps, list) else []


def _has_vsock(row: Recorded) -> bool:
    return row.method == "sandbox_argv" and any(map(_is_vsock, _steps(row)))


def _without_vsock(row: Recorded) -> Recorded:
    steps = [step for step in _steps(row) if not _is_vsock(step)]
    return msgspec.structs.replace(row, params={**row.params, "steps": steps})


def _is_vsock(step: Fields) -> bool:
    return step.get("append") == "vsock"
