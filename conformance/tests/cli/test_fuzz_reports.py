"""A search's results and reports: what it found, what it asked, and whether it came to its end."""

import json
import re
import signal
import subprocess
import time
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest
import xmlschema
from implementations import ARGV_ALONE, COMMAND, SERVE, acrn_conformance, wrong

from acrn_conformance.cases import golden
from acrn_conformance.reports import merging, results_file, results_text

WRONG = wrong(
    f"{ARGV_ALONE}; old = devices.Block.params; devices.Block.params = lambda self, slot: "
    "('-s', 'x') if self.index == 8 else old(self, slot)"
)
SCHEMA = golden.folder() / "schema" / "results.schema.json"
SEED = ("--seed", "1")


def results(path: Path) -> Any:
    return json.loads(path.read_bytes())


def fuzz(folder: Path, name: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Search, with every report there is under one name."""
    kinds = ("json", "html", "junit", "markdown", "badge")
    reports = [word for kind in kinds for word in (f"--{kind}", str(folder / f"{name}.{kind}"))]
    where = ("--output", str(folder / "case.json"))
    return acrn_conformance("fuzz", *where, *reports, *words)


def told(*paths: Path, against: Path | None = None) -> str:
    """Return what `report` tells of results."""
    runs = merging.merged(map(results_file.read, paths))
    older = results_file.read(against) if against else None
    return "\n".join(line.text for line in results_text.lines(runs, older))


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Search a wrong implementation, and a right one as far as that and further."""
    folder = tmp_path_factory.mktemp("searched")
    found = fuzz(folder, "found", *SEED, "--examples", "30000", "--", *WRONG)
    assert found.returncode == 1, found.stderr
    asked = sum(results(folder / "found.json")["search"]["asked"].values())
    right = fuzz(folder, "right", *SEED, "--examples", str(asked), "--", *SERVE)
    assert right.returncode == 0, right.stdout + right.stderr
    return folder


def test_a_finding_is_a_case_that_fails(searched: Path) -> None:
    """Its request, what is expected, what came, and the command that asks it again are there."""
    found = results(searched / "found.json")
    (case,) = found["cases"]
    (written,) = results(searched / "case.json")
    assert (case["id"], case["request"]) == (written["id"], written["request"]["params"])
    assert case["expected"] == [written["expect"]]
    assert case["verdict"] == "fail"
    assert case["request"]["config"]["devices"][-1]["index"] == 8
    assert case["message"].endswith('got "x"')
    assert case["again"].startswith("acrn-conformance run --cases ")
    assert [group["cases"] for group in found["groups"]] == [[case["id"]]]


def test_a_search_says_what_it_asked(searched: Path) -> None:
    """Seed, requests of each method and coverage are known, also where nothing is found."""
    for name, failing in (("found", 1), ("right", 0)):
        found = results(searched / f"{name}.json")
        jsonschema.validate(found, json.loads(SCHEMA.read_text("utf-8")))
        search = found["search"]
        assert (search["seed"], search["failing"]) == (1, failing)
        assert search["asked"]["argv"] > 0
        assert "boundaries" in search["coverage"][-1]
        stopped = f"stopped at the first finding after {sum(search['asked'].values()):,} requests, "
        assert search["coverage"][0].startswith(stopped) is bool(failing)
        assert found["ended"]["passed"] is not bool(failing)
        assert found["ended"]["seconds"] > 0


def test_report_reads_a_search(searched: Path) -> None:
    """A search and its numbers are told as a run is, and not taken for one."""
    report = acrn_conformance("report", str(searched / "found.json"), str(searched / "right.json"))
    assert report.returncode == 1
    first, *_, last = report.stdout.splitlines()
    assert "search: " in first
    assert "requests judged (drawn at random, seed 1)" in first
    assert first.endswith(", 1 failing")
    assert last.endswith(" passed")


def test_its_reports_say_what_came_of_it(searched: Path) -> None:
    """Markdown and a badge have its numbers, and a page says what is wrong first."""
    page = (searched / "found.html").read_text("utf-8")
    assert re.search(r"<h1 class=.bad.>[^<]*Fails: 1 of [\d,]+ requests does not pass", page)
    right = (searched / "right.html").read_text("utf-8")
    assert re.search(r"<h1 class=.good.>[^<]*nothing found in [\d,]+ requests", right)
    assert "Searched" in right
    rows = (searched / "found.markdown").read_text("utf-8").splitlines()
    assert rows[2].endswith("| 1 | 0 | fails |")
    assert "acrn kata-1 search" in (searched / "right.badge").read_text("utf-8")


def test_junit_has_a_case_a_method_and_a_case_a_finding(searched: Path) -> None:
    """A CI that fails where no test ran is content with a search that finds nothing."""
    schema = xmlschema.XMLSchema(Path(__file__).parents[1] / "reports" / "junit.xsd")
    for name, failures in (("found", 1), ("right", 0)):
        schema.validate(searched / f"{name}.junit")
        root = ET.parse(searched / f"{name}.junit").getroot()  # noqa: S314 - our own
        cases = {(each.get("classname"), each.get("name")) for each in root.iter("testcase")}
        asked = set(results(searched / f"{name}.json")["search"]["asked"])
        found = {case["method"] for case in results(searched / f"{name}.json")["cases"]}
        assert {name for kind, name in cases if kind == "search"} == asked - found
        assert len(cases - {("search", name) for name in asked}) == failures
        assert len(root.findall(".//failure")) == failures


def test_what_changed_since_another_search_is_told(searched: Path) -> None:
    """What is found no more is fixed only where the same was asked."""
    found, right = searched / "found.json", searched / "right.json"
    (case,) = results(found)["cases"]
    new = f"new (found now, not before), 1 case: {case['id']}"
    assert new in told(found, against=right)
    fixed = f"fixed (found before; asked again, it passes), 1 case: {case['id']}"
    assert fixed in told(right, against=found)
    other = results(right)
    other["search"]["seed"] = 2
    elsewhere = searched / "elsewhere.json"
    elsewhere.write_text(json.dumps(other), "utf-8")
    gone = "gone (found before, not now: fixed, or not asked), 1 case"
    assert gone in told(elsewhere, against=found)


def test_a_search_is_no_run(searched: Path, tmp_path: Path) -> None:
    """Neither is compared with the other, nor gone on from."""
    search = str(searched / "right.json")
    run = results(searched / "right.json")
    run["search"] = run["ended"] = None
    path = tmp_path / "run.json"
    path.write_text(json.dumps(run), "utf-8")
    for words, said in (
        (("report", str(path), "--against", search), "cannot be compared"),
        (("run", "--resume", search, "--", *SERVE), "those of a search"),
    ):
        refused = acrn_conformance(*words)
        assert refused.returncode == 2
        assert said in refused.stderr
        assert refused.stderr.count("\n") == 1


def test_shards_of_a_search_are_put_together(tmp_path: Path) -> None:
    """All parts of an enumeration are told as one; one that is missing is named."""
    parts = [tmp_path / f"{part}.json" for part in (1, 2)]
    for part, path in enumerate(parts, 1):
        words = ("--exhaustive", "1", "--shard", f"{part}/2", "--json", str(path))
        assert acrn_conformance("fuzz", *words, "--", *SERVE).returncode == 0
    asked = [results(path)["search"]["asked"]["argv"] for path in parts]
    whole = told(*parts)
    assert f"search: {sum(asked)} requests judged (every list of up to 1 " in whole
    assert "missing" not in whole
    assert "shard 2/2 is missing" in told(parts[0])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_search_that_is_ended_early_leaves_results(
    number: signal.Signals, tmp_path: Path
) -> None:
    """They say that it did not come to its end, and how far it came where it could."""
    path = tmp_path / "results.json"
    words = ("fuzz", *SEED, "--time", "600", "--json", str(path), "--", *SERVE)
    with subprocess.Popen(
        [*COMMAND, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as search:
        until = time.monotonic() + 60
        while not path.exists():
            assert time.monotonic() < until
            time.sleep(0.02)
        search.send_signal(number)
        search.communicate()
    found = results_file.read(path)
    assert found.ended is None
    assert found.search
    if number is signal.SIGTERM:
        assert search.returncode == 128 + number
        assert results(path)["ended"] is None
    assert "the search did not come to its end" in told(path)


def test_standard_output_may_have_the_results_of_a_search_alone(tmp_path: Path) -> None:
    """With - there is no report beside them, and a full disk takes none away."""
    words = (*SEED, "--examples", "64", "--output", str(tmp_path / "case.json"))
    alone = acrn_conformance("fuzz", *words, "--json", "-", "--", *SERVE)
    assert json.loads(alone.stdout)["ended"]["passed"]
    full = acrn_conformance("fuzz", *words, "--json", "/dev/full", "--", *SERVE)
    assert full.returncode == 2
    assert "requests judged" in full.stdout
    assert full.stderr.startswith("acrn-conformance: --json /dev/full: No space left")
