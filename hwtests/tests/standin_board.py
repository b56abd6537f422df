"""A stand-in board of the tests' own: its file, and what runs of the tier leave of themselves."""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from scripted import alive

from acrn_hwtests.boardfile import BASE

_SHIPPED = Path(__file__).parents[1] / "boards" / "standin.toml"


@dataclass(frozen=True)
class StandinBoard:
    """The folder has the board's lock and its runs; the tap is its guests'."""

    folder: Path
    tap: str

    @property
    def file(self) -> Path:
        return self.folder / "board.toml"

    @contextmanager
    def running(self, transcripts: Path, *words: str) -> Iterator["subprocess.Popen[str]"]:
        """Run the tier; a run that a failing test forgets holds the board for no other test."""
        command = [sys.executable, "-m", "acrn_hwtests", "--board", str(self.file)]
        with subprocess.Popen(
            [*command, "--transcripts", str(transcripts), *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "COLUMNS": "100"},
        ) as run:
            try:
                yield run
            finally:
                run.terminate()

    def processes(self) -> list[str]:
        """Return what runs of a run: the supervisor, QEMU, the keeper, copies, and helpers."""
        return [text for text in _commands() if f"{self.folder}/acrn-hwtests" in text]

    def left(self) -> list[str]:
        """Return what runs have left on this machine."""
        folders = [str(path) for path in self.folder.glob("acrn-hwtests.*")]
        taps = [self.tap] if Path("/sys/class/net", self.tap).exists() else []
        return [*self.processes(), *folders, *taps]


@contextmanager
def own_standin_board(release: str = "v2.5") -> Iterator[StandinBoard]:
    """Make the shipped stand-in board one that no other worker, and no other run, can hold."""
    # Not pytest's own folder: the path of a socket must be short.
    with TemporaryDirectory(prefix="acrn-", dir=BASE) as name:
        board = StandinBoard(Path(name), f"tap{secrets.token_hex(4)}")
        shipped = _SHIPPED.read_text("utf-8").replace("v2.5", release)
        board.file.write_text(
            f'tap = "{board.tap}"\n{shipped}\n[standin]\nfolder = "{name}"\n', "utf-8"
        )
        yield board


def _commands() -> Iterator[str]:
    """Yield the command lines of all that runs."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            text = path.read_bytes().replace(b"\0", b" ").decode("utf-8", "backslashreplace")
        except OSError:
            continue
        if alive(int(path.parent.name)):
            yield text
