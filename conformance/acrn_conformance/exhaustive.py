"""Every list of representative devices up to a length, judged in a fixed order.

Lists are numbered from 0, shorter ones first, so that a range of numbers is a shard.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from acrn_conformance import oracle
from acrn_conformance.alphabet import DEVICES, Device
from acrn_conformance.fuzz import case_of
from acrn_conformance.judge import judge
from acrn_conformance.model import Request, Result, Verdict
from acrn_conformance.pool import Pool
from acrn_conformance.wire import Prepared

_encode = msgspec.json.Encoder().encode


class Shard(NamedTuple):
    """The lists with numbers from ``start`` to just below ``stop``."""

    start: int
    stop: int


def total(longest: int, letters: int = len(DEVICES)) -> int:
    """Return how many lists there are up to a length."""
    return sum(letters**length for length in range(longest + 1))


def shard(longest: int, part: int, parts: int) -> Shard:
    """Return one of ``parts`` ranges, numbered from 1, that together are all lists."""
    every = total(longest)
    return Shard(every * (part - 1) // parts, every * part // parts)


def device_list(number: int, alphabet: Sequence[Device] = DEVICES) -> list[Device]:
    """Return the list with a number."""
    return [alphabet[letter] for letter in _letters(number, len(alphabet))]


def _letters(number: int, letters: int) -> list[int]:
    length = 0
    while number >= letters**length:
        number -= letters**length
        length += 1
    spelled = []
    for _ in range(length):
        number, letter = divmod(number, letters)
        spelled.append(letter)
    return spelled[::-1]


def request_of(number: int) -> Request:
    """Return the request for the list with a number."""
    return Request("argv", {"config": {"devices": device_list(number)}})


def failures(pool: Pool[int], which: Shard) -> Iterator[Verdict | None]:
    """Judge a shard; yield for each list, as answers come, None or the verdict that it fails."""
    encoded = [_encode(device) for device in DEVICES]
    expected = oracle.device_lists(DEVICES)
    for number, outcome in pool.outcomes(_prepared(which, encoded)):
        letters = _letters(number, len(DEVICES))
        if isinstance(outcome, Result) and _encode(outcome.value) == expected(letters):
            yield None
            continue
        verdict = judge(case_of(request_of(number)), outcome)
        yield verdict if verdict.failing else None


def _prepared(which: Shard, encoded: Sequence[bytes]) -> Iterator[tuple[int, Prepared]]:
    for number in range(*which):
        devices = b",".join([encoded[letter] for letter in _letters(number, len(encoded))])
        body = b'"method":"argv","params":{"config":{"devices":[%b]}}}\n' % devices
        yield number, Prepared("argv", body)
