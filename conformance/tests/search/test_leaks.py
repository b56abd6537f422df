"""State that leaks between requests of a search: the shortest sequence that shows it is told."""

import json
import re
import shlex
import subprocess
from pathlib import Path

from implementations import COMMAND, PYTHON, wrong

GREATEST_SO_FAR = """
import json, sys
greatest = 0
for line in sys.stdin:
    asked = json.loads(line)
    if asked["method"] == "describe":
        result = {"name": "leaking", "version": "1", "language": "Python", "protocol": 1,
                  "methods": ["memory_topology"]}
    else:
        greatest = max(greatest, asked["params"].get("memory_mb") or 0)
        result = {"size": f"{greatest}M"}
    print(json.dumps({"jsonrpc": "2.0", "id": asked["id"], "result": result}), flush=True)
"""
BEHIND = r"  it passes alone, and fails behind (\S+): state leaks between requests"


def acrn_conformance(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [*COMMAND, *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def judged_again(folder: Path, said: str) -> subprocess.CompletedProcess[str]:
    """Run the command that a report names."""
    again = re.search(r"^  again: acrn-conformance (.*)$", said, re.MULTILINE)
    assert again
    return acrn_conformance(folder, *shlex.split(again[1]))


def requests(path: Path) -> list[object]:
    return [case["request"]["params"] for case in json.loads(path.read_text("utf-8"))]


def test_a_search_finds_the_shortest_sequence_and_its_command_shows_it(tmp_path: Path) -> None:
    """Each request of the two is as small as it can be, and the next search begins with them."""
    (tmp_path / "leaking.py").write_text(GREATEST_SO_FAR, "utf-8")
    options = ("--seed", "1", "--output", "c.json", "--database", "d", "--markdown", "m.md")
    words = ("fuzz", *options, "--", *PYTHON, "leaking.py")
    run = acrn_conformance(tmp_path, *words)
    assert run.returncode == 1
    behind = re.search(BEHIND, run.stdout)
    assert behind
    assert json.loads((tmp_path / "c.json").read_text("utf-8"))[0]["id"] == behind[1]
    assert requests(tmp_path / "c.json") == [{"memory_mb": 1}, {}]
    assert "\n### state leaks between requests\n" in (tmp_path / "m.md").read_text("utf-8")
    again = judged_again(tmp_path, run.stdout)
    assert again.returncode == 1
    assert re.search(BEHIND, again.stdout)
    assert "2 cases judged: 1 passed, 1 failed" in again.stdout
    once_more = acrn_conformance(tmp_path, *words)
    assert once_more.returncode == 1
    assert "\n2 requests judged" in once_more.stdout


def test_every_short_list_leaks_likewise(tmp_path: Path) -> None:
    """An LPC bus is built right once, and wrongly from then on."""
    once = (
        "old, built = devices.Lpc.params, []; devices.Lpc.params = lambda self, slot: "
        "built.append(slot) or (old(self, slot) if len(built) == 1 else ('-s', 'x'))"
    )
    words = ("fuzz", "--exhaustive", "1", "--output", "c.json", "--", *wrong(once))
    run = acrn_conformance(tmp_path, *words)
    assert run.returncode == 1
    assert re.search(BEHIND, run.stdout)
    assert [str(params).count("'lpc'") for params in requests(tmp_path / "c.json")] == [2, 2]
    assert "2 cases judged: 1 passed, 1 failed" in judged_again(tmp_path, run.stdout).stdout
