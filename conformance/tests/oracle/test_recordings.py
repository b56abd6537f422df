"""The reference against every recorded answer of the original, and the invariants likewise."""

from pathlib import Path

import pytest

from acrn_conformance import invariants, oracle
from acrn_conformance.cases import KATA_1, Request
from acrn_conformance.invariants import Exchange
from acrn_conformance.judging import difference
from catalogue.recorded import RECORDINGS, Recorded, read


def ask(request: Request) -> dict[str, object] | None:
    """Ask the reference; None where it refuses."""
    result = oracle.expected(KATA_1, request).result
    return result if isinstance(result, dict) else None


def agrees(row: Recorded) -> bool:
    answer = ask(Request(row.method, row.params))
    if answer is None or row.result is None:
        return answer is row.result
    return not difference(row.result, answer)


@pytest.mark.parametrize("name", RECORDINGS)
def test_the_reference_agrees_with_the_original(recordings: Path, name: str) -> None:
    """Every recorded request gets the recorded answer."""
    rows = read(recordings / f"{name}.jsonl.gz")
    assert len(rows) > 2000
    assert [n for n, row in enumerate(rows, 1) if not agrees(row)] == []


@pytest.mark.parametrize("name", RECORDINGS)
def test_the_original_breaks_no_invariant(recordings: Path, name: str) -> None:
    """No invariant gives a false alarm on what the original answered."""
    alarms = []
    for row in read(recordings / f"{name}.jsonl.gz"):
        if row.result is not None:
            exchange = Exchange(KATA_1, Request(row.method, row.params), row.result, ask)
            alarms += [(i.name, text) for i, text in invariants.broken(exchange)]
    assert alarms == []
