"""virtio-blk and AHCI, release by release; one fact a test."""

import pytest
from acrn_dm_verdicts import PLAIN, accepting, device, fault, releases, takes

from acrn_dm import (
    RECORDING,
    RELEASES,
    Block,
    Entry,
    Kind,
)


def test_a_block_device_has_a_path_and_options() -> None:
    """Options are kept as written."""
    assert device("virtio-blk,/img,ro,sectorsize=512/4096") == Block(
        "/img", ("ro", "sectorsize=512/4096")
    )


@pytest.mark.parametrize(
    "options",
    [
        *("writeback", "writethru", "ro", "discard", "discard=1:2:3", "sectorsize=512"),
        *("sectorsize=4096", "sectorsize=512/4096", "range=0/2048", "ro,writeback"),
        *("discard=1:2:3:4", "discards", "range=8/8/8", "sectorsize=0"),
    ],
)
def test_block_options_that_every_release_takes(options: str) -> None:
    """Cache, discard, sector size, range: keys by their beginning, numbers by theirs."""
    assert takes(f"virtio-blk,/img,{options}") == list(RELEASES)


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("foo", 'Invalid device option "foo"'),
        ("", 'Invalid device option ""'),
        ("RO", 'Invalid device option "RO"'),
        ("ro=1", 'Invalid device option "ro=1"'),
        ("sectorsize=x", "Could not open backing file"),
        ("sectorsize", "Could not open backing file"),
        ("discard=1:2", "Could not open backing file"),
        ("range=8", "Could not open backing file"),
        ("sectorsize=100", "Invalid sector size 100/100"),
        ("sectorsize=4096/512", "Invalid sector size 4096/512"),
    ],
)
def test_any_other_block_option_is_an_error(option: str, said: str) -> None:
    """In acrn-dm's words, which are few for the keys that it knows."""
    assert takes(f"virtio-blk,/img,{option}") == []
    assert fault("-s", f"9,virtio-blk,/img,{option}", *PLAIN).message == said


@pytest.mark.parametrize("option", ["nocache", "no_bst_block", "aio=threads", "aio"])
def test_cache_and_aio_options_come_with_v3_3(option: str) -> None:
    """Before, they are errors."""
    assert takes(f"virtio-blk,/img,{option}") == releases("v3.3")


@pytest.mark.parametrize(
    ("leading", "first"),
    [
        ("iothread,", "v3.1"),
        ("iothread=2,", "v3.3"),
        ("iothread=3@0:1/*/2,", "v3.3"),
        ("mq=2,", "v3.3"),
        ("iothread,mq=4,", "v3.3"),
    ],
)
def test_threads_and_queues_stand_in_front_of_the_path(leading: str, first: str) -> None:
    """Where a release does not know them, they are its path."""
    assert takes(f"virtio-blk,{leading}/img") == releases(first)


@pytest.mark.parametrize("leading", ["iothread=0,", "iothread=1@x,", "mq=0,", "mq=x,"])
def test_threads_and_queues_are_numbers_above_0(leading: str) -> None:
    """And processors are numbers as well."""
    assert takes(f"virtio-blk,{leading}/img") == []


def test_io_uring_needs_a_thread_of_its_own() -> None:
    """``aio=io_uring`` with iothread in front."""
    assert takes("virtio-blk,/img,aio=io_uring") == []
    assert takes("virtio-blk,iothread,/img,aio=io_uring") == releases("v3.3")


def test_sata_disks_that_do_not_open_are_met_over_acpi() -> None:
    """acrn-dm crashes over them from v3.0 on, and before where there are ACPI tables."""
    assert takes("ahci,hd:/a,cd:/b,ro") == list(RELEASES)
    assert takes("ahci,hd:missing") == releases(last="v2.7")
    assert accepting("-A", "-s", "9,ahci-hd,missing") == []


@pytest.mark.parametrize("path", ["nodisk", "/a/nodisk/b", "x-nodisk", "nodisk,foo"])
def test_nodisk_anywhere_makes_a_placeholder_from_v1_1(path: str) -> None:
    """In v1.0 it is a path like any other."""
    read = device(f"virtio-blk,{path}")
    assert isinstance(read, Block)
    assert read.placeholder
    absolute = path.startswith("/")
    assert takes(f"virtio-blk,{path}") == (releases() if absolute else releases("v1.1"))


@pytest.mark.parametrize(
    ("entry", "taken"),
    [
        (Entry(Kind.FILE, 512), True),
        (Entry(Kind.FILE, 0), False),
        (Entry(Kind.FILE, 513), False),
        (Entry(Kind.BLOCK), True),
        (Entry(Kind.DEVICE), False),
        (Entry(Kind.OTHER), False),
        (Entry(Kind.MISSING), False),
    ],
)
def test_a_regular_file_is_a_multiple_of_512_bytes(entry: Entry, *, taken: bool) -> None:
    """And not empty; a block device may be of any size."""
    host = RECORDING._replace(entry=lambda path: entry if path == "/d" else RECORDING.entry(path))
    assert bool(accepting("-s", "9,virtio-blk,/d", host=host)) is taken


@pytest.mark.parametrize(
    ("first", "second", "taken"),
    [
        ("/a,range=0/8", "/a,range=8/8", True),
        ("/a,range=0/8", "/a,range=7/8", False),
        ("/a,range=0/8", "/b,range=0/8", True),
        ("/a,range=0/8", "/a", True),
        ("/a,range=0/8,ro", "/a,range=0/8,ro", True),
        ("/a,range=0/8,ro", "/a,range=0/8", False),
        ("/a,range=0/0", "/a,range=9999/1", False),
        ("/a,range=0/0", "/a,range=8/-8", False),
        ("/a,range=1/1,sectorsize=4096", "/a,range=8/8", False),
        ("/a,range=2/1,sectorsize=4096", "/a,range=8/8", True),
        ("/a,sectorsize=0,range=0/8", "/a,range=8/8", True),
    ],
)
def test_parts_of_a_disk_are_locked(first: str, second: str, *, taken: bool) -> None:
    """Two devices may have the same part only where both just read."""
    argv = ("-s", f"5,virtio-blk,{first}", "-s", f"6,virtio-blk,{second}")
    assert accepting(*argv) == (releases() if taken else [])


@pytest.mark.parametrize("emulation", ["virtio-blk", "ahci-hd"])
@pytest.mark.parametrize("part", ["-1/8", "4/-8"])
def test_a_part_that_starts_in_front_of_the_disk_ends_acrn_dm(emulation: str, part: str) -> None:
    """With status 1 in every release, also where another device that fails is 0 or a crash."""
    for release in ("v1.0", "v3.3"):
        verdict = fault("-s", f"5,{emulation},/a,range={part}", *PLAIN, release=release)
        assert (verdict.exit, verdict.message) == (1, "subfile range specified not valid!")
