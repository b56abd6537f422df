"""``python -m acrn_dry.inside FD ROOT PROGRAM...``: a program in namespaces of its own.

It sees ROOT as the root folder, with the machine's programs and libraries in it, read-only. How it
ended is written to FD: ``exit N``, ``signal N``, or ``failed WHY``. The first process of the
namespaces waits for it: were that acrn-dm itself, the kernel would keep signals from it.
"""

import fcntl
import os
import signal
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn

from acrn_base import namespaces
from acrn_dry import root

_DEVICES = ("null", "zero", "full", "random", "urandom", "net/tun")
_TERMINALS = 4
_FIRST = 10000
_UNLOCK = 0x40045431
"""TIOCSPTLCK: a terminal can be opened once its other end has unlocked it."""

_NO_WORLD = "no private world can be made here"
_ELSEWHERE = "run it as root, on a machine that allows it"
_ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/root",
    "LD_PRELOAD": root.SHIM,
    "ACRN_DRY_SOCKET": root.SOCKET,
}


def main() -> None:
    """Run the program, and tell how it ended."""
    tell, folder, program = int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]
    fcntl.fcntl(tell, fcntl.F_SETFD, fcntl.FD_CLOEXEC)
    spaces = namespaces.NEW_MOUNTS | namespaces.NEW_PIDS | namespaces.NEW_NET | namespaces.NEW_IPC
    with _telling(tell, f"{_NO_WORLD}: namespaces"):
        namespaces.enter(spaces, as_root=True)
        namespaces.die_with_parent()
    first = os.fork()
    if first == 0:
        namespaces.die_with_parent()
        _first(tell, folder, program)
    # The kernel ends all in the namespaces before it lets us know that the first one has ended.
    signal.signal(signal.SIGTERM, lambda *_: os.kill(first, signal.SIGKILL))
    os.wait()


def _first(tell: int, folder: Path, program: list[str]) -> NoReturn:
    """Be the first process in the namespaces: build the world, and wait for the program."""
    with _telling(tell, _NO_WORLD):
        _build(folder)
        for _ in range(_TERMINALS):
            _hold_terminal(folder)
        os.chroot(folder)
        os.chdir("/root")
    _number_processes_from(_FIRST)
    pid = os.fork()
    if pid == 0:
        with _telling(tell, "acrn-dm", "name one that was built for this machine"):
            os.execve(  # noqa: S606  (there is no shell to be had in between)
                program[0], ["acrn-dm", *program[1:]], os.environ | _ENVIRONMENT
            )
    while True:
        ended, status = os.wait()
        if ended == pid:
            code = os.waitstatus_to_exitcode(status)
            os.write(tell, (f"exit {code}" if code >= 0 else f"signal {-code}").encode())
            os._exit(0)


@contextmanager
def _telling(tell: int, what: str, remedy: str = _ELSEWHERE) -> Iterator[None]:
    """Tell of an error, and end this process with it."""
    try:
        yield
    except OSError as error:
        where = f"{os.fsdecode(error.filename)}: " if error.filename else ""
        text = f"failed {what}: {where}{error.strerror}; {remedy}"
        os.write(tell, text.encode("utf-8", "backslashreplace"))
        os._exit(1)


def _build(folder: Path) -> None:
    namespaces.mount("none", "/", flags=namespaces.RECURSIVE | namespaces.PRIVATE)
    for name in root.SHARED:
        _share(Path("/", name), folder / name)
    for name in _DEVICES:
        device = Path("/dev", name)
        if device.exists():
            (folder / "dev" / name).touch()
            namespaces.mount(str(device), str(folder / "dev" / name), flags=namespaces.BIND)
    options = "newinstance,ptmxmode=0666,mode=0620"
    namespaces.mount("devpts", str(folder / "dev/pts"), "devpts", namespaces.NO_SUID, options)
    (folder / "dev/ptmx").symlink_to("pts/ptmx")
    flags = namespaces.NO_SUID | namespaces.NO_DEVICES | namespaces.NO_EXEC
    namespaces.mount("proc", str(folder / "proc"), "proc", flags)


def _share(there: Path, here: Path) -> None:
    """Show one of the machine's folders in the root folder, read-only; a link stays a link."""
    if there.is_symlink():
        here.symlink_to(there.readlink())
    elif there.is_dir():
        here.mkdir(exist_ok=True)
        namespaces.mount(str(there), str(here), flags=namespaces.BIND | namespaces.RECURSIVE)
        flags = namespaces.REBIND | namespaces.READ_ONLY | namespaces.NO_SUID
        namespaces.mount("none", str(here), flags=flags | namespaces.NO_DEVICES)


def _number_processes_from(first: int) -> None:
    """Let process ids have the length they have on a board: names of sockets are made of them."""
    with suppress(OSError):  # a kernel without checkpoints
        Path("/proc/sys/kernel/ns_last_pid").write_bytes(b"%d" % (first - 1))


def _hold_terminal(folder: Path) -> None:
    """Hold one end of a terminal open, for the recordings' host has /dev/pts/0 to 3."""
    number = os.open(folder / "dev/pts/ptmx", os.O_RDWR | os.O_NOCTTY)
    fcntl.ioctl(number, _UNLOCK, struct.pack("i", 0))


if __name__ == "__main__":
    main()
