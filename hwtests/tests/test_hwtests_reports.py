"""What a run writes: JSON, JUnit and a page, also of a run that never reached its board."""

import html
import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import pytest
import xmlschema
from board_results import results

from acrn_hwtests import catalog, junit, page
from acrn_hwtests.report import CheckResult, Verdict
from acrn_hwtests.transcript import Folder, Header

_ROOT = Path(__file__).parents[2]
_SCHEMA = json.loads((_ROOT / "golden/schema/hwtests.schema.json").read_text("utf-8"))
_JUNIT = _ROOT / "conformance/tests/reports/junit.xsd"
_NO_ACRN = """
kind = "local"
release = "v2.5"
acrn_dm = "/nowhere/acrn-dm"
kernel = "/nowhere/vmlinuz"
image = "/nowhere/disk.img"
uuids = ["d2795438-25d6-11e8-864e-cb7a18b34643", "615db82a-e189-4b4f-8dbb-d321343e4ab3"]
"""
_UNREACHABLE = f"""
{_NO_ACRN.replace("local", "ssh")}
[ssh]
host = "127.0.0.1"
port = 1
"""
_FILES = ("--json", "r.json", "--junit", "r.xml", "--html", "r.html")


def run(
    folder: Path, board: str, *words: str, before: str = ""
) -> "subprocess.CompletedProcess[str]":
    """Run the command in a folder with a board file; ``before`` is for the shell."""
    (folder / "board.toml").write_text(board)
    tier = (sys.executable, "-m", "acrn_hwtests", "--board", "board.toml", *words)
    return subprocess.run(
        ["/bin/sh", "-c", f'{before}\nexec "$@"', "sh", *tier],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )


@pytest.mark.parametrize(
    ("board", "reason"),
    [
        ('kind = "x"\nrelease = "v2.5"', "kind: 'x' is no kind of board"),
        (_NO_ACRN, "nothing was started: see to hypervisor, acrn_dm"),
        (_UNREACHABLE, "127.0.0.1"),
    ],
)
def test_a_run_that_never_reached_its_board_is_told_in_every_form(
    tmp_path: Path, board: str, reason: str
) -> None:
    """Each check that was asked for did not run, and the reason stands beside it."""
    done = run(tmp_path, board, "--select", "rescan-*", *_FILES)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    told = json.loads((tmp_path / "r.json").read_bytes())
    jsonschema.validate(told, _SCHEMA)
    assert (told["board"], told["passed"], told["transcripts"]) == (None, False, "")
    assert reason in told["given_up"]
    assert done.stderr == f"acrn-hwtests: {told['given_up']}\n"
    ids = [check.id for check in catalog.checks() if check.id.startswith("rescan-")]
    checks = [(each["id"], each["verdict"], each["message"]) for each in told["checks"]]
    assert checks == [(name, "not-run", told["given_up"]) for name in ids]
    suite = ET.fromstring((tmp_path / "r.xml").read_text("utf-8"))[0]  # noqa: S314 - our own
    assert (suite.attrib["errors"], suite.attrib["skipped"]) == ("1", str(len(ids)))
    messages = {each.attrib["message"] for each in suite.iter("skipped")}
    assert messages == {"see comes-to-its-end"}
    shown = (tmp_path / "r.html").read_text("utf-8")
    assert "The board cannot be used" in shown
    assert html.unescape(shown).count(told["given_up"]) == 1
    assert not (tmp_path / "acrn-hwtests-runs").exists()


def test_what_the_preflight_finds_is_in_every_form(tmp_path: Path) -> None:
    """What is missing has its remedy there, and no check was asked for."""
    done = run(tmp_path, _NO_ACRN, "--preflight", *_FILES)
    assert done.returncode == 2
    told = json.loads((tmp_path / "r.json").read_bytes())
    jsonschema.validate(told, _SCHEMA)
    assert told["checks"] == []
    missing = {item["what"]: item["remedy"] for item in told["preflight"] if "remedy" in item}
    assert missing["kernel"] == "copy it there, or mend kernel in the board file"
    cases = ET.fromstring((tmp_path / "r.xml").read_text("utf-8"))[0].iter("testcase")  # noqa: S314 - our own
    failed = {case.attrib["name"] for case in cases if case.find("failure") is not None}
    assert failed == set(missing)
    assert missing["kernel"] in (tmp_path / "r.html").read_text("utf-8")


