"""busybox: the one program in the guest, so it must need no library."""

import struct
from pathlib import Path

from acrn_testguest.tools import BuildError, program, run

_INTERPRETER = 3
"""PT_INTERP: the program header of an executable that a dynamic linker must start."""


def static_busybox() -> bytes:
    """Return this machine's busybox. Raises BuildError if it is missing or not static."""
    path = Path(program("busybox"))
    content = path.read_bytes()
    if not _is_static(content):
        raise BuildError(f"{path} is not a static program; run: apt-get install busybox-static")
    return content


def busybox_version() -> str:
    """Return what it says of itself. Raises BuildError."""
    return run("busybox", "--help").stdout.partition(" multi-call")[0]


def _is_static(content: bytes) -> bool:
    """Tell whether it is a 64-bit ELF executable that no other program has to load."""
    if content[:5] != b"\x7fELF\x02":
        return False
    (start,) = struct.unpack_from("<Q", content, 32)
    size, count = struct.unpack_from("<2H", content, 54)
    kinds = (struct.unpack_from("<I", content, start + size * n)[0] for n in range(count))
    return _INTERPRETER not in kinds
