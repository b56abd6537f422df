"""What a search has found is kept whole or not at all, and a damaged entry ends no search."""

import subprocess
import sys
from pathlib import Path

import pytest
from implementations import COMMAND, PYTHON

WRONG = """
import json, sys
from acrn_conformance.cases import KATA_1
from acrn_conformance.oracle import replying
reply = replying(KATA_1)
for line in sys.stdin.buffer:
    said = json.loads(reply(line))
    if b'"describe"' not in line:
        said.update(result={})
    print(json.dumps(said), flush=True)
"""


def fuzz(folder: Path, database: Path, code: str = WRONG) -> subprocess.CompletedProcess[str]:
    words = ["--examples", "30", "--seed", "1", "--database", str(database)]
    return subprocess.run(
        [*COMMAND, "fuzz", *words, "--", sys.executable, "-c", code],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("content", ["", "[", "[]", "{}"])
def test_a_damaged_entry_is_told_and_passed_over(tmp_path: Path, content: str) -> None:
    """The search goes on, and finds what there is."""
    database = tmp_path / "database"
    database.mkdir()
    (database / "found-0.json").write_text(content)
    run = fuzz(tmp_path, database)
    assert run.returncode == 1, run.stderr
    assert "--database: passed over: " in run.stderr
    assert run.stderr.count("\n") == 1


def test_a_full_disk_loses_no_finding_and_leaves_no_half_of_one(tmp_path: Path) -> None:
    """The report comes first, then a line; what cannot be written whole is not there."""
    code = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (16, 16))\n"
    code += "import signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    code += "from acrn_conformance.cli import main\nimport sys\nsys.exit(main(sys.argv[1:]))\n"
    words = ["fuzz", "--examples", "30", "--seed", "1", "--database", str(tmp_path / "d")]
    run = subprocess.run(
        [*PYTHON, "-c", code, *words, "--", sys.executable, "-c", WRONG],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2
    assert "again: acrn-conformance run" in run.stdout
    assert run.stderr.count("\n") == 1
    assert not list(tmp_path.glob("*found*"))
    assert not list((tmp_path / "d").glob("*found*"))
