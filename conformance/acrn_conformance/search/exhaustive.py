"""Every list of representative devices up to a length, judged in a fixed order.

Lists are numbered from 0, shorter ones first, so that a range of numbers is a shard.
"""

from collections.abc import Callable, Iterator
from enum import IntEnum
from itertools import chain
from typing import NamedTuple

import msgspec

from acrn_conformance import oracle
from acrn_conformance.cases import Dialect, Fields, Request
from acrn_conformance.implementation import Pool, Prepared, Result, Retracted
from acrn_conformance.judging import Verdict, judge
from acrn_conformance.oracle import reference_case
from acrn_conformance.search.sample_devices import DEVICES

_encode = msgspec.json.Encoder().encode
_canonical = msgspec.json.Encoder(order="sorted").encode


Key = tuple[int, tuple[int, ...]]
"""The number of a list, and the places of its devices among all."""

_EXAMPLES = 16
"""Failing verdicts that are kept: what is retracted is no example."""


class Shard(NamedTuple):
    """The lists with numbers from ``start`` to just below ``stop``."""

    start: int
    stop: int


def total(longest: int) -> int:
    """Return how many lists there are up to a length."""
    return sum(len(DEVICES) ** length for length in range(longest + 1))


def shard(longest: int, part: int, parts: int) -> Shard:
    """Return one of ``parts`` ranges, numbered from 1, that together are all lists."""
    every = total(longest)
    return Shard(every * (part - 1) // parts, every * part // parts)


def device_list(number: int) -> list[Fields]:
    """Return the list with a number."""
    return [DEVICES[place] for place in _places(number)]


def _places(number: int) -> tuple[int, ...]:
    """Return a list's places: lists are a tree, in which those longer by one follow in a row."""
    if number == 0:
        return ()
    shorter, last = divmod(number - 1, len(DEVICES))
    return (*_places(shorter), last)


def request_of(number: int) -> Request:
    """Return the request for the list with a number."""
    return Request("argv", {"config": {"devices": device_list(number)}})


class Enumerated(NamedTuple):
    """The result of a shard: lists asked, lists failing, and the verdict on one that fails."""

    asked: int
    failing: int
    example: Verdict | None


class _State(IntEnum):
    """How it is with a list: one byte of a tally."""

    NEW = 0
    PASSED = 1
    FAILED = 2
    NOT_ASKED = 3
    RETRACTED = 4


def judged(
    pool: Pool[Key], dialect: Dialect, which: Shard, advance: Callable[[], None]
) -> Enumerated:
    """Judge a shard; ``advance`` is called for each list, once. Ends the pool's processes."""
    expected = oracle.device_lists(DEVICES)
    tally = bytearray(which.stop - which.start)
    examples: dict[int, Verdict] = {}
    for event in chain(pool.outcomes(_prepared(which)), pool.close()):
        number, places = event.key
        at = number - which.start
        if isinstance(event, Retracted):
            tally[at] = _State.RETRACTED
            examples.pop(number, None)
            continue
        if tally[at] == _State.NEW:
            advance()
        outcome = event.outcome
        if isinstance(outcome, Result) and _canonical(outcome.value) == expected(places):
            tally[at] = _State.PASSED
            continue
        verdict = judge(reference_case(dialect, request_of(number)), outcome, event.seconds)
        tally[at] = _state(verdict)
        if verdict.failing and len(examples) < _EXAMPLES:
            examples[number] = verdict
    failing = tally.count(_State.FAILED) + tally.count(_State.NOT_ASKED)
    asked = tally.count(_State.PASSED) + tally.count(_State.FAILED)
    return Enumerated(asked, failing, next(iter(examples.values()), None))


def _state(verdict: Verdict) -> _State:
    if verdict.not_asked:
        return _State.NOT_ASKED
    return _State.FAILED if verdict.failing else _State.PASSED


def _prepared(which: Shard) -> Iterator[tuple[Key, Prepared]]:
    """Yield the requests of a shard; what a row of lists has in common is encoded once."""
    encoded = [_encode(device) for device in DEVICES]
    before: tuple[int, ...] = ()
    head = b""
    row = -1
    for number in range(*which):
        shorter, last = divmod(number - 1, len(DEVICES))
        if number and shorter != row:
            row, before = shorter, _places(shorter)
            head = b"".join([encoded[place] + b"," for place in before])
        places = (*before, last) if number else ()
        devices = head + encoded[last] if number else b""
        body = b'"method":"argv","params":{"config":{"devices":[%b]}}}\n' % devices
        yield (number, places), Prepared("argv", body)
