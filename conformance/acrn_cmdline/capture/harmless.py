"""A world in which a command does no harm: nothing can be written, no device, network or service.

What is left: /tmp and /run show what they held, but what is written there is gone with the
namespace, and no socket in them answers. Elsewhere the file systems are read-only, and the sockets
that were bound at the start are covered.
"""

import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from acrn_base import namespaces
from acrn_cmdline.capture.covering import escaped

CAPABILITIES: Final = frozenset({0, 1, 3, 4, 5, 6, 7})
"""CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, SETGID, SETUID: enough to read and to call as root.

None that mounts, loads modules, sets clocks, makes devices, reaches files by handle, or the like.
"""

SCRATCH: Final = ("/tmp", "/run")  # noqa: S108 - the folders themselves, covered for the command
_REPLACED: Final = ("/proc", "/sys", "/dev", *SCRATCH)

_DEVICES: Final = ("null", "zero", "full", "random", "urandom", "tty")
_LINKS: Final = {
    "fd": "/proc/self/fd",
    "stdin": "/proc/self/fd/0",
    "stdout": "/proc/self/fd/1",
    "stderr": "/proc/self/fd/2",
    "ptmx": "pts/ptmx",
    "shm": "/tmp",  # noqa: S108 - the command's scratch folder
}
_KEPT: Final = {"nosuid": namespaces.NO_SUID, "noexec": namespaces.NO_EXEC} | {
    name: 1 << bit for name, bit in {"noatime": 10, "nodiratime": 11, "relatime": 21}.items()
}
_FIELDS: Final = 8


def bound_sockets() -> tuple[Path, ...]:
    """Return the sockets that have a name in the file system, seen from this network namespace."""
    lines = Path("/proc/net/unix").read_text("utf-8", "surrogateescape").splitlines()[1:]
    fields = (line.split(None, _FIELDS - 1) for line in lines)
    named = dict.fromkeys(field[-1] for field in fields if len(field) == _FIELDS)
    return tuple(Path(name) for name in named if name.startswith("/"))


def make_read_only() -> None:
    """Remount all file systems but those to be replaced: read-only, no devices. Raises OSError."""
    hidden = []
    table = Path("/proc/self/mountinfo").read_text("utf-8", "surrogateescape")
    for target, options in _mounts(table):
        if not _inside(target, _REPLACED):
            kept = sum(flag for name, flag in _KEPT.items() if name in options)
            flags = kept | namespaces.READ_ONLY | namespaces.NO_DEVICES
            try:
                namespaces.mount("none", target, flags=flags | namespaces.REBIND)
            except FileNotFoundError:
                continue
            except OSError as error:
                if error.errno != errno.EINVAL:
                    raise
                hidden.append(target)
    # Another mount may hide one, and the command can take none away.
    for target in hidden:
        if os.path.lexists(target) and not os.statvfs(target).f_flag & os.ST_RDONLY:
            raise OSError(errno.EINVAL, "cannot be made read-only", target)


def replace_folders(stage: Path, sockets: Iterable[Path]) -> None:
    """Replace what reaches beyond files, from an empty tmpfs at ``stage``. Raises OSError."""
    _cover_sockets(sockets)
    _scratch(stage / "scratch")
    _devices(stage / "dev")
    flags = namespaces.READ_ONLY | namespaces.NO_SUID | namespaces.NO_DEVICES
    namespaces.mount("tmpfs", "/sys", "tmpfs", flags)


def _cover_sockets(sockets: Iterable[Path]) -> None:
    for path in sockets:
        if not _inside(str(path), _REPLACED) and _is_socket(path):
            with suppress(FileNotFoundError):
                namespaces.mount("/dev/null", str(path), flags=namespaces.BIND)


def _is_socket(path: Path) -> bool:
    """Tell whether the command could reach a socket there."""
    with suppress(OSError):
        return path.is_socket()
    return False


def _scratch(stage: Path) -> None:
    """Lay an overlay over the scratch folders: sockets and pipes seen through one are dead."""
    stage.mkdir()
    namespaces.mount("tmpfs", str(stage), "tmpfs", namespaces.NO_DEVICES, "mode=0755")
    for folder in filter(os.path.isdir, SCRATCH):
        upper, work = (stage / f"{folder[1:]}-{part}" for part in ("upper", "work"))
        for part in (upper, work):
            part.mkdir()
        upper.chmod(Path(folder).stat().st_mode & 0o7777)
        options = f"lowerdir={escaped(Path(folder))},upperdir={upper},workdir={work}"
        flags = namespaces.NO_DEVICES | namespaces.NO_SUID
        namespaces.mount("overlay", folder, "overlay", flags, options)


def _devices(stage: Path) -> None:
    """Replace /dev by the devices that any program may use."""
    stage.mkdir()
    namespaces.mount("tmpfs", str(stage), "tmpfs", namespaces.NO_SUID, "mode=0755")
    for name in _DEVICES:
        (stage / name).touch()
        namespaces.mount(f"/dev/{name}", str(stage / name), flags=namespaces.BIND)
    for name, target in _LINKS.items():
        (stage / name).symlink_to(target)
    terminals = stage / "pts"
    terminals.mkdir()
    options = "newinstance,ptmxmode=0666,mode=0620"
    namespaces.mount("devpts", str(terminals), "devpts", namespaces.NO_SUID, options)
    flags = namespaces.REBIND | namespaces.READ_ONLY | namespaces.NO_SUID
    namespaces.mount("none", str(stage), flags=flags)
    namespaces.mount(str(stage), "/dev", flags=namespaces.MOVE)


def _mounts(table: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield mount points and their options; proc(5) writes blanks and the like in octal."""
    for line in table.splitlines():
        fields = line.split(" ")
        target = (
            fields[4].encode("utf-8", "surrogateescape").decode("unicode_escape").encode("latin-1")
        )
        yield os.fsdecode(target), frozenset(fields[5].split(","))


def _inside(path: str, folders: Iterable[str]) -> bool:
    return any(path == folder or path.startswith(f"{folder}/") for folder in folders)
