"""The wheel, in an environment that has its dependencies and no extra: every command starts."""

import os
import re
import subprocess
import sys
import tarfile
import venv
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path
from zipfile import ZipFile

import pytest
from conftest import REPOSITORY

from acrn_conformance import __version__
from acrn_conformance.cli import COMMANDS

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("wheel")]


def build(kind: str, folder: Path, source: Path = REPOSITORY) -> Path:
    """Build an sdist or a wheel, and return it."""
    words = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(folder)]
    subprocess.run(words, cwd=source, check=True, capture_output=True)
    (path,) = folder.glob("*.tar.gz" if kind == "sdist" else "*.whl")
    return path


def needed(name: str) -> Iterator[str]:
    """Yield the distributions that one needs without any extra, itself left out."""
    for requirement in distribution(name).requires or ():
        match = re.match(r"[\w.-]+", requirement)
        if match and ";" not in requirement:
            yield match[0]
            yield from needed(match[0])


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the interpreter of a new environment with the wheel and what it depends on."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, symlinks=True)
    (site,) = folder.glob("lib/python*/site-packages")
    for name in set(needed("acrn-conformance")):
        for file in distribution(name).files or ():
            top = file.parts[0]
            if top != ".." and not (site / top).exists():
                (site / top).symlink_to(Path(str(distribution(name).locate_file(top))))
    with ZipFile(wheel) as archive:
        archive.extractall(site)  # noqa: S202 - we have just built it
    return folder / "bin" / "python"


def run(python: Path, *words: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run(
        [python, *words], capture_output=True, text=True, check=False, env=clean, cwd="/"
    )


def script(wheel: Path, name: str) -> str:
    """Return the line of Python that a command of the wheel is."""
    with ZipFile(wheel) as archive:
        (path,) = [each for each in archive.namelist() if each.endswith("entry_points.txt")]
        text = archive.read(path).decode()
    match = re.search(rf"^{name} = ([\w.]+):(\w+)$", text, re.MULTILINE)
    assert match
    return (
        f"import sys; sys.argv[0] = {name!r}; from {match[1]} import {match[2]} as main; "
        "sys.exit(main())"
    )


@pytest.mark.parametrize(
    "words",
    [
        ("acrn-arch", "--help"),
        ("acrn-hwtests", "--help"),
        ("acrn-hwtests", "examples", "--help"),
        ("acrn-conformance", "--version"),
        *(("acrn-conformance", "help", name) for name in COMMANDS if name != "help"),
    ],
    ids=" ".join,
)
def test_every_command_tells_of_itself(
    wheel: Path, environment: Path, words: tuple[str, ...]
) -> None:
    """Without any extra."""
    said = run(environment, "-c", script(wheel, words[0]), *words[1:])
    assert (said.returncode, said.stderr) == (0, "")
    assert __version__ in said.stdout if "--version" in words else "usage:" in said.stdout


@pytest.mark.parametrize(
    ("words", "extra"),
    [
        (("acrn-hwtests", "--board", "/nonexistent.toml"), "hw"),
        (("acrn-conformance", "completion", "bash"), "completion"),
    ],
)
def test_what_needs_an_extra_names_it_in_a_line(
    wheel: Path, environment: Path, words: tuple[str, ...], extra: str
) -> None:
    """Exit status 2, and the command of pip that helps."""
    said = run(environment, "-c", script(wheel, words[0]), *words[1:])
    assert said.returncode == 2
    assert len(said.stderr.splitlines()) == 1
    assert f"is not installed; pip install 'acrn-conformance[{extra}]'" in said.stderr


def test_a_run_needs_no_extra(environment: Path) -> None:
    """The goldens are in the wheel, and the reference passes."""
    said = run(environment, "-m", "acrn_conformance", "run", "--select", "limits-*")
    assert (said.returncode, said.stderr) == (0, "")
    assert "2 passed" in said.stdout


def test_a_search_needs_no_extra(environment: Path, tmp_path: Path) -> None:
    """Requests are drawn and judged with what the package brings."""
    words = ("-m", "acrn_conformance", "fuzz", "--examples", "1", "--output", str(tmp_path / "c"))
    said = run(environment, *words)
    assert (said.returncode, said.stderr) == (0, "")
    assert " requests judged: " in said.stdout


def test_the_examples_of_boards_are_in_the_wheel(
    wheel: Path, environment: Path, tmp_path: Path
) -> None:
    """With the installer that the stand-in needs; what is there already is not overwritten."""
    words = ("-c", script(wheel, "acrn-hwtests"), "examples", str(tmp_path / "new"))
    said = run(environment, *words)
    assert (said.returncode, said.stderr) == (0, "")
    boards = [*(REPOSITORY / "hwtests" / "boards").iterdir()]
    for path in (*boards, REPOSITORY / "hwtests" / "install-debian"):
        assert (tmp_path / "new" / path.name).read_bytes() == path.read_bytes()
    again = run(environment, *words)
    assert again.returncode == 2
    assert "is there already; name a new folder" in again.stderr


@pytest.mark.parametrize("name", ["acrn-arch", "acrn-conformance", "acrn-hwtests"])
def test_every_command_has_its_manual_page(wheel: Path, name: str) -> None:
    """Where man(1) finds it beside the command; with every command of the judge."""
    with ZipFile(wheel) as archive:
        (path,) = [each for each in archive.namelist() if each.endswith(f"man/man1/{name}.1")]
        page = archive.read(path).decode().replace("\\-", "-")
    assert path.partition(".data/")[2] == f"data/share/man/man1/{name}.1"
    assert ".SH NAME" in page
    assert name != "acrn-conformance" or all(each in page for each in COMMANDS)


def test_every_package_is_typed(wheel: Path) -> None:
    """Each has its py.typed."""
    with ZipFile(wheel) as archive:
        names = set(archive.namelist())
    packages = {name.partition("/")[0] for name in names if name.count("/") == 1}
    typed = {name for name in packages if name.startswith("acrn_") and "dist-info" not in name}
    assert all(f"{name}/py.typed" in names for name in typed)


def test_the_sdist_builds_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    """Nothing that the wheel has is missing there."""
    with tarfile.open(build("sdist", tmp_path / "sdist")) as archive:
        archive.extractall(tmp_path / "source", filter="data")
    (source,) = (tmp_path / "source").iterdir()
    with ZipFile(wheel) as ours, ZipFile(build("wheel", tmp_path / "again", source)) as theirs:
        assert {each.filename: each.CRC for each in ours.infolist()} == {
            each.filename: each.CRC for each in theirs.infolist()
        }
