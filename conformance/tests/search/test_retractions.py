"""A search of an implementation that answers twice, or says more after its last answer."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from implementations import COMMAND

pytestmark = pytest.mark.unmeasured

MISBEHAVING = (sys.executable, str(Path(__file__).parents[1] / "misbehaving.py"))


def exhaustive(tmp_path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [*COMMAND, "fuzz", "--exhaustive", "1", "--output", "c.json", "--", *words]
    return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("behaviour", ["twice", "duplicate-later"])
def test_repeated_replies_fail_the_exhaustive_search(tmp_path: Path, behaviour: str) -> None:
    """The answers are taken back, each list is counted once, and the finding names the cause."""
    run = exhaustive(tmp_path, *MISBEHAVING, behaviour, '"argv"')
    assert run.returncode == 1, run.stdout + run.stderr
    assert "the request was answered twice" in run.stdout
    counted = run.stdout.splitlines()[-1]
    assert "31 cases judged" in counted or "not asked any more" in counted
    assert "-" not in counted.partition(": ")[2]
    (case,) = json.loads((tmp_path / "c.json").read_text("utf-8"))
    assert case["request"]["method"] == "argv"


def test_a_second_answer_at_the_end_of_input_fails_the_exhaustive_search(tmp_path: Path) -> None:
    """It fails a run, so it does not pass a search."""
    code = (
        "import sys\nfrom acrn_conformance.cases import KATA_1\n"
        "from acrn_conformance.oracle import replying\nreply, last = replying(KATA_1), b''\n"
        "for line in sys.stdin.buffer:\n"
        "    last = reply(line)\n    sys.stdout.buffer.write(last)\n    sys.stdout.flush()\n"
        "sys.stdout.buffer.write(last)\n"
    )
    run = exhaustive(tmp_path, sys.executable, "-c", code)
    assert run.returncode == 1, run.stdout + run.stderr
    assert "the request was answered twice" in run.stdout
