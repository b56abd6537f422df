"""The slot map: what sits where, told from any argv, in a terminal and as a picture."""

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from maps import SVG, functions, parsed, text_of

from acrn_cmdline.slotmap import Row, SlotMap, State, slot_map
from acrn_conformance.cases import DIALECTS, golden, tokens_in
from acrn_conformance.invariants import layout
from acrn_conformance.reports import slotmap_svg, slotmap_text
from acrn_dm import RECORDING, RELEASES, read


def at(found: SlotMap, place: str) -> list[Row]:
    return [row for row in found.rows if row.place == place]


def picture_of(argv: Sequence[str], title: str = "vm") -> ET.Element:
    return parsed(slotmap_svg.picture(slot_map(argv), title))


def test_an_empty_argv_has_32_free_slots() -> None:
    """To acrn-dm slot 2 is as any other."""
    rows = slot_map([]).rows
    assert [row.place for row in rows if row.state is State.FREE] == [str(n) for n in range(32)]


def test_of_a_sandbox_slot_2_is_kept() -> None:
    """Kata's arch layer leaves it to GVT-g."""
    rows = slot_map([], kata=True).rows
    assert [row.place for row in rows] == [str(slot) for slot in range(32)]
    assert [row.place for row in rows if row.state is State.RESERVED] == ["2"]
    assert sum(row.state is State.FREE for row in rows) == 31
    lines = [line.text for line in slotmap_text.lines(slot_map([], kata=True))]
    assert lines == ["       0-1  free", "         2  ///// GVT-g /////", "      3-31  free"]


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ("5,lpc", "5"),
        ("5:0,lpc", "5"),
        ("5:1,lpc", "5:1"),
        ("0:5:1,lpc", "5:1"),
        ("0/5.1,lpc", "5:1"),
        ("1:5:1,lpc", "1:5:1"),
        ("5:1:0:junk,lpc", "5:1:0"),
        (" 5x:1y,lpc", "5:1"),
        ("+5,lpc", "5"),
        ("005,lpc", "5"),
    ],
)
def test_places_are_read_as_acrn_dm_reads_them(value: str, place: str) -> None:
    """Slot, function and bus, three delimiters, junk after a number."""
    (row,) = at(slot_map(functions(value)), place)
    assert row.state is State.TAKEN
    assert row.emulation == "lpc"


@pytest.mark.parametrize(
    ("value", "place", "remark"),
    [
        ("32,lpc", "32", "slot 32 is not 0 to 31"),
        ("-1,lpc", "-1", "slot -1 is not 0 to 31"),
        ("5:8,lpc", "5:8", "function 8 is not 0 to 7"),
        ("256:5:0,lpc", "256:5:0", "bus 256 is not 0 to 255"),
        ("99999999999999999999,lpc", "", "no slot that can be read"),
        ("5", "", "no slot that can be read"),
        ("", "", "no slot that can be read"),
        ("x5,lpc", "", "no slot that can be read"),
        ("5:,lpc", "", "no slot that can be read"),
        ("\u0665,lpc", "", "no slot that can be read"),
    ],
)
def test_what_acrn_dm_refuses_is_marked_in_place(value: str, place: str, remark: str) -> None:
    """Beyond the last slot, function or bus, and what cannot be read; the token is kept."""
    faulty = [row for row in slot_map(functions(value)).rows if row.state is State.FAULTY]
    assert [(row.place, row.remark, row.text) for row in faulty] == [(place, remark, value)]
    assert f"! {remark}" in "\n".join(text_of(functions(value)))


def test_the_second_on_a_place_is_the_faulty_one() -> None:
    """Another function of the slot is none; the first one there is named."""
    found = slot_map(functions("4,virtio-net,tap0", "4:1,lpc", "0:4:0,virtio-blk,/a"))
    assert [(row.state, row.emulation) for row in at(found, "4")] == [
        (State.TAKEN, "virtio-net"),
        (State.FAULTY, "virtio-blk"),
    ]
    assert at(found, "4")[1].remark == "already taken by virtio-net"
    assert at(found, "4:1")[0].state is State.TAKEN


