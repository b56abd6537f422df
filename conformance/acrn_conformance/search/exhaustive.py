"""Every list of representative devices up to a length, judged in a fixed order.

Lists are numbered from 0, shorter ones first, so that a range of numbers is a shard.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from enum import IntEnum
from itertools import chain, starmap
from typing import NamedTuple, assert_never

import msgspec

from acrn_conformance import oracle
from acrn_conformance.cases import Dialect, Request
from acrn_conformance.implementation import (
    Answered,
    AsForeseen,
    Outcome,
    Pool,
    Prepared,
    Result,
    Retracted,
    wire,
)
from acrn_conformance.judging import Verdict, judge
from acrn_conformance.oracle import reference_case
from acrn_conformance.search.asker import HISTORY, Finding
from acrn_conformance.search.sample_devices import sample_devices
from acrn_conformance.search.tracing import Tracing

_encode = msgspec.json.Encoder().encode
_canonical = msgspec.json.Encoder(order="sorted").encode

_AS_FORESEEN = Result(None)
"""The outcome of every list that is answered byte by byte as foreseen: nobody looks at what."""

_EXAMPLES = 1_000
"""Failing verdicts that are kept: some megabytes; all of those of two devices."""


class _State(IntEnum):
    """How it is with a list."""

    NEW = 0
    PASSED = 1
    FAILED = 2
    NOT_ASKED = 3
    RETRACTED = 4


class Key(msgspec.Struct, eq=False):
    """A list by its number, the answer that is due as JSON, and how it is with it.

    ``state`` changes: so it is kept as long as the pool may take an answer back, and no longer.
    What is kept of every list would take a byte of each of some hundred millions.
    """

    number: int
    due: bytes
    state: _State = _State.NEW


class Lists:
    """The lists of a dialect's representative devices, by number."""

    def __init__(self, dialect: Dialect) -> None:
        """Take the dialect's devices."""
        self.dialect = dialect
        self.devices = sample_devices(dialect)
        self._due = oracle.device_lists(dialect, self.devices)

    def total(self, longest: int) -> int:
        """Return how many lists there are up to a length."""
        return sum(len(self.devices) ** length for length in range(longest + 1))

    def shard(self, longest: int, part: int, parts: int) -> range:
        """Return the numbers of one of ``parts``, numbered from 1, that together are all lists."""
        every = self.total(longest)
        return range(every * (part - 1) // parts, every * part // parts)

    def request(self, number: int) -> Request:
        """Return the request for the list with a number."""
        devices = [self.devices[place] for place in self._places(number)]
        return Request("argv", {"config": {"devices": devices}})

    def prepared(self, which: range) -> Iterator[tuple[Key, Prepared]]:
        """Yield the requests of a shard, and foresee the answers.

        What a row of lists has in common is encoded once.
        """
        encoded = [_encode(device) for device in self.devices]
        before: tuple[int, ...] = ()
        head = b""
        row = -1
        for number in which:
            shorter, last = divmod(number - 1, len(encoded))
            if number and shorter != row:
                row, before = shorter, self._places(shorter)
                head = b"".join([encoded[place] + b"," for place in before])
            places = (*before, last) if number else ()
            devices = head + encoded[last] if number else b""
            body = b'"method":"argv","params":{"config":{"devices":[%b]}}}\n' % devices
            due = self._due(places)
            yield Key(number, due), Prepared("argv", body, wire.Foreseen(_AS_FORESEEN, due))

    def _places(self, number: int) -> tuple[int, ...]:
        """Return a list's places; lists are a tree: those longer by one follow in a row."""
        if number == 0:
            return ()
        shorter, last = divmod(number - 1, len(self.devices))
        return (*self._places(shorter), last)


class Example(NamedTuple):
    """A list that fails, by its number, and the verdict on it."""

    number: int
    verdict: Verdict


class Enumerated(NamedTuple):
    """The result of a shard: lists asked, lists failing, and the first of these, by number."""

    asked: int
    failing: int
    examples: tuple[Example, ...]


def judged(pool: Pool[Key], lists: Lists, which: range, advance: Callable[[], None]) -> Enumerated:
    """Judge a shard; ``advance`` is called for each list, once. Ends the pool's processes."""
    tally = _Tally(lists, advance)
    for event in chain(pool.in_bulk(lists.prepared(which)), pool.close()):
        match event:
            case AsForeseen(tickets=tickets):
                for ticket in tickets:
                    tally.settle(ticket.key, _State.PASSED)
            case Retracted(key=key):
                tally.retract(key)
            case Answered(key=key) if _agrees(key.due, event.outcome):
                tally.settle(key, _State.PASSED)
            case Answered(key=key):
                tally.settle(key, tally.judged(key, event))
            case _:
                assert_never(event)
    return tally.result


class _Tally:
    """How many lists there are in each state, and some that fail; ``advance`` is told of each."""

    def __init__(self, lists: Lists, advance: Callable[[], None]) -> None:
        self._lists = lists
        self._advance = advance
        self._number: Counter[_State] = Counter()
        self._examples: dict[int, Verdict] = {}

    def settle(self, key: Key, state: _State) -> None:
        """Note how it is with a list that has its answer."""
        if key.state is _State.NEW:
            self._advance()
        key.state = state
        self._number[state] += 1

    def retract(self, key: Key) -> None:
        """Note that the answer to a list holds no longer."""
        self._number[key.state] -= 1
        key.state = _State.RETRACTED
        self._examples.pop(key.number, None)

    def judged(self, key: Key, answered: Answered[Key]) -> _State:
        """Judge an answer that is not the expected one to the byte; keep it if it fails."""
        case = reference_case(self._lists.dialect, self._lists.request(key.number))
        verdict = judge(case, answered.outcome, answered.seconds)
        if verdict.failing and len(self._examples) < _EXAMPLES:
            self._examples[key.number] = verdict
        return _state(verdict)

    @property
    def result(self) -> Enumerated:
        """What came of all."""
        failing = self._number[_State.FAILED] + self._number[_State.NOT_ASKED]
        asked = self._number[_State.PASSED] + self._number[_State.FAILED]
        examples = tuple(starmap(Example, sorted(self._examples.items())))
        return Enumerated(asked, failing, examples)


def traced(example: Example, lists: Lists, which: range, tracing: Tracing) -> Finding:
    """Return a list that fails, of those that pass alone with the lists of the shard before it."""
    number, verdict = example
    if not tracing.passes_alone(verdict):
        return Finding(verdict)
    before = range(max(which.start, number - HISTORY), number)
    return tracing.traced(verdict, [lists.request(each) for each in before])


def _agrees(due: bytes, outcome: Outcome) -> bool:
    """Tell whether an outcome is the answer that is due, and says no more than that."""
    return outcome is _AS_FORESEEN or (
        isinstance(outcome, Result) and _canonical(outcome.value) == due
    )


def _state(verdict: Verdict) -> _State:
    if verdict.not_asked:
        return _State.NOT_ASKED
    return _State.FAILED if verdict.failing else _State.PASSED
