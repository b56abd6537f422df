"""The whole tier, as a lab would run it: over ssh, over a farm, and what its reports say."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from farm_fixture import FarmBoard, farm, ssh_at
from sshd_fixture import sshd
from standin_board import own_standin_board

from acrn_hwtests.board import host_of
from acrn_hwtests.boardfile import BoardFile, Labgrid, Ssh
from acrn_hwtests.hosts.host import check

pytestmark = pytest.mark.board

_ROOT = Path(__file__).parents[2]

_OVER_SSH = """
import sys
import msgspec
from acrn_hwtests import board, boardfile, cli
from acrn_hwtests.hosts.ssh import SshHost
settings = msgspec.json.decode(sys.argv[2], type=boardfile.Ssh)
board.LocalHost = lambda: SshHost(settings)  # the stand-in as if it were elsewhere
sys.exit(cli.main(["--board", sys.argv[1], *sys.argv[3:]]))
"""
"""A board file of kind ssh refuses the stand-in, as it must; so the stand-in's own host is put
behind ssh here, which is a lie about this machine alone: commands, sockets and terminals go over
the real connection."""


_REMOTE = (
    *("argv-arrives", "ttys0-*", "hvc0-*", "late-attach", "*-backend", "agent-*"),
    *("acpi-power-off", "missing-kernel", "killed-*", "packets-pass"),
)
"""The checks in which something goes over the connection that is no command, in the guest or on the
board: a stream, a terminal, a signal, an exit status."""


def test_checks_pass_over_ssh_and_the_reports_name_the_board(tmp_path: Path) -> None:
    """The tier finds over ssh what it finds here: on consoles, terminals, sockets, by signals.

    On the release that wants most of an argv: a CPU, no UUID, and a tap by its key. Of the one run,
    since its guests take long, the reports are looked at too.
    """
    folder = tmp_path / "sshd"
    folder.mkdir()
    results, junit, page = (tmp_path / name for name in ("r.json", "r.xml", "r.html"))
    selected = [word for glob in _REMOTE for word in ("--select", glob)]
    with sshd(folder) as settings, own_standin_board("v3.3") as board:
        words = [sys.executable, "-c", _OVER_SSH, str(board.file), _json(settings), "--console"]
        words += ["--json", str(results), "--junit", str(junit), "--html", str(page)]
        words += ["--transcripts", str(tmp_path / "runs"), *selected]
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "hvc0| acrn-guest: ready on hvc0" in done.stderr
    assert "stand-in  late-attach" in done.stdout
    _require_results(json.loads(results.read_bytes()))
    _require_junit(ET.fromstring(junit.read_text("utf-8"))[0])  # noqa: S314 - written a moment ago
    assert "acrn-guest: ready on hvc0" in page.read_text("utf-8")


def _require_results(told: dict[str, Any]) -> None:
    """JSON has the class, the release and the hashes, and nothing was left out."""
    schema = (_ROOT / "golden" / "schema" / "hwtests.schema.json").read_text("utf-8")
    jsonschema.validate(told, json.loads(schema))
    assert told["passed"]
    assert told["board"]["host"].endswith("@127.0.0.1")
    assert told["summary"]["not-applicable"] == told["summary"]["not-run"] == 0
    assert (told["board_class"], told["board"]["release"]) == ("stand-in", "v3.3")
    assert len(told["board"]["kernel_sha256"]) == 64


def _require_junit(suite: ET.Element) -> None:
    """JUnit has the names of the checks, and the board as their class."""
    assert suite.attrib["name"] == "acrn-hwtests stand-in"
    cases = [(case.attrib["classname"], case.attrib["name"]) for case in suite.iter("testcase")]
    assert ("stand-in/standin", "late-attach") in cases
    properties = {p.attrib["name"]: p.attrib["value"] for p in suite.iter("property")}
    assert properties["board.board_class"] == "stand-in"


def test_a_farms_board_is_reserved_and_reached(tmp_path: Path) -> None:
    """A board with the tags is reserved, reached by ssh where labgrid says, and given back."""
    folder = tmp_path / "sshd"
    folder.mkdir()
    with sshd(folder) as settings:
        service = ssh_at(settings.host, settings.port, settings.user)
        with farm(tmp_path, FarmBoard("board1", {"acrn": "yes"}, service)) as lab:
            file = BoardFile(
                kind="labgrid",
                release="v3.3",
                cpus=(0,),
                labgrid=Labgrid(lab.coordinator, tags={"acrn": "yes"}),
                ssh=Ssh(identity=settings.identity, known_hosts=settings.known_hosts),
            )
            with host_of(file) as host:
                assert check(host, ["echo", "reached"]) == "reached"
                assert lab.holder("board1") not in {"", "None"}
            assert lab.holder("board1") in {"", "None"}


def _json(settings: Ssh) -> str:
    return json.dumps({name: getattr(settings, name) for name in settings.__struct_fields__})
