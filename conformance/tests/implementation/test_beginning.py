"""The implementation is begun before there is anything to ask of it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from implementations import COMMAND, acrn_conformance
from judged import marked

from acrn_base.starting import StartError
from acrn_conformance.cases import Request
from acrn_conformance.implementation import Mode, Pool, Result, Settings, prepare, settled

_NAMED = """\
import json, os, sys
for line in sys.stdin:
    reply = {'jsonrpc': '2.0', 'id': json.loads(line)['id'], 'result': {'pid': os.getpid()}}
    print(json.dumps(reply), flush=True)
"""
NAMING_ITS_PROCESS = (sys.executable, "-c", _NAMED)


def asked(pool: Pool[str], *names: str) -> list[object]:
    """Return the answers, or what came in their place."""
    found = settled(pool.outcomes((name, prepare(Request(name))) for name in names))
    outcomes = [found[name].outcome for name in names]
    return [each.value if isinstance(each, Result) else each for each in outcomes]


def processes(pool: Pool[str]) -> int:
    """Return how many processes there have been, all of which end."""
    list(pool.close())
    return pool.endings.total()


def test_the_process_that_was_begun_answers() -> None:
    """It takes the first requests: no other is started for them."""
    with Pool[str](Settings(NAMING_ITS_PROCESS)) as pool:
        pool.begin()
        first, second = asked(pool, "describe"), asked(pool, "limits")
        assert first == second
        assert processes(pool) == 1


def test_in_exec_mode_none_is_begun() -> None:
    """There each process belongs to its request."""
    with Pool[str](Settings(NAMING_ITS_PROCESS, Mode.EXEC)) as pool:
        pool.begin()
        asked(pool, "describe")
        assert processes(pool) == 1


def test_what_cannot_be_executed_is_told_at_the_beginning() -> None:
    """Nobody prepares what will never be asked."""
    with Pool[str](Settings(("/nonexistent/adapter",))) as pool, pytest.raises(StartError):
        pool.begin()


def test_unusable_input_ends_what_was_begun(marker: str) -> None:
    """Goldens and options are read while it starts: it is gone when their fault is told."""
    words = (*COMMAND, "run", "--select", "no-such-*", "--", "sleep", "60")
    run = subprocess.run(words, env={**os.environ, marker: "1"}, capture_output=True, check=False)
    assert (run.returncode, run.stdout) == (2, b"")
    assert marked(marker) == []


def test_unusable_input_leaves_no_trace(tmp_path: Path) -> None:
    """The file of --trace is made when nothing else is wrong."""
    trace = tmp_path / "trace"
    run = acrn_conformance("run", "--select", "no-such-*", "--trace", str(trace))
    assert run.returncode == 2
    assert not trace.exists()
