"""``doctor`` tells what is installed and what is not, and fails for nothing."""

import os
from importlib.metadata import version
from pathlib import Path

import msgspec
import pytest
from implementations import acrn_conformance

from acrn_conformance import __version__
from acrn_conformance.cli.doctor import Item


def items() -> dict[str, Item]:
    said = acrn_conformance("doctor", "--json")
    assert (said.returncode, said.stderr) == (0, "")
    return {item.name: item for item in msgspec.json.decode(said.stdout, type=list[Item])}


def test_what_is_installed_is_named_with_its_version() -> None:
    """The packages of every extra among it, as the distribution declares them."""
    found = items()
    assert found["acrn-conformance"].found == __version__
    assert found["pexpect"] == Item("pexpect", "extra hw", version("pexpect"))
    assert found["hypothesis"].found == version("hypothesis")


def test_what_is_missing_has_its_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without any program is no failure; one with it is told where."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert items()["iasl"].found == ""
    assert items()["iasl"].remedy == "apt install acpica-tools"
    (tmp_path / "iasl").symlink_to("/bin/true")
    assert items()["iasl"].found == str(tmp_path / "iasl")
    assert items()["iasl"].remedy == ""


def test_people_get_a_line_for_each() -> None:
    """The remedy stands in it."""
    said = acrn_conformance("doctor")
    assert len(said.stdout.splitlines()) >= len(items())
    root = os.geteuid() == 0
    assert "namespaces" in said.stdout
    assert not root or "not forbidden, for capture" in said.stdout
