"""A board file that is written from what is found: read back, and of use as it is."""

from pathlib import Path

import pytest

from acrn_hwtests import boardfile, cli


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a folder with fake programs first; return it."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return tmp_path


def _program(folder: Path, version: str) -> None:
    for name in ("acrn-dm", "acrnctl"):
        (folder / name).write_text(f"#!/bin/sh\necho 'DM version is: {version}'\n")
        (folder / name).chmod(0o755)


@pytest.mark.parametrize(
    ("version", "release"),
    [("2.5-unstable", "v2.5"), ("2.6.1-x", "v2.6"), ("2.7-", "v2.7"), ("3.9-", "v3.3")],
)
def test_what_is_found_stands_in_the_file(path: Path, version: str, release: str) -> None:
    """Programs and their release; CPUs or UUIDs, whichever that takes; it is a good file."""
    _program(path, version)
    assert cli.main(["init", str(path / "board.toml")]) == 0
    found = boardfile.read(path / "board.toml")
    assert (found.kind, found.release) == ("local", release)
    assert (found.acrn_dm, found.acrnctl) == (str(path / "acrn-dm"), str(path / "acrnctl"))
    assert bool(found.cpus) is (release >= "v2.7")
    assert len(found.uuids) == (0 if found.cpus else 2)


def test_a_release_that_is_not_told_is_a_comment(path: Path) -> None:
    """So is what is put there later: no question is asked."""
    _program(path, "-")
    assert cli.main(["init", str(path / "board.toml")]) == 0
    text = (path / "board.toml").read_text()
    assert "# acrn-dm -v tells none: mend it" in text
    assert "# put the test guest there" in text


def test_a_file_that_is_there_stays(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is refused, with status 2."""
    _program(path, "2.5-")
    (path / "board.toml").write_text("mine")
    assert cli.main(["init", str(path / "board.toml")]) == 2
    assert "is there already; name another file" in capsys.readouterr().err
    assert (path / "board.toml").read_text() == "mine"


def test_a_machine_without_acrn_dm_is_no_board(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """That is told in a line, and no file is written."""
    assert cli.main(["init", str(path / "board.toml")]) == 2
    assert "no acrn-dm there" in capsys.readouterr().err
    assert not (path / "board.toml").exists()
