"""The namespaces of a command, seen from within: what its first process makes of them.

All that it mounts and starts ends with it. The stand-ins reach the record, and the lock, through
its open files: they need no name, and lie beyond what the command can write otherwise.
"""

import os
from pathlib import Path
from typing import NamedTuple

from acrn_base import namespaces
from acrn_cmdline.capture import harmless, programs
from acrn_cmdline.capture.covering import Cover, put
from acrn_cmdline.capture.harmless import CAPABILITIES

_STAGE = Path("/proc")
"""Where things are put together; for that while a tmpfs lies over what is there."""

_EVERYBODY = 0o755


class World(NamedTuple):
    """A command's surroundings; ``record`` and ``lock`` are open files of the first process."""

    cover: Cover
    record: int
    lock: int | None
    sockets: tuple[Path, ...] | None
    """None: it may do harm. Otherwise those that it must not reach."""

    @property
    def harmless(self) -> bool:
        """Whether the command is kept from doing harm."""
        return self.sockets is not None

    @property
    def flags(self) -> int:
        """The namespaces that are needed."""
        flags = namespaces.NEW_MOUNTS | namespaces.NEW_PIDS
        return flags | (namespaces.NEW_NET | namespaces.NEW_IPC) * self.harmless


def build(world: World) -> None:
    """Mount all that the world consists of, as the first process in it. Raises OSError."""
    folder = Path.cwd()
    lock = None if world.lock is None else _open_file(world.lock)
    texts = programs.texts(_open_file(world.record), lock)
    # What the machine mounts later shows up; in a world without harm it would be writable.
    slave = namespaces.PRIVATE if world.harmless else namespaces.SLAVE
    namespaces.mount("none", "/", flags=namespaces.RECURSIVE | slave)
    flags = namespaces.NO_SUID | namespaces.NO_DEVICES | namespaces.NO_EXEC
    namespaces.mount("proc", "/proc", "proc", flags | namespaces.READ_ONLY * world.harmless)
    if world.harmless:
        harmless.make_read_only()
    namespaces.mount("tmpfs", str(_STAGE), "tmpfs", namespaces.NO_DEVICES, "mode=0755")
    stand_ins = _STAGE / "stand-ins"
    stand_ins.mkdir()
    programs.write(texts, stand_ins, _EVERYBODY)
    if world.sockets is not None:
        harmless.replace_folders(_STAGE, world.sockets)
    put(world.cover, stand_ins)  # last: programs may lie in what has been replaced
    namespaces.detach(str(_STAGE))
    _return_to(folder)
    _give_up_power(harmless=world.harmless)


def _open_file(number: int) -> str:
    """Return the path of an open file of the first process, for all that trace it as its user."""
    return f"/proc/1/fd/{number}"


def _return_to(folder: Path) -> None:
    """Go to the same folder as it is now: mounts may lie over it."""
    try:
        os.chdir(folder)
    except FileNotFoundError as error:
        raise OSError(error.errno, "hidden from the command; start from another", folder) from None


def _give_up_power(*, harmless: bool) -> None:
    """Keep what the command itself will have: no more, or it could not read our open files."""
    if os.geteuid() != 0:
        namespaces.keep_capabilities(())
    elif harmless:
        namespaces.keep_capabilities(CAPABILITIES)
