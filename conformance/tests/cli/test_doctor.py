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


def test_people_get_what_is_missing_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its remedy; of what is there a line each, an extra being one thing."""
    monkeypatch.setenv("PATH", str(tmp_path))
    said = acrn_conformance("doctor")
    lines = said.stdout.splitlines()
    missing = [line.startswith("missing: ") for line in lines]
    assert missing == sorted(missing, reverse=True)
    assert "missing: iasl, for acrn-dm's ACPI tables in dry runs: apt install acpica-tools" in lines
    packages = [item for item in items().values() if item.serves.startswith("extra ")]
    extras = {item.serves for item in packages}
    assert len(lines) == len(items()) - len(packages) + len(extras)
    (of_hw,) = [line for line in lines if line.startswith("extra hw ")]
    assert f"pexpect {version('pexpect')}, " in of_hw
    root = os.geteuid() == 0
    assert "namespaces" in said.stdout
    assert not root or "not forbidden, for capture" in said.stdout
