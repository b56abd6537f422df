"""Files that appear whole, or not at all, or grow while they can be read.

``tempfile``, which takes as long to load as many a report to write, is loaded for who writes.
"""

import errno
import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """Open a file that appears whole when the context ends well, or not at all. Raises OSError.

    A link stays one: the file that it leads to appears. What cannot be replaced is written to as
    it is: a pipe, a device, and what this process has open already, such as /dev/stdout.
    """
    found = _found(path)
    if _replaceable(found):
        with _replacing(Path(os.path.realpath(path)), _mode(found)) as file:
            yield file
    elif (descriptor := _opened(found)) is not None:
        with os.fdopen(os.dup(descriptor), "wb") as file:
            yield file
    else:
        with path.open("wb") as file:
            yield file


def check_place(path: Path) -> None:
    """Raise OSError where `whole_file` would, without a trace on the disk."""
    found = _found(path)
    if found and stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if _replaceable(found):
        import tempfile

        with tempfile.TemporaryFile(dir=Path(os.path.realpath(path)).parent):
            pass
    elif _opened(found) is None:
        path.open("wb").close()


def growing_file(path: Path, first: bytes) -> IO[bytes] | None:
    """Let a file appear with its first bytes, and return it to be written on, unbuffered.

    None where what is there is written to and never replaced: a pipe, a device. Raises OSError.
    """
    found = _found(path)
    if not _replaceable(found):
        return None
    real = Path(os.path.realpath(path))
    with _replacing(real, _mode(found)) as file:
        file.write(first)
    return real.open("ab", buffering=0)


def _found(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _replaceable(found: os.stat_result | None) -> bool:
    """Tell whether a new file may take the place of what was found, None being nothing."""
    return found is None or (stat.S_ISREG(found.st_mode) and _opened(found) is None)


def _mode(found: os.stat_result | None) -> int:
    return stat.S_IMODE(found.st_mode) if found else 0o666 & ~_umask()


def _opened(found: os.stat_result | None) -> int | None:
    """Return the descriptor by which this process can write to what was found, None without."""
    if found is None:
        return None
    for descriptor in (int(link.name) for link in Path("/proc/self/fd").iterdir()):
        try:
            if os.path.samestat(os.fstat(descriptor), found) and _writable(descriptor):
                return descriptor
        except OSError:
            # The one by which the folder was listed is closed by now.
            continue
    return None


def _writable(descriptor: int) -> bool:
    return fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE != os.O_RDONLY


@contextmanager
def _replacing(path: Path, mode: int) -> Iterator[IO[bytes]]:
    import tempfile

    with tempfile.NamedTemporaryFile(
        dir=path.parent, prefix=f".{path.name}.", delete=False
    ) as file:
        try:
            os.fchmod(file.fileno(), mode)
            yield file.file
            file.flush()
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink()
            raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
