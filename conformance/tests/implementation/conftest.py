"""Shared by the tests of processes: a mark by which none of them is lost."""

import os
import signal
import uuid
from collections.abc import Iterator

import pytest
from judged import marked


@pytest.fixture
def marker() -> Iterator[str]:
    """Mark the processes of a test, and end those that it leaves when it fails."""
    name = f"MISBEHAVING_{uuid.uuid4().hex}"
    yield name
    for pid in marked(name):
        os.kill(pid, signal.SIGKILL)
