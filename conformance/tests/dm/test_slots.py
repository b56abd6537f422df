"""Places on the bus and the emulations in them, release by release; one fact a test."""

import pytest
from acrn_dm_verdicts import PLAIN, accepting, command, fault, releases, takes

from acrn_dm import (
    RECORDING,
    RELEASES,
    Address,
    Block,
    FaultKind,
    Feature,
    Stage,
    read,
)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("3", (0, 3, 0)),
        ("3:7", (0, 3, 7)),
        ("1:3:0", (1, 3, 0)),
        ("255/31.7", (255, 31, 7)),
        ("20x:1y", (0, 20, 1)),
        ("3 ", (0, 3, 0)),
        (" 3", (0, 3, 0)),
        ("0x3", (0, 0, 0)),
        ("3:0:1:9", (3, 0, 1)),
        ("4294967302", (0, 6, 0)),
    ],
)
def test_a_slot_is_read_as_decimal_numbers(text: str, address: tuple[int, int, int]) -> None:
    """``:``, ``/``, ``.`` delimit; junk and a fourth field are ignored, and 32 bits are read."""
    argv = ("-s", f"{text},virtio-rnd", "-k", "/k", "vm1")
    assert read(argv, "v3.3", RECORDING).command.functions[0].address == Address(*address)


@pytest.mark.parametrize(
    "text",
    [
        *("", "3", "x,dummy", ",dummy", "32,dummy", "-1,dummy", "1:8,dummy", "1:-1,dummy"),
        *("256:1:0,dummy", "3:,dummy", "4294967328,dummy", "9" * 5000 + ",dummy"),
    ],
)
@pytest.mark.parametrize("release", ["v1.0", "v3.3"])
def test_a_slot_out_of_range_or_without_emulation_is_refused(text: str, release: str) -> None:
    """Bus 0-255, slot 0-31, function 0-7: exit 1 before the device opens."""
    verdict = fault("-s", text, *PLAIN, release=release)
    assert verdict.message == f'Invalid PCI slot info field "{text}"'
    assert (verdict.stage, verdict.exit, verdict.token) == (Stage.ARGV, 1, 1)


def test_a_place_is_taken_once() -> None:
    """The message leaves out the bus; functions and buses are places of their own."""
    verdict = fault("-s", "1:4:0,dummy", "-s", "1:4:0,bogus", *PLAIN)
    assert (verdict.message, verdict.token) == ("pci slot 4:0 already occupied!", 3)
    assert accepting("-s", "4,dummy", "-s", "4:1,dummy") == list(RELEASES)


def test_a_bus_beyond_0_does_not_fit_the_mp_table() -> None:
    """All releases refuse it when the devices have started; ``-Y`` cures it up to v2.7."""
    beyond = ("-s", "4,dummy", "-s", "1:4:0,dummy")
    assert accepting(*beyond) == []
    assert accepting(*beyond, "-Y") == releases(last="v2.7")
    verdict = fault(*beyond, *PLAIN)
    assert (verdict.kind, verdict.stage, verdict.token) == (FaultKind.BUSES, Stage.DEVICE, 3)


def test_thirty_two_slots_fit_and_slot_2_is_nothing_special() -> None:
    """The 33rd device is refused for its slot number."""
    slots = [token for slot in range(1, 32) for token in ("-s", f"{slot},virtio-blk,/img")]
    assert accepting(*slots) == list(RELEASES)
    assert accepting(*slots, "-s", "32,virtio-blk,/img") == []


def test_slot_0_need_not_be_the_host_bridge() -> None:
    """Any slot will do, and none."""
    argv = ("-s", "5,hostbridge", "-k", "/k", "vm1")
    assert command(*argv).functions[0].slot == 5
    assert command("-k", "/k", "vm1").functions == ()


@pytest.mark.parametrize("emulation", ["", "virtio-9p", "e1000", "hda", "Virtio-blk", "lpc "])
def test_an_unknown_emulation_is_refused(emulation: str) -> None:
    """With the slot and the name in acrn-dm's words."""
    verdict = fault("-s", f"3:1,{emulation}", *PLAIN)
    assert verdict.message == f'pci slot 3:1: unknown device "{emulation}"'


@pytest.mark.parametrize(
    ("emulation", "first"),
    [("virtio-rnd", "v1.0"), ("virtio-i2c", "v1.2"), ("ivshmem,dm:/shm,2", "v2.2")],
)
def test_emulations_appear_in_a_release(emulation: str, first: str) -> None:
    """Before, they are unknown devices."""
    assert takes(emulation) == releases(first)


@pytest.mark.parametrize("emulation", ["pci-gvt", "virtio-hdcp", "npk", "virtio-coreu"])
def test_four_emulations_are_obsolete_ignored_and_fatal_from_v3_0(emulation: str) -> None:
    """They say "ignored" and exit 1."""
    host = RECORDING._replace(features=frozenset(Feature))
    tokens = ("-s", f"9,{emulation}")
    assert accepting(*tokens, host=host) == releases(last="v2.7")
    verdict = fault(*tokens, *PLAIN, host=host)
    assert verdict.message == f'The "{emulation}" parameter is obsolete and ignored'
    nowhere = fault("-s", f"99,{emulation}", *PLAIN)
    assert nowhere.message == verdict.message
    assert (verdict.stage, verdict.exit) == (Stage.ARGV, 1)


def test_the_boot_flag_is_no_part_of_the_arguments() -> None:
    """``b,`` in front of the path."""
    function = command("-s", "9,virtio-blk,b,/img", *PLAIN).functions[-1]
    assert (function.boot, function.device) == (True, Block("/img"))


def test_devices_start_in_the_order_of_the_bus() -> None:
    """So the fault met first is not that of the first token."""
    verdict = fault("-s", "9,virtio-blk,missing", "-s", "3,virtio-blk", *PLAIN)
    assert (verdict.message, verdict.token) == ("virtio_blk: backing device required", 3)


def test_releases_before_v1_2_exit_0_on_a_fault_of_a_device() -> None:
    """From v1.2 on it is 1."""
    for release in RELEASES:
        verdict = fault("-s", "9,virtio-blk", *PLAIN, release=release)
        assert (verdict.stage, verdict.exit) == (
            Stage.DEVICE,
            int(release not in releases(last="v1.1")),
        )


def test_devices_of_passthru_start_first_from_v2_6() -> None:
    """Of those of one bus; the others start by their place, as all did before."""
    argv = ("-s", "9,passthru", "-s", "8,virtio-net", "-s", "1:3:0,passthru", *PLAIN)
    first = {each: fault(*argv, release=each).message for each in RELEASES}
    assert {each for each in first if "passthru" in first[each]} == set(releases("v2.6"))
    assert "Empty" not in fault("-s", "8,virtio-net", *argv[4:]).message
