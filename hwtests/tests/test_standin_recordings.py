"""The stand-in beside the real acrn-dm v2.5: the verdicts recorded on many argvs."""

import gzip
import json
from pathlib import Path

import pytest
from standin_support import HOST

from acrn_standin.command import Answer
from acrn_standin.errors import InexpressibleError, RefusedError
from acrn_standin.parse import parse
from acrn_standin.qemu import machine

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def recorded() -> list[tuple[list[str], int]]:
    """Return argvs with the exit status of release v2.5; skip where there are none."""
    found = sorted(REPOSITORY.parent.glob("*/vectors/dm-acceptance.jsonl.gz"))
    if not found:
        pytest.skip(
            "held against acrn-dm's full recordings, which are no part of the project; what the "
            "stand-in's parser takes and refuses is tested here all the same, token by token"
        )
    with gzip.open(found[0], "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [(row["argv"], row["dm"]["v2.5"]["exit"]) for row in rows]


def exit_status(argv: list[str]) -> int | None:
    """Return 0 for what would be started, None for what cannot be expressed."""
    try:
        found = parse(argv)
        if not isinstance(found, Answer):
            machine(found, HOST, "tcg")
    except RefusedError as error:
        return error.status
    except InexpressibleError:
        return None
    return 0


def test_it_ends_as_release_v2_5_does(recorded: list[tuple[list[str], int]]) -> None:
    """Every argv that the stand-in can express has acrn-dm's exit status, most can be."""
    judged = [(argv, status, exit_status(argv)) for argv, status in recorded]
    expressed = [row for row in judged if row[2] is not None]
    assert [row for row in expressed if row[1] != row[2]] == []
    assert len(expressed) > 0.7 * len(judged)
