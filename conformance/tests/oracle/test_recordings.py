"""The reference against every recorded answer of the original, and the invariants likewise."""

from functools import partial
from pathlib import Path

import pytest

from acrn_conformance import invariants, oracle
from acrn_conformance.cases import KATA_1, KATA_3, Dialect, Fields, Request
from acrn_conformance.invariants import Exchange
from acrn_conformance.judging import difference
from catalogue.recorded import RECORDINGS, Recorded, read

EVERY = (*((name, KATA_1) for name in RECORDINGS), ("kata-3.9", KATA_3))


def ask(dialect: Dialect, request: Request) -> Fields | None:
    """Ask the reference; None where it refuses."""
    result = oracle.expected(dialect, request).result
    return result if isinstance(result, dict) else None


def agrees(dialect: Dialect, row: Recorded) -> bool:
    answer = ask(dialect, Request(row.method, row.params))
    if answer is None or row.result is None:
        return answer is row.result
    return not difference(row.result, answer)


@pytest.mark.parametrize(("name", "dialect"), EVERY)
def test_the_reference_agrees_with_the_original(
    recordings: Path, name: str, dialect: Dialect
) -> None:
    """Every recorded request gets the recorded answer."""
    rows = read(recordings / f"{name}.jsonl.gz")
    assert len(rows) > 2000
    assert [n for n, row in enumerate(rows, 1) if not agrees(dialect, row)] == []


@pytest.mark.parametrize(("name", "dialect"), EVERY)
def test_the_original_breaks_no_invariant(recordings: Path, name: str, dialect: Dialect) -> None:
    """No invariant gives a false alarm on what the original answered."""
    alarms = []
    asked = partial(ask, dialect)
    for row in read(recordings / f"{name}.jsonl.gz"):
        if row.result is not None:
            exchange = Exchange(dialect, Request(row.method, row.params), row.result, asked)
            alarms += [(i.name, text) for i, text in invariants.broken(exchange)]
    assert alarms == []
