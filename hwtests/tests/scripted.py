"""Scripted guests: shell scripts in the place of acrn-dm, for what no real guest does on demand.

They are fakes, and called so: what they show is that the driver recognises what it is shown.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from acrn_arch import Config
from acrn_arch.table import BlockTable
from acrn_hwtests import live
from acrn_hwtests.board import Board
from acrn_hwtests.boardfile import BoardFile, Timeouts
from acrn_hwtests.ending import Programs
from acrn_hwtests.guest import Guest
from acrn_hwtests.hosts.host import Host
from acrn_hwtests.hosts.local import LocalHost
from acrn_hwtests.keeper import Keeper
from acrn_hwtests.plan import Plan, Request
from acrn_hwtests.transcript import Folder, Header

TIMEOUTS = Timeouts(socket=2, boot=8, command=5, power_off=3)

SHELL = f"""
mkdir -p stubs
for stub in stty dmesg poweroff; do
    printf '#!/bin/sh\\n[ "$1" != -f ] || echo "[    9.1] reboot: Power down"\\n' >stubs/$stub
    chmod +x stubs/$stub
done
PATH=$PWD/stubs:$PATH exec {sys.executable} -c '
import os, signal, subprocess, sys
for number in (signal.SIGHUP, signal.SIGINT):
    signal.signal(number, lambda *_: os._exit(0))
while not print(end="fake-guest# ", flush=True) and (line := sys.stdin.buffer.readline()):
    subprocess.run(["sh", "-c", line], stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
' "$@"
"""
"""What ends a script that has a prompt; what would touch this machine is stubbed."""

ALL_BYTES = bytes(range(256)) * 64

ECHO = f"""exec {sys.executable} -c '
import os, sys
print("terminal:", os.isatty(0), os.isatty(1), os.isatty(2), flush=True)
left = {len(ALL_BYTES)}
while left:
    data = os.read(0, left)
    left -= len(data)
    os.write(1, data)
os.write(2, b"apart")
' "$@"
"""
"""A fake acrn-dm that tells whether it has a terminal, and sends back what it is sent."""


@contextmanager
def scripted(
    folder: Path,
    script: str,
    *,
    timeouts: Timeouts = TIMEOUTS,
    host: Host | None = None,
    name: str = "sandbox-scripted",
    transcripts: Path | None = None,
) -> Iterator[Guest]:
    """Start a script as acrn-dm; its standard streams are ttyS0."""
    own = folder / name
    own.mkdir(parents=True)
    program = folder / "fake-acrn-dm"
    program.write_text(f"#!/bin/sh\n{script}")
    program.chmod(0o755)
    planned = Plan(name, ("-A", name), BlockTable(), Config(), str(own))
    said = Folder((transcripts or folder) / "transcripts" / name, header(planned))
    programs = Programs(str(program), str(folder / "fake-acrnctl"), str(folder / "run"))
    with Guest(host or LocalHost(), programs, planned, timeouts, said, live.silent) as guest:
        yield guest


@dataclass
class ScriptedBoard:
    """A board whose acrn-dm is a script; what is started on it ends with it."""

    board: Board
    guests: ExitStack

    def start(self) -> Guest:
        planned = self.board.plan(Request())
        return self.guests.enter_context(self.board.launch(planned, live.silent, planned.name))


@contextmanager
def scripted_board(folder: Path, script: str, **fields: object) -> Iterator[ScriptedBoard]:
    """Take a board whose acrn-dm is a script; ``fields`` are those of its file."""
    for name, text in (
        ("acrn-dm", f'#!/bin/sh\n[ "$1" != -v ] || exec echo "fake acrn-dm"\n{script}'),
        ("vmlinuz", "fake kernel"),
        ("disk.img", "fake disk"),
    ):
        (folder / name).write_text(text)
    (folder / "acrn-dm").chmod(0o755)
    file = msgspec.convert(
        {
            "kind": "local",
            "release": "v2.5",
            "acrn_dm": str(folder / "acrn-dm"),
            "kernel": str(folder / "vmlinuz"),
            "image": str(folder / "disk.img"),
            **fields,
        },
        BoardFile,
    )
    programs = Programs(file.acrn_dm, file.acrnctl, str(folder / "run"))
    keeper = Keeper(LocalHost(), str(folder / "lock"), str(folder), programs)
    try:
        with ExitStack() as guests:
            yield ScriptedBoard(Board(file, LocalHost(), keeper, folder / "transcripts"), guests)
    finally:
        keeper.close()


def header(planned: Plan) -> Header:
    """Return a header for a plan."""
    return Header(
        board="here",
        board_class="stand-in",
        release="v2.5",
        program="fake-acrn-dm",
        argv=planned.argv,
        kernel="",
        kernel_sha256="",
        image="",
        image_sha256="",
        started="",
    )


def alive(pid: int) -> bool:
    """Tell whether a process runs; one that only waits to be reaped does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def descendants(pid: int = 0) -> set[int]:
    """Return the processes below one, by default below this one."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found = {pid or os.getpid()}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid or os.getpid()}
