"""A file appears whole or not at all, and nothing that is no file of its own is replaced."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from acrn_base.files import whole_file

WRITE = """
import sys
from pathlib import Path
from acrn_base.files import whole_file
print("before", flush=True)
with whole_file(Path(sys.argv[1])) as file:
    file.write(b"whole\\n")
print("after", flush=True)
"""


def write(path: Path, content: bytes = b"whole") -> None:
    with whole_file(path) as file:
        file.write(content)


def fail(path: Path) -> None:
    with whole_file(path) as file:
        file.write(b"a part")
        raise InterruptedError


def test_a_file_appears_when_all_is_written(tmp_path: Path) -> None:
    """Until then there is nothing under its name, or what was there before."""
    path = tmp_path / "report"
    with whole_file(path) as file:
        file.write(b"whole")
        assert not path.exists()
    assert path.read_bytes() == b"whole"
    with whole_file(path) as file:
        file.write(b"new")
        assert path.read_bytes() == b"whole"
    assert path.read_bytes() == b"new"


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    """And no part of a file beside it."""
    path = tmp_path / "report"
    path.write_bytes(b"before")
    with pytest.raises(InterruptedError):
        fail(path)
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_an_existing_file_keeps_its_mode(tmp_path: Path) -> None:
    """What only its owner may read stays so."""
    path = tmp_path / "report"
    path.touch(mode=0o600)
    write(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("exists", [True, False])
def test_a_link_stays_and_its_target_is_written(tmp_path: Path, *, exists: bool) -> None:
    """Through a chain of links, relative ones too, whether the target exists or not."""
    (tmp_path / "far").mkdir()
    target = tmp_path / "far" / "report"
    if exists:
        target.write_bytes(b"before")
    (tmp_path / "near").symlink_to("far/report")
    link = tmp_path / "link"
    link.symlink_to("near")
    write(link)
    assert link.readlink() == Path("near")
    assert (tmp_path / "near").readlink() == Path("far/report")
    assert target.read_bytes() == b"whole"
    assert list((tmp_path / "far").iterdir()) == [target]


def test_a_link_to_itself_is_an_error(tmp_path: Path) -> None:
    """It leads nowhere, and stays."""
    link = tmp_path / "link"
    link.symlink_to("link")
    with pytest.raises(OSError, match="Too many levels"):
        write(link)
    assert link.is_symlink()


def test_a_device_is_written_to_and_stays(tmp_path: Path) -> None:
    """By its name, and through a link."""
    link = tmp_path / "null"
    link.symlink_to("/dev/null")
    for path in (Path("/dev/null"), link):
        write(path)
        assert stat.S_ISCHR(path.stat().st_mode)
    assert link.is_symlink()
    with pytest.raises(OSError, match="No space"):
        write(Path("/dev/full"))
    assert stat.S_ISCHR(Path("/dev/full").stat().st_mode)


@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
def test_standard_output_that_is_a_file_is_written_in_turn(tmp_path: Path, name: str) -> None:
    """The link that names it stays, and nothing that is printed there is lost."""
    printed = tmp_path / "out"
    # A link of our own stands for /dev/stdout: were it replaced, the machine would suffer.
    link = tmp_path / "stdout"
    link.symlink_to(name)
    with printed.open("wb") as out:
        subprocess.run([sys.executable, "-c", WRITE, str(link)], stdout=out, check=True)
    assert printed.read_bytes() == b"before\nwhole\nafter\n"
    assert link.readlink() == Path(name)


def test_standard_output_that_is_a_pipe_is_written_in_turn() -> None:
    """A reader behind it gets everything."""
    run = subprocess.run(
        [sys.executable, "-c", WRITE, "/dev/stdout"], capture_output=True, check=True
    )
    assert run.stdout == b"before\nwhole\nafter\n"
