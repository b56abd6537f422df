"""Disks as QEMU's: options, placeholders, functions, refusals."""

import pytest
from standin_support import PLAIN, PretendedHost, built, device, device_refusal, values

from acrn_standin.host import Image


@pytest.mark.parametrize(
    ("options", "in_device", "in_nodes"),
    [
        ("", "write-cache=off,discard=off", "read-only=off,discard=ignore"),
        (",writeback", "write-cache=on,discard=off", "read-only=off,discard=ignore"),
        (",writeback,writethru", "write-cache=off", "read-only=off"),
        (",ro", "write-cache=off", "read-only=on"),
        (",discard", "discard=on", "discard=unmap"),
        (",sectorsize=512", "logical_block_size=512,physical_block_size=512", ""),
        (",sectorsize=512/4096", "logical_block_size=512,physical_block_size=4096", ""),
        (",sectorsize=0", "", ""),
    ],
)
def test_a_disk_has_its_options(options: str, in_device: str, in_nodes: str) -> None:
    """acrn-dm writes through unless told otherwise."""
    found = device(f"virtio-blk,/disk{options}")
    assert in_device in values(found, "-device")[0]
    assert all(in_nodes in node for node in values(found, "-blockdev"))
    assert found.remarks == ()


def test_limits_and_marks_of_a_disk_are_told() -> None:
    """They are taken, and make no difference here."""
    assert device("virtio-blk,b,/disk,discard=1:2:3").remarks == (
        "not honoured: the boot mark of virtio-blk on 9:0",
        "not honoured: the limits of discard of virtio-blk on 9:0",
    )


def test_a_disk_is_a_file_or_a_block_device() -> None:
    """What may not be written is opened for reading, as acrn-dm does."""
    host = PretendedHost({"/dev/sdz": Image(1 << 20, block_device=True, writable=False)})
    file, raw = values(device("virtio-blk,/dev/sdz", host), "-blockdev")
    assert file.startswith("driver=host_device,")
    assert "read-only=on" in file
    assert "read-only=on" in raw


@pytest.mark.parametrize(
    ("config", "line"),
    [
        ("virtio-blk", "virtio_blk: backing device required"),
        ("virtio-blk,/disk,foo", 'Invalid device option "foo"'),
        ("virtio-blk,/disk,", 'Invalid device option ""'),
        ("virtio-blk,/disk,discard=1", "Could not open backing file"),
        ("virtio-blk,/disk,sectorsize", "Could not open backing file"),
        ("virtio-blk,/disk,sectorsize=x", "Could not open backing file"),
        ("virtio-blk,/disk,sectorsize=513", "Invalid sector size 513/513"),
        ("virtio-blk,/disk,sectorsize=4096/512", "Invalid sector size 4096/512"),
        ("virtio-blk,/disk,sectorsize=-512", "Invalid sector size -512/-512"),
        ("virtio-blk,missing", "Could not open backing file: missing"),
        ("virtio-blk,/empty", "/empty size not correct, should be multiple of 512"),
        ("virtio-blk,/odd", "/odd size not correct, should be multiple of 512"),
    ],
)
def test_a_disk_that_fails(config: str, line: str) -> None:
    """When its device comes up: exit status 1, with a line on stdout."""
    host = PretendedHost({"/empty": Image(0), "/odd": Image(513)})
    assert device_refusal(config, host) == line


@pytest.mark.parametrize("config", ["nodisk", "/a/nodisk/b", "nodisk,ro", "/disk,nodisk"])
def test_nodisk_anywhere_makes_a_placeholder(config: str) -> None:
    """It is looked for in the whole configuration."""
    found = device(f"virtio-blk,{config}")
    assert values(found, "-blockdev")[0] == "driver=null-co,node-name=disk9.0-file,size=0"
    assert found.placeholders == (9,)


def test_a_rescan_reaches_no_other_function() -> None:
    """Function 0 only; several functions share their slot as QEMU wants it."""
    found = built("-s", "6:0,virtio-blk,nodisk", "-s", "6:1,virtio-blk,nodisk", *PLAIN)
    assert found.placeholders == (6,)
    fronts = values(found, "-device")
    assert "addr=0x6.0,multifunction=on" in fronts[0]
    assert "addr=0x6.1,multifunction=on" in fronts[1]
