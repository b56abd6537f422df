"""Shared by all tests: where the recordings are, and no updating of goldens unseen."""

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
RECORDINGS = REPOSITORY.parent / "shared" / "vectors"


def pytest_configure(config: pytest.Config) -> None:
    """Refuse to update goldens where nobody reviews them, or where several processes would.

    And where GitHub runs the tests, what they see must not become its annotations.
    """
    for name in ("GITHUB_ACTIONS", "GITHUB_WORKSPACE"):
        os.environ.pop(name, None)
    if config.getoption("update_snapshots", default=False):
        if os.environ.get("CI"):
            raise pytest.UsageError("CI is set: goldens are updated by hand and reviewed")
        if config.getoption("numprocesses", default=None) or hasattr(config, "workerinput"):
            raise pytest.UsageError("goldens are updated by one process: leave out -n")


@pytest.fixture(scope="session")
def recordings() -> Path:
    """Return the folder of the recorded answers; the test is skipped where it is not there."""
    if not RECORDINGS.is_dir():
        pytest.skip(
            "held against the original's full recordings, which are no part of the project; what "
            "was chosen of them, golden/recorded and acrn_dm's tables, is tested here all the same"
        )
    return RECORDINGS