def test_a_device_on_slot_2_is_marked_but_not_refused() -> None:
    """Kata keeps it for GVT-g, whose own device sits there well; to acrn-dm it is as any other."""
    argv = functions("2,virtio-net,tap0")
    (row,) = at(slot_map(argv, kata=True), "2")
    assert (row.state, row.kept, row.remark) == (State.TAKEN, True, "slot 2 is kept for GVT-g")
    (row,) = at(slot_map(argv), "2")
    assert (row.state, row.kept, row.remark) == (State.TAKEN, False, "")
    (row,) = at(slot_map(functions("2,pci-gvt"), release="v2.5", kata=True), "2")
    assert (row.state, row.remark) == (State.TAKEN, "")


def test_gvt_g_ended_with_a_release() -> None:
    """A device that a later release only calls obsolete is told as such."""
    (row,) = at(slot_map(functions("2,pci-gvt"), release="v3.0"), "2")
    assert row.remark == "GVT-g ended with v2.7"


@pytest.mark.parametrize(
    ("value", "details"),
    [
        (
            "3,virtio-console,@socket:console0=/run/c.sock,stdio:x,pty:agent:server",
            ("@console0: socket /run/c.sock", "x: stdio", "agent:server: pty"),
        ),
        ("3,virtio-console,junk", ("junk",)),
        ("3,virtio-console", ()),
        ("3,virtio-blk,/disk,ro", ("/disk,ro",)),
        ("3,virtio-blk,b,/disk", ("boot device", "/disk")),
        ("3,virtio-blk,nodisk", ("placeholder (nodisk)",)),
        ("3,virtio-net,tap0,mac=02:00:00:00:00:01", ("tap0,mac=02:00:00:00:00:01",)),
    ],
)
def test_what_is_worth_knowing_of_a_device_is_told(value: str, details: tuple[str, ...]) -> None:
    """Consoles with their paths, port by port; disks, placeholders, the boot flag."""
    assert at(slot_map(functions(value)), "3")[0].details == details


@pytest.mark.parametrize(
    "argv",
    [
        ["-A", "-s", "1:0,lpc", "-lcom1,stdio", "vm"],
        ["vm", "-s1:0,lpc", "-l", "com1,stdio"],
        ["-As1:0,lpc", "--lpc=com1,stdio"],
        ["--pci_slot", "1:0,lpc", "--lpc", "com1,stdio", "vm"],
        ["--pci=1:0,lpc", "-k", "-s", "-B", "-s 4,lpc", "-lcom1,stdio"],
        ["-s", "1,lpc", "-l", "com1,stdio", "--", "-s", "4,lpc"],
        ["-Zs1,lpc", "-?Zl", "com1,stdio"],
    ],
)
def test_options_are_found_as_getopt_finds_them(argv: list[str]) -> None:
    """Joined, clustered, long, shortened; a value is no option, and nothing is behind ``--``."""
    (row,) = slot_map(argv).busy
    assert (row.place, row.emulation, row.details) == ("1", "lpc", ("com1,stdio",))


def test_a_map_is_that_of_a_release() -> None:
    """--ssram takes a value from v3.0 on; a name shortened to several options is none of them."""
    argv = ["--ssram", "-s", "3,lpc", "vm"]
    assert at(slot_map(argv, release="v2.7"), "3")[0].emulation == "lpc"
    assert at(slot_map(argv, release="v3.3"), "3")[0].state is State.FREE
    assert slot_map(["--p", "3,lpc", "vm"]).busy == ()
    assert at(slot_map(["--pci", "3,lpc"]), "3")[0].emulation == "lpc"


def test_ports_without_an_lpc_are_told() -> None:
    """They would not be used."""
    (row,) = slot_map(["-l", "com1,stdio"]).busy
    assert (row.emulation, row.details, row.remark) == (
        "-l",
        ("com1,stdio",),
        "no LPC device: unused",
    )


