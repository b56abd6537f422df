"""The initramfs's archive: newc, the same bytes for the same entries, readable by others."""

import subprocess

import pytest

from acrn_testguest import cpio

ENTRIES = (
    cpio.file("init", b"#!/bin/sh\n", 0o755),
    cpio.link("bin/sh", "busybox"),
    cpio.file("bin/busybox", b"\x7fELF"),
    cpio.folder("bin"),
)


def test_folders_come_before_what_is_in_them() -> None:
    """Entries are sorted by name, whatever their order was."""
    archive = cpio.archive(ENTRIES)
    assert archive == cpio.archive(reversed(ENTRIES))
    places = [archive.index(name + b"\0") for name in (b"bin", b"bin/busybox", b"bin/sh", b"init")]
    assert places == sorted(places)


def test_an_entry_has_the_layout_of_newc() -> None:
    """Magic, thirteen fields of eight hex digits, name and content each padded to four bytes."""
    archive = cpio.archive([cpio.file("init", b"hello", 0o755)])
    fields = [int(archive[at : at + 8], 16) for at in range(6, 110, 8)]
    assert archive[:6] == b"070701"
    assert fields == [1, 0o100755, 0, 0, 1, 0, 5, 0, 0, 0, 0, 5, 0]
    assert archive[110:124] == b"init\0\0hello\0\0\0"
    assert archive[124:130] == b"070701"
    assert archive.endswith(b"TRAILER!!!\0\0\0\0")


@pytest.mark.board
def test_busybox_reads_the_archive_back() -> None:
    """`busybox cpio -tv` lists every entry: mode, owner, size (0 for a link), time, target."""
    listing = subprocess.run(
        ["/bin/busybox", "cpio", "-tv"],
        input=cpio.archive(ENTRIES),
        capture_output=True,
        check=True,
        env={"TZ": "UTC"},
    )
    lines = [line.split(maxsplit=5) for line in listing.stdout.decode().splitlines()]
    day = "1970-01-01"
    assert [(line[0], line[1], int(line[2]), line[3], line[5]) for line in lines] == [
        ("drwxr-xr-x", "0/0", 0, day, "bin"),
        ("-rw-r--r--", "0/0", 4, day, "bin/busybox"),
        ("lrwxrwxrwx", "0/0", 0, day, "bin/sh -> busybox"),
        ("-rwxr-xr-x", "0/0", 10, day, "init"),
    ]
