"""The requests of a search: drawn as a seed has it, varied, dealt in parts, answered quickly."""

import json
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path

import pytest
from implementations import SERVE
from searched import fuzz

from acrn_conformance import oracle
from acrn_conformance.cases import DIALECTS, KATA_1, Dialect, Request
from acrn_conformance.search.drawing import Drawing, seeded
from acrn_conformance.search.fuzz import Limits, dealt, rounds
from acrn_conformance.search.odd_values import odd_values
from acrn_conformance.search.sample_devices import sample_devices
from acrn_conformance.search.variations import variations


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=lambda dialect: dialect.name)
def test_answers_to_requests_that_share_their_parts_are_the_oracles(dialect: Dialect) -> None:
    """The quick way of a search gives what the ordinary one gives, refusals too."""
    drawing, random, answering = Drawing(dialect), seeded(7, 0), oracle.Answering(dialect)
    for drawn in (drawing.request(random) for _ in range(60)):
        for request in (drawn, *variations(drawn)):
            assert answering.expected(request) == oracle.expected(dialect, request)


def test_a_seed_draws_the_same_requests_once_more() -> None:
    """And another one others."""
    first, again, other = (
        [Drawing(KATA_1).request(random) for _ in range(50)]
        for random in (seeded(1, 0), seeded(1, 0), seeded(2, 0))
    )
    assert first == again != other


def test_shards_of_a_seed_are_together_the_whole_search() -> None:
    """What is drawn for one is drawn for no other."""
    whole, first, second = (
        list(islice(fuzz_rounds(part, parts), rounds))
        for part, parts, rounds in ((1, 1, 4), (1, 2, 2), (2, 2, 2))
    )
    assert [first[0], second[0], first[1], second[1]] == whole
    assert first != second


def fuzz_rounds(part: int, parts: int) -> Iterator[list[Request]]:
    limits = Limits(1, 1.0, seed=5, part=part, parts=parts)
    return rounds(Drawing(KATA_1), limits)


def test_shards_deal_every_odd_value_once() -> None:
    """Each to one of them, and as the seed has it."""
    parts = [list(dealt(KATA_1, Limits(1, 1.0, seed=5, part=part, parts=3))) for part in (1, 2, 3)]

    def written(requests: Iterable[Request]) -> list[str]:
        return sorted(json.dumps([each.method, each.params]) for each in requests)

    assert written(chain.from_iterable(parts)) == written(odd_values(KATA_1))
    again, other = (
        list(dealt(KATA_1, Limits(1, 1.0, seed=seed, part=1, parts=3))) for seed in (5, 6)
    )
    assert again == parts[0] != other


def test_a_short_search_asks_every_method(tmp_path: Path) -> None:
    """No method waits for another's odd values, and what is drawn does not wait for them either."""
    run = fuzz("--examples", "300", "--seed", "4", "--", *SERVE, cwd=tmp_path)
    counted = next(line for line in run.stdout.splitlines() if " requests judged: " in line)
    judged = dict(each.rsplit(" ", 1) for each in counted.partition(": ")[2].split(", "))
    assert set(judged) == {method.name for method in KATA_1.methods if method.asks}
    assert min(map(int, judged.values())) >= 10


def test_every_variation_is_answered_or_refused() -> None:
    """Variations of a request are legal on the wire."""
    config = {"name": "n", "kernel": {"path": "/k"}, "devices": list(sample_devices(KATA_1)[:20:3])}
    for request in variations(Request("argv", {"config": config})):
        oracle.expected(KATA_1, request)
    steps = [{"append": "block_device", "file": "/a", "index": 1}]
    for method in ("sandbox_argv", "append_devices"):
        for request in variations(Request(method, {"image_path": "/i", "steps": steps})):
            oracle.expected(KATA_1, request)
