"""A cpio archive of the kernel's kind ("newc"), the same bytes for the same entries."""

import stat
from collections.abc import Iterable
from dataclasses import dataclass

_TRAILER = "TRAILER!!!"


@dataclass(frozen=True, slots=True)
class Entry:
    """A file, folder or symbolic link; ``mode`` holds its type too, as in struct stat.

    ``data`` is a file's content or a link's target.
    """

    name: str
    mode: int
    data: bytes = b""


def folder(name: str) -> Entry:
    """Return a folder that all may read."""
    return Entry(name, stat.S_IFDIR | 0o755)


def file(name: str, data: bytes, mode: int = 0o644) -> Entry:
    """Return a regular file."""
    return Entry(name, stat.S_IFREG | mode, data)


def link(name: str, target: str) -> Entry:
    """Return a symbolic link."""
    return Entry(name, stat.S_IFLNK | 0o777, target.encode())


def archive(entries: Iterable[Entry]) -> bytes:
    """Return the archive of entries sorted by name, so folders first; all root's, of time 0.

    Format: the kernel's documentation, "initramfs buffer format".
    """
    ordered = sorted(entries, key=lambda entry: entry.name)
    parts = [_record(number, entry) for number, entry in enumerate(ordered, 1)]
    return b"".join((*parts, _record(0, Entry(_TRAILER, 0))))


def _record(number: int, entry: Entry) -> bytes:
    name = entry.name.encode() + b"\0"
    fields = (
        number,
        entry.mode,
        0,  # uid
        0,  # gid
        2 if stat.S_ISDIR(entry.mode) else 1,  # links
        0,  # mtime
        len(entry.data),
        *(0, 0, 0, 0),  # device it was on, device it is
        len(name),
        0,  # no checksum in this format
    )
    head = b"070701" + b"".join(b"%08X" % field for field in fields)
    return _padded(head + name) + _padded(entry.data)


def _padded(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % 4)
