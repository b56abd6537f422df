"""A stand-in's VM as the tests start one: on a socket pair, in a state folder of its own."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from acrn_hwtests.stream import Connection
from acrn_hwtests.terminal import Terminal
from acrn_testguest import build

PROMPT = b"acrn-guest# "
BOOTS_WITHIN = 90.0
ENDS_WITHIN = 10.0


BRIDGES = ("-s", "0:0,hostbridge", "-s", "1:0,lpc", "-lcom1,stdio")
ROOT = "console=ttyS0 root=/dev/vda1 rw rootwait"


@dataclass(frozen=True)
class Files:
    """A kernel and its disk image; no guest writes to the image itself."""

    kernel: str
    image: Path

    def disk(self, folder: Path) -> str:
        return str(shutil.copy(self.image, folder / "root.img"))

    def early(self, *argv: str) -> tuple[str, ...]:
        """Return an argv for what is looked at before the guest is up."""
        bootargs = ("-B", "console=ttyS0")
        return ("-A", "-m", "128M", *BRIDGES, *argv, "-k", self.kernel, *bootargs, "vm1")


def guest_files() -> Files:
    guest = build()
    return Files(str(guest.kernel), guest.disk)


@dataclass
class Stream:
    """A console: what has come from it, and what is sent to it."""

    connection: Connection
    seen: bytes = b""

    def until(self, wanted: bytes, seconds: float = BOOTS_WITHIN) -> bytes:
        """Return what comes up to a text, and forget it."""
        deadline = time.monotonic() + seconds
        while wanted not in self.seen:
            self.connection.settimeout(max(0.01, deadline - time.monotonic()))
            data = self.connection.recv(1 << 16)
            assert data, f"ended, {wanted!r} not in {self.seen[-2000:]!r}"
            self.seen += data
        before, _, self.seen = self.seen.partition(wanted)
        return before + wanted

    def run(self, command: str) -> str:
        """Return what a shell command in the guest prints."""
        # Marks that are not in their own echo.
        self.connection.sendall(f"echo BE''GIN; {command}; echo DO''NE\n".encode())
        self.until(b"BEGIN\r\n")
        return self.until(b"DONE").decode().removesuffix("DONE").replace("\r\n", "\n")

    def ended(self, seconds: float = ENDS_WITHIN) -> bool:
        """Return whether the other side hangs up in time; what comes before is dropped."""
        self.connection.settimeout(seconds)
        try:
            while self.connection.recv(1 << 16):
                pass
        except ConnectionResetError:
            return True
        except TimeoutError:
            return False
        return True


@dataclass
class Vm:
    """A running acrn-dm."""

    process: subprocess.Popen[bytes]
    console: Stream
    state: Path
    errors: Path

    def qemu(self) -> int | None:
        """Return the process id of its QEMU, None where there is none."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        pids = children.read_text().split() if children.exists() else []
        return int(pids[0]) if pids else None

    def next_qemu(self, last: int, seconds: float = ENDS_WITHIN) -> int:
        """Return the process id of the QEMU after one that has ended."""
        deadline = time.monotonic() + seconds
        while (found := self.qemu()) in {None, last}:
            assert time.monotonic() < deadline, "no QEMU was started again"
            time.sleep(0.02)
        assert found is not None
        return found


def environment(state: Path, release: str = "v2.5") -> dict[str, str]:
    return {**os.environ, "ACRN_STANDIN_STATE": str(state), "ACRN_STANDIN_RELEASE": release}


def listened_at(path: Path) -> bool:
    """Return whether a connection to a socket is not refused."""
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(path)) == 0


@contextmanager
def started(
    argv: Sequence[str], state: Path, stdio: int | None = None, release: str = "v2.5"
) -> Iterator[Vm]:
    """Start acrn-dm in a process group of its own; at the end of the context it is gone.

    Its standard input and output are a terminal, or ``stdio``, in whose case nothing comes on its
    console.
    """
    terminal = Terminal()
    errors = state.parent / f"stderr-{time.monotonic_ns()}"
    with closing(terminal), errors.open("wb") as sink:
        with terminal.far:
            both = terminal.far.fileno() if stdio is None else stdio
            process = subprocess.Popen(
                [sys.executable, "-m", "acrn_standin.dm", *argv],
                stdin=both,
                stdout=both,
                stderr=sink,
                env=environment(state, release),
                start_new_session=True,
            )
        with process:
            try:
                yield Vm(process, Stream(terminal), state, errors)
            finally:
                process.kill()


def acrnctl(state: Path, *argv: str, release: str = "v2.5") -> tuple[int, str, str]:
    """Return exit status, stdout and stderr of an acrnctl."""
    command = [sys.executable, "-m", "acrn_standin.ctl", *argv]
    ended = subprocess.run(
        command, capture_output=True, text=True, env=environment(state, release), check=False
    )
    return ended.returncode, ended.stdout, ended.stderr


def connected(path: Path, seconds: float = ENDS_WITHIN) -> Stream:
    """Return a console behind a socket that is about to appear."""
    deadline = time.monotonic() + seconds
    while True:
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError):
            connection.close()
            assert time.monotonic() < deadline, f"nobody listens at {path}"
            time.sleep(0.02)
        else:
            return Stream(connection)


def gone(pid: int, seconds: float = ENDS_WITHIN) -> bool:
    """Return whether a process is gone in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            stat = Path(f"/proc/{pid}/stat").read_text()
        except (FileNotFoundError, ProcessLookupError):
            return True
        # Of a killed one that nobody reaps a zombie is left.
        if stat.rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.02)
    return False
