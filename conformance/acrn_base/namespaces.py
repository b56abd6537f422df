"""The kernel's calls for namespaces, mounts and capabilities, each raising OSError as Python's do.

Called through the C library: Python has unshare(2) from 3.12 on, and mount(2) never. Not through
unshare(1): what is mounted between the namespace and the command would then be a shell script, and
a failure prose to be parsed.
"""

import ctypes
import os
import signal
from collections.abc import Collection
from pathlib import Path
from typing import Final

NEW_MOUNTS: Final = 0x0002_0000
NEW_IPC: Final = 0x0800_0000
NEW_USERS: Final = 0x1000_0000
NEW_PIDS: Final = 0x2000_0000
NEW_NET: Final = 0x4000_0000

READ_ONLY: Final = 1
NO_SUID: Final = 2
NO_DEVICES: Final = 4
NO_EXEC: Final = 8
BIND: Final = 4096
REBIND: Final = 32 | BIND
"""Change how a mount is, and not the file system that it shows."""

MOVE: Final = 8192
RECURSIVE: Final = 16384
PRIVATE: Final = 1 << 18
SLAVE: Final = 1 << 19

_DETACH: Final = 2
_DEATH_SIGNAL: Final = 1
_DROP_FROM_BOUNDING_SET: Final = 24
_CAPABILITIES: Final = 64
_CAPABILITY_VERSION: Final = 0x2008_0522
_WORD: Final = 32

_libc = ctypes.CDLL(None, use_errno=True)


def unshare(flags: int) -> None:
    """Leave the namespaces that this process shares, for new ones. Raises OSError."""
    _checked(_libc.unshare(flags))


def enter(flags: int, *, as_root: bool = False) -> None:
    """Leave the namespaces of the machine; who may not do so as root does as a user.

    That user is who he was, or with ``as_root`` root to himself. Raises OSError.
    """
    uid, gid = os.geteuid(), os.getegid()
    try:
        unshare(flags)
    except PermissionError:
        unshare(flags | NEW_USERS)
        Path("/proc/self/setgroups").write_text("deny", "ascii")
        Path("/proc/self/uid_map").write_text(f"{0 if as_root else uid} {uid} 1", "ascii")
        Path("/proc/self/gid_map").write_text(f"{0 if as_root else gid} {gid} 1", "ascii")


def mount(source: str, target: str, kind: str = "", flags: int = 0, options: str = "") -> None:
    """Mount, bind or remount, as the kernel has it. Raises OSError, which names the target."""
    words = (os.fsencode(word) for word in (source, target, kind))
    _checked(_libc.mount(*words, ctypes.c_ulong(flags), os.fsencode(options)), target)


def detach(target: str) -> None:
    """Take a mount away; what has been bound from it stays where it is. Raises OSError."""
    _checked(_libc.umount2(os.fsencode(target), _DETACH), target)


def die_with_parent() -> None:
    """Let the kernel kill this process when its parent ends. Undone where capabilities change."""
    _checked(_libc.prctl(_DEATH_SIGNAL, int(signal.SIGKILL), 0, 0, 0))


def keep_capabilities(kept: Collection[int]) -> None:
    """Give up all other capabilities, for this process and all that it starts. Raises OSError."""
    for number in range(_CAPABILITIES):
        if number not in kept:
            _libc.prctl(_DROP_FROM_BOUNDING_SET, number, 0, 0, 0)  # fails for what has no meaning
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    sets = (ctypes.c_uint32 * 6)()
    _checked(_libc.capget(header, sets))
    mask = sum(1 << number for number in kept)
    for word, shift in ((0, 0), (3, _WORD)):
        permitted = sets[word + 1] & (mask >> shift) & 0xFFFF_FFFF
        sets[word], sets[word + 1], sets[word + 2] = permitted, permitted, 0
    _checked(_libc.capset(header, sets))


def _checked(result: int, name: str | None = None) -> None:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), name)
