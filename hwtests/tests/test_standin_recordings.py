"""The stand-in beside the real acrn-dm: the verdicts of three releases, recorded on many argvs."""

import gzip
import json
from pathlib import Path

import pytest
from standin_support import HOST

from acrn_standin.command import Answer
from acrn_standin.errors import InexpressibleError, RefusedError
from acrn_standin.parse import parse
from acrn_standin.qemu import machine
from acrn_standin.release import RELEASES, Release

REPOSITORY = Path(__file__).parents[2]


Recording = list[tuple[list[str], dict[str, str | int | None]]]


@pytest.fixture(scope="module", params=sorted(RELEASES))
def release(request: pytest.FixtureRequest) -> Release:
    """Return a release that the stand-in stands for."""
    return RELEASES[request.param]


@pytest.fixture
def recorded(release: Release) -> Recording:
    """Return argvs with the verdict of a release; skip where there are none."""
    found = sorted(REPOSITORY.parent.glob("*/vectors/dm-acceptance-2.jsonl.gz"))
    if not found:
        pytest.skip(
            "held against acrn-dm's full recordings, which are no part of the project; what the "
            "stand-in's parser takes and refuses is tested here all the same, token by token"
        )
    with gzip.open(found[0], "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [(row["argv"], row["dm"][release.name]) for row in rows]


def exit_status(argv: list[str], release: Release) -> int | None:
    """Return 0 for what would be started, None for what cannot be expressed."""
    try:
        found = parse(argv, release)
        if not isinstance(found, Answer):
            machine(found, HOST, "tcg")
    except RefusedError as error:
        return error.status
    except InexpressibleError:
        return None
    return 0


def test_it_ends_as_each_release_does(recorded: Recording, release: Release) -> None:
    """Every argv that the stand-in can express has acrn-dm's exit status; most can be.

    Where acrn-dm crashes over an argv, the stand-in refuses it.
    """
    judged = [(argv, dm, exit_status(argv, release)) for argv, dm in recorded]
    expressed = [row for row in judged if row[2] is not None]
    differing = [row for row in expressed if row[1]["exit"] != row[2]]
    assert [row for row in differing if row[1]["stage"] != "crash" or not row[2]] == []
    assert len(expressed) > 0.6 * len(judged)