@pytest.mark.unmeasured
def test_a_full_disk_takes_the_files_and_not_the_report(tmp_path: Path) -> None:
    """The table is printed first; then a line a file, and what was there stays as it was."""
    (tmp_path / "r.json").write_text("of yesterday")
    done = run(tmp_path, _NO_ACRN, *_FILES, before="ulimit -f 1")
    assert done.returncode == 2
    assert "MISSING  kernel" in done.stdout
    assert done.stderr.splitlines()[1:] == [
        f"acrn-hwtests: {option} {name}: File too large; name a file to write"
        for option, name in zip(_FILES[::2], _FILES[1::2], strict=True)
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["board.toml", "r.json"]
    assert (tmp_path / "r.json").read_text() == "of yesterday"


def test_a_page_without_its_extra_is_refused_in_a_line(tmp_path: Path) -> None:
    """Before anything is started, and with the remedy."""
    (tmp_path / "jinja2.py").write_text("raise ModuleNotFoundError")
    done = run(tmp_path, _NO_ACRN, "--html", "r.html")
    assert (done.returncode, done.stdout) == (2, "")
    remedy = "pip install 'acrn-conformance[report]'"
    assert done.stderr == f"acrn-hwtests: a page needs jinja2; install it with: {remedy}\n"


def _failed(folder: Path, said: bytes) -> CheckResult:
    header = Header(
        board="here",
        board_class="stand-in",
        release="v2.5",
        program="acrn-dm",
        argv=("-A", "vm"),
        kernel="",
        kernel_sha256="",
        image="",
        image_sha256="",
        started="",
    )
    transcripts = Folder(folder / "boots", header)
    transcripts.stream("hvc0").add("<", said)
    transcripts.close("", "panic: not syncing")
    return CheckResult("boots", "It boots.", Verdict.FAIL, 1.0, "panic\nmore", ("boots",))


def test_junit_follows_the_common_schema() -> None:
    """A case has the name of its check, and the board as its class; nothing hostile is raw."""
    hostile = CheckResult("b", "It is.", Verdict.FAIL, 0.5, "\x00<&>\n\x1b[31m\uffff")
    others = (CheckResult(f"c-{each}", "It is.", each, 0.5, "why") for each in Verdict)
    text = junit.document(results(hostile, *others, given_up="the board was lost")).decode()
    xmlschema.XMLSchema(_JUNIT).validate(text)
    suite = ET.fromstring(text)[0]  # noqa: S314 - our own
    assert suite.attrib["name"] == "acrn-hwtests stand-in"
    cases = {(case.attrib["classname"], case.attrib["name"]) for case in suite.iter("testcase")}
    assert {("stand-in/standin", "b"), ("run", "comes-to-its-end")} <= cases
    assert r"\x1b[31m\uffff" in text


def test_a_page_has_what_the_consoles_said(tmp_path: Path) -> None:
    """The argv, the end and each stream of a guest stand with the check."""
    check = _failed(tmp_path, b"Kernel panic\n")
    text = page.document(results(check, transcripts=str(tmp_path))).decode()
    for said in ("acrn-dm -A vm", "panic: not syncing", "Kernel panic", "panic\nmore"):
        assert said in text


def test_a_cause_that_hit_several_checks_is_told_once(tmp_path: Path) -> None:
    """The checks that it hit stand below it; one with a guest of its own stands alone."""
    lost = [CheckResult(name, "It is.", Verdict.ERROR, 0.1, "ssh: gone") for name in ("a", "b")]
    other = CheckResult("c", "It is.", Verdict.ERROR, 0.1, "ssh: late", ())
    told = results(*lost, other, _failed(tmp_path, b""), transcripts=str(tmp_path))
    text = page.document(told).decode()
    assert text.count("ssh: gone") == 1
    assert [text.count(f'id="check-{name}"') for name in ("a", "b", "c", "boots")] == [1] * 4
    assert text.index("2 checks: error") < text.index("ssh: gone") < text.index('id="check-a"')


def test_of_a_long_stream_the_page_has_both_ends(tmp_path: Path) -> None:
    """It says how much is left out, and where that is."""
    check = _failed(tmp_path, b"".join(b"line %d\n" % number for number in range(1000)))
    text = page.document(results(check, transcripts=str(tmp_path))).decode()
    assert [f"line {number}\n" in text for number in (0, 99, 100, 699, 700, 999)] == [
        *(True, True, False),
        *(False, True, True),
    ]
    assert "600 lines are left out here" in text


def test_transcripts_that_are_gone_are_told_in_their_place(tmp_path: Path) -> None:
    """The page has all the others."""
    check = CheckResult("boots", "It boots.", Verdict.PASS, 1.0, "", ("gone",))
    text = page.document(results(check, transcripts=str(tmp_path))).decode()
    assert "gone/header.json: No such file or directory" in text
