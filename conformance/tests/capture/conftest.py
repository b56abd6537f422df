"""Each test captures in a folder of its own, in which nothing may be left."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from captures import running_in

from acrn_base import namespaces


@pytest.fixture(scope="session", autouse=True)
def _namespaces() -> None:
    """Skip where the machine forbids what nearly all here is about."""
    try:
        subprocess.run(
            ["/bin/true"], preexec_fn=lambda: namespaces.enter(namespaces.NEW_MOUNTS), check=True
        )
    except subprocess.SubprocessError:
        pytest.skip("this machine forbids namespaces of mounts, as some containers do")


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let all happen in a folder of the test's own, in which nothing may be left running."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    mounts = Path("/proc/self/mountinfo").read_bytes()
    yield
    left = running_in(tmp_path)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    assert not left
    assert Path("/proc/self/mountinfo").read_bytes() == mounts