def test_the_rest_of_the_argv_is_kept() -> None:
    """What puts nothing on the bus is told besides."""
    found = slot_map(["-U", "u", "-A", "-s", "3,lpc", "-lcom1", "-k", "/k", "-B", "a b", "vm"])
    assert found.rest == ("-U", "u", "-A", "-k", "/k", "-B", "a b", "vm")
    assert "  besides: -U u -A -k /k -B 'a b' vm" in text_of(["-U", "u", "-A", *found.rest[3:]])


@pytest.mark.parametrize("place", [0, 1])
def test_a_slot_option_without_a_value_is_shown_wherever_it_stands(place: int) -> None:
    """Also as the only token; what stands before it in its cluster is told besides."""
    found = slot_map([*["-A"] * place, "-As"])
    assert [row.text for row in found.rows if not row.place] == ["-s without a value"]
    assert found.rest == ("-A",) * (place + 1)


def test_a_table_tells_the_block_indices() -> None:
    """An entry of 0 is none; several indices can name a slot; a slot without a disk says so."""
    argv = functions("3,virtio-blk,/a", "4,virtio-blk,/b")
    found = slot_map(argv, [4, 4, 0, 3, 7, 0, 0, 0, 0])
    assert at(found, "3")[0].indices == (3,)
    assert at(found, "4")[0].indices == (0, 1)
    assert (at(found, "7")[0].indices, at(found, "7")[0].remark) == ((4,), "no disk here")
    assert not found.derived


def test_the_disks_of_a_sandbox_tell_their_indices() -> None:
    """An image and eight placeholders after it are the indices 0 to 8; other disks are not told."""
    disks = ["4,virtio-blk,/image", *(f"{slot},virtio-blk,nodisk" for slot in range(5, 13))]
    found = slot_map(functions(*disks, "13,virtio-blk,/more"))
    assert found.derived
    assert [row.indices for row in found.busy] == [*((index,) for index in range(9)), ()]
    assert not slot_map(functions(*disks[:-1])).derived
    assert not slot_map(functions(*disks[1:], "20,virtio-blk,nodisk")).derived


@given(st.lists(st.text(st.characters(), max_size=20) | st.sampled_from(["-s", "-l", "--", "3,"])))
def test_any_argv_has_a_map(argv: list[str]) -> None:
    """No argv is too odd: text that can be printed, and a picture that can be parsed."""
    assert all(line.isprintable() for line in text_of(argv))
    assert picture_of(argv).tag == f"{SVG}svg"


def test_every_golden_argv_has_a_map_of_all_its_devices() -> None:
    """As many as it has; only a name that looks like an option is read as acrn-dm reads it."""
    maps = 0
    for case in golden.load(golden.folder()).cases():
        if case.request.method not in {"argv", "sandbox_argv"} or case.expect.refused:
            continue
        argv = tokens_in(case.expect.result, "argv")
        assert argv is not None
        built = layout.read_argv(argv, DIALECTS[case.dialects[0]].options)
        if not (built.name or "").startswith("-"):
            found = slot_map(argv)
            assert len(found.busy) + found.left_out == len(built.devices)
            maps += 1
    assert maps > 300


def test_the_map_agrees_with_the_device_model(recordings: Path) -> None:
    """Wherever a release takes a recorded argv, both readers see the same devices.

    An argv is read as every seventh release does, and the next from the one that follows.
    """
    with gzip.open(recordings / "dm-acceptance-2.jsonl.gz") as file:
        argvs = [json.loads(line)["argv"] for line in file]
    compared, differing = 0, []
    for number, argv in enumerate(argvs):
        for release in RELEASES[number % 7 :: 7]:
            reading = read(argv, release, RECORDING)
            if not reading.verdict.accepted:
                continue
            compared += 1
            functions = reading.command.functions
            theirs = sorted((place_of(f.address), f.emulation) for f in functions)
            busy = slot_map(argv, release=release).busy
            ours = sorted((row.place, row.emulation) for row in busy)
            if ours != theirs:
                differing.append((release, argv))
    assert compared > 1000
    assert differing == []


def place_of(address: tuple[int, int, int]) -> str:
    bus, slot, function = address
    if bus:
        return f"{bus}:{slot}:{function}"
    return f"{slot}:{function}" if function else str(slot)
