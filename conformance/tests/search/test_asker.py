"""Asking on: whose verdict it is, where an answer to an earlier request is taken back meanwhile."""

import sys
from collections.abc import Iterator
from contextlib import closing

import pytest

from acrn_conformance.cases import KATA_1, Request
from acrn_conformance.implementation import Settings
from acrn_conformance.search.asker import Asker
from acrn_conformance.search.subject import Subject

FIRST = Request("memory_topology", {"memory_mb": 1})
SECOND = Request("memory_topology", {"memory_mb": 2})

REPEATING = """
import json, sys
from acrn_conformance.cases import KATA_1
from acrn_conformance.oracle import replying
reply, first = replying(KATA_1), b""
for line in sys.stdin.buffer:
    said = reply(line)
    if b'"memory_mb":2' in line:
        sys.stdout.buffer.write(first)  # answered once more, before what was asked
    sys.stdout.buffer.write(said)
    sys.stdout.buffer.flush()
    first = said
"""


@pytest.fixture
def asker() -> Iterator[Asker]:
    settings = Settings(command=(sys.executable, "-c", REPEATING))
    with closing(Asker(Subject(settings, KATA_1, frozenset({"memory_topology"})))) as asker:
        yield asker


def test_a_verdict_is_on_the_request_that_was_asked(asker: Asker) -> None:
    """Not on an earlier one whose answer is taken back, and then given another."""
    assert asker.verdict(FIRST).case.request == FIRST
    assert asker.verdict(SECOND).case.request == SECOND


def test_the_verdict_on_an_earlier_request_is_told_behind_those_asked_for(asker: Asker) -> None:
    """Nothing that was found is lost."""
    asker.verdict(FIRST)
    assert [verdict.case.request for verdict in asker.verdicts([SECOND])] == [SECOND, FIRST]
