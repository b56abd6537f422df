"""Every list of representative devices up to a length, judged in a fixed order.

Lists are numbered from 0, shorter ones first, so that a range of numbers is a shard.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from acrn_conformance import oracle
from acrn_conformance.cases import Dialect, Fields, Request
from acrn_conformance.implementation import Pool, Prepared, Result
from acrn_conformance.judging import Verdict, judge
from acrn_conformance.oracle import reference_case
from acrn_conformance.search.sample_devices import DEVICES

_encode = msgspec.json.Encoder().encode
_canonical = msgspec.json.Encoder(order="sorted").encode


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


def device_list(number: int, alphabet: Sequence[Fields] = DEVICES) -> list[Fields]:
    """Return the list with a number."""
    return [alphabet[letter] for letter in _letters(number, len(alphabet))]


def _letters(number: int, letters: int) -> tuple[int, ...]:
    """Spell a number: lists are a tree, in which those longer by one device follow in a row."""
    if number == 0:
        return ()
    shorter, last = divmod(number - 1, letters)
    return (*_letters(shorter, letters), last)


def request_of(number: int) -> Request:
    """Return the request for the list with a number."""
    return Request("argv", {"config": {"devices": device_list(number)}})


def failures(
    pool: Pool[tuple[int, ...]], dialect: Dialect, which: Shard
) -> Iterator[Verdict | None]:
    """Judge a shard; yield for each list, as answers come, None or the verdict that it fails."""
    expected = oracle.device_lists(DEVICES)
    for letters, outcome in pool.outcomes(_prepared(which)):
        if isinstance(outcome, Result) and _canonical(outcome.value) == expected(letters):
            yield None
            continue
        devices = [DEVICES[letter] for letter in letters]
        request = Request("argv", {"config": {"devices": devices}})
        verdict = judge(reference_case(dialect, request), outcome)
        yield verdict if verdict.failing else None


def _prepared(which: Shard) -> Iterator[tuple[tuple[int, ...], Prepared]]:
    """Yield the requests of a shard; what a row of lists has in common is encoded once."""
    encoded = [_encode(device) for device in DEVICES]
    spelled: tuple[int, ...] = ()
    head = b""
    row = -1
    for number in range(*which):
        shorter, last = divmod(number - 1, len(DEVICES))
        if number and shorter != row:
            row, spelled = shorter, _letters(shorter, len(DEVICES))
            head = b"".join([encoded[letter] + b"," for letter in spelled])
        letters = (*spelled, last) if number else ()
        devices = head + encoded[last] if number else b""
        body = b'"method":"argv","params":{"config":{"devices":[%b]}}}\n' % devices
        yield letters, Prepared("argv", body)
