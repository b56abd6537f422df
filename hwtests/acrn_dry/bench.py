"""What the dry checks work with: the user's programs, and argvs as the tier builds them."""

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path

from acrn_base.text import excerpt
from acrn_dm import RECORDING, Command, Fault, UnknownReleaseError, parse, stands_for
from acrn_dry import root
from acrn_dry.building import DryError
from acrn_dry.device import short
from acrn_dry.running import SECONDS, Programs, Run, started

CPU = ("--cpu_affinity", "0")
"""The words by which the tier's argv names its CPU."""


class NotApplicableError(Exception):
    """A check cannot be made here; the text says why."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What an argv of the tier is to have beside a sandbox's disk, consoles and agent."""

    pty: bool = False
    tap: str = ""


@dataclass(frozen=True, slots=True)
class Bench:
    """One acrn-dm, taken for ``release``; ``argv`` has the tier build an argv for it."""

    programs: Programs
    release: str
    argv: Callable[[Wish], tuple[str, ...]]

    def start(
        self, argv: tuple[str, ...] | None = None, terminal: int | None = None
    ) -> AbstractContextManager[Run]:
        """Start acrn-dm, with the plain argv unless another is given. Raises DryError."""
        return started(self.programs, argv or self.argv(Wish()), terminal)

    def predicted(self, argv: tuple[str, ...]) -> Command | Fault:
        """Return what lint's model says of an argv on the dry host."""
        return parse(argv, self.release, RECORDING)


def to_the_guest(run: Run) -> Run:
    """Wait for the moment at which a guest would run. Raises AssertionError."""
    assert run.until("run"), f"no guest: {last_words(run)}"
    return run


def last_words(run: Run) -> str:
    """Return how a run ended that should not have, and what it said last."""
    lines = [line for line in run.output.split("\n") if line.strip()]
    how = "it runs on" if run.exit is None else f"exit status {run.exit}"
    return f"{how}; last words: {' | '.join(lines[-3:])}"


def sockets(argv: tuple[str, ...]) -> list[str]:
    """Return the paths of the console ports on sockets in an argv."""
    return [path for word in argv for path in re.findall(r"socket:[^=]*=([^,:]+)", word)]


def connected(run: Run, path: str) -> socket.socket:
    """Connect to a socket that acrn-dm has made. Raises OSError."""
    with short(run.folder / path[1:]) as name, ExitStack() as stack:
        near = stack.enter_context(socket.socket(socket.AF_UNIX))
        near.settimeout(SECONDS)
        near.connect(name)
        stack.pop_all()
        return near


def served(run: Run, path: str) -> socket.socket:
    """Connect to a socket, and wait until acrn-dm has taken the connection."""
    before, deadline = len(open_files(run)), time.monotonic() + SECONDS
    near = connected(run, path)
    while len(open_files(run)) <= before and time.monotonic() < deadline:
        time.sleep(0.01)
    return near


def refuses(run: Run, path: str) -> bool:
    """Tell whether nobody listens on a socket's path, be the file there or not."""
    try:
        connected(run, path).close()
    except (ConnectionRefusedError, FileNotFoundError):
        return True
    return False


def hung_up(near: socket.socket) -> bool:
    """Tell whether the other end has closed a connection."""
    try:
        return near.recv(1) == b""
    except ConnectionResetError:
        return True
    except TimeoutError:
        return False


def control(bench: Bench, run: Run, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the user's acrnctl in the world of a run. Raises NotApplicableError."""
    if bench.programs.acrnctl is None:
        raise NotApplicableError("no --acrnctl given")
    enter = shutil.which("nsenter")
    if enter is None:
        raise NotApplicableError("there is no nsenter here; install util-linux")
    theirs, ours = (Path(f"/proc/{pid}/ns/user").readlink() for pid in (run.pid, "self"))
    users = [] if theirs == ours else ["--user", "--preserve-credentials"]
    spaces = ["--mount", "--pid", "--net", "--root", "--wd"]
    return subprocess.run(
        [enter, f"--target={run.pid}", *users, *spaces, "--", root.CONTROL, *words],
        capture_output=True,
        text=True,
        errors="replace",
        timeout=SECONDS,
        check=False,
    )


def open_files(run: Run) -> set[str]:
    """Return the paths of what acrn-dm has open, as it sees them."""
    links = Path(f"/proc/{run.pid}/fd").iterdir()
    return {str(link.readlink()).removeprefix(str(run.folder)) for link in links}


def version(programs: Programs) -> str:
    """Return what ``acrn-dm -v`` says. Raises DryError where it cannot be run."""
    with started(programs, ("-v",)) as run:
        run.ended()
        if run.exit != 0:
            raise DryError(
                f"acrn-dm -v does not work here: {excerpt(last_words(run))}; see by hand"
            )
        return " | ".join(line for line in run.output.split("\n") if line)


def release_of(version: str) -> str:
    """Return the release that has the device model of what ``-v`` tells. Raises DryError."""
    number = re.search(r"\d+\.\d+", version)
    try:
        return stands_for(number[0] if number else "")
    except UnknownReleaseError:
        said = excerpt(version.strip())
        raise DryError(f"-v tells no known release: {said}; name it with --release") from None
