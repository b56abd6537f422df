"""Pages without a browser: their scripts parse, and what a page needs is told in one line."""

import re
import shutil
import subprocess
import sys
from html import unescape
from importlib import resources
from pathlib import Path

import msgspec
import pytest
from implementations import acrn_conformance, wrong

from acrn_conformance.reports import html, results_file
from acrn_conformance.reports.recorded import Search

SCRIPTS = sorted(
    Path(str(each))
    for each in resources.files("acrn_conformance.reports.html").iterdir()
    if each.name.endswith(".js")
)
NODE = shutil.which("node")
WITHOUT = """
import sys
sys.modules["jinja2"] = None
from acrn_conformance.cli import main
sys.exit(main())
"""


@pytest.mark.skipif(NODE is None, reason="node checks scripts")
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_parses(script: Path) -> None:
    """The scripts of the pages are JavaScript that a strict parser takes."""
    subprocess.run([str(NODE), "--check", script], check=True)


def test_a_page_needs_its_extra(tmp_path: Path) -> None:
    """Without the template engine --html says so in a line, and leaves nothing behind."""
    page = tmp_path / "page.html"
    command = [sys.executable, "-c", WITHOUT, "lint", "--html", str(page), "--", "acrn-dm", "vm"]
    ended = subprocess.run(command, check=False, capture_output=True, text=True)
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
    assert "pip install 'acrn-conformance[report]'" in ended.stderr
    assert not page.exists()


def test_a_page_loads_nothing(tmp_path: Path) -> None:
    """Its policy names its own script and style by their hashes, and forbids all else."""
    page = tmp_path / "page.html"
    command = [sys.executable, "-m", "acrn_conformance", "lint", "--html", str(page)]
    subprocess.run([*command, "--", "acrn-dm", "vm"], check=False, capture_output=True)
    text = unescape(page.read_text("utf-8"))
    assert "default-src 'none'" in text
    assert "script-src 'sha256-" in text
    assert "src=" not in text.replace("default-src", "")


def test_one_failure_among_very_many_is_seen_in_the_bar(tmp_path: Path) -> None:
    """However few they are, cases that fail have a stretch of it; all together fill it."""
    path = tmp_path / "results.json"
    words = ("run", "--select", "paths-fixed", "--json", str(path))
    acrn_conformance(*words, "--", *wrong("answers.ACRN_DM = '/bin/acrn-dm'"))
    search = Search(1, None, asked={"paths": 1_000_000}, failing=1)
    page = html.page([msgspec.structs.replace(results_file.read(path), search=search)])
    widths = {
        kind: float(width)
        for kind, width in re.findall(r'<rect class="m-(.)" x="[\d.]+" width="([\d.]+)"', page)
    }
    assert widths.keys() == {"p", "f"}
    assert widths["f"] >= 5
    assert sum(widths.values()) == pytest.approx(1000)
