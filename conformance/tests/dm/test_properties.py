"""Properties of every argv: a verdict, never an exception, in linear time, and round trips."""

import os
import time
from pathlib import Path

import pytest
from acrn_dm_verdicts import placeless
from hypothesis import example, given
from hypothesis import strategies as st

from acrn_dm import RECORDING, RELEASES, Command, Entry, Fault, Kind, Stage, here, parse, read
from acrn_dm.option_table import OPTIONS
from acrn_dm.tables import EMULATIONS

pytestmark = pytest.mark.unmeasured

HERE = here()

options = st.sampled_from(
    [f"-{option.letter}" for option in OPTIONS if option.letter]
    + [f"--{option.name}" for option in OPTIONS]
)
numbers = st.one_of(st.integers(-9, 300).map(str), st.integers().map(str), st.text(max_size=3))
texts = st.text(st.characters(), max_size=12)
configs = st.lists(
    st.one_of(
        texts,
        st.sampled_from(
            ["nodisk", "/img", "tap=tap0", "@socket:c=/s", "pty:p", "mac=02:0:0:0:0:1"]
        ),
        st.sampled_from(["sectorsize=512", "dm:/shm", "2", "cid=3", "0/2/0", "stdio", "b", "1-1"]),
    ),
    max_size=4,
).map(",".join)
slots = st.builds(
    lambda place, delimiter, emulation, config: f"{delimiter.join(place)},{emulation},{config}",
    st.lists(numbers, min_size=1, max_size=4),
    st.sampled_from(":/."),
    st.one_of(st.sampled_from(sorted(EMULATIONS)), texts),
    configs,
)
tokens = st.one_of(
    options,
    st.builds(lambda option, value: f"{option}={value}", options, texts),
    slots,
    st.builds(lambda size, suffix: f"{size}{suffix}", numbers, st.sampled_from("KMGkmgT")),
    st.sampled_from(["--", "-", "", "com1,stdio", "/vmlinux", "vm1"]),
    texts,
)
argvs = st.lists(tokens, max_size=30)


@given(argv=argvs, release=st.sampled_from(RELEASES))
@example(argv=[], release="v1.0")
@example(argv=["-m", "\u0665M", "x"], release="v3.3")
@example(argv=["-s", "\u00b2,lpc", "x"], release="v3.3")
@example(argv=["-k", "/\0", "\ud800"], release="v2.5")
@example(argv=["--=", "vm"], release="v2.0")
def test_every_argv_gets_a_verdict(argv: list[str], release: str) -> None:
    """On the recorded host and on this one; a fault says where, and with which status."""
    for verdict in (parse(argv, release, RECORDING), parse(argv, release, HERE)):
        if isinstance(verdict, Command):
            assert verdict.name in argv
            continue
        assert verdict.token is None or 0 <= verdict.token < len(argv)
        assert (verdict.exit < 0) == verdict.crash


@given(argv=argvs, release=st.sampled_from(RELEASES))
@example(argv=["-k", "k", "-s", "3,lpc", "-s", "1:3:0,lpc", "x/y"], release="v3.3")
def test_strict_and_tolerant_are_two_questions_of_one_reading(
    argv: list[str], release: str
) -> None:
    """The verdict is the first fault of all, or the command; stages come in their order."""
    reading = read(argv, release, RECORDING)
    assert reading.verdict == parse(argv, release, RECORDING)
    stages = [list(Stage).index(fault.stage) for fault in reading.faults]
    assert stages == sorted(stages)
    for given_ in (*reading.given, *reading.command.options):
        assert argv[given_.token].endswith(given_.value)
        assert given_.at in {given_.token, given_.token - 1}


places = st.tuples(st.integers(0, 255), st.integers(0, 31), st.integers(0, 7))


@given(
    st.sets(places, max_size=20),
    st.sampled_from(["dummy", "virtio-rnd", "virtio-net,tap=t0", "virtio-blk,/img,ro"]),
    st.sampled_from(RELEASES),
)
def test_the_slots_that_were_put_in_come_out(
    wanted: set[tuple[int, int, int]], device: str, release: str
) -> None:
    """Whatever the order of the tokens, functions come in the order of the bus."""
    argv = ["-k", "/k", "vm1"]
    for bus, slot, function in wanted:
        argv += ["-s", f"{bus}:{slot}:{function},{device}"]
    command = read(argv, release, RECORDING).command
    assert [function.address for function in command.functions] == sorted(wanted)
    for each in command.functions:
        assert argv[each.token].startswith(f"{each.bus}:{each.slot}:{each.function},")


@given(argvs, st.sampled_from(RELEASES))
def test_what_follows_an_end_of_options_is_a_name(argv: list[str], release: str) -> None:
    """A double dash and a name behind it never make another command of a command."""
    verdict = parse(argv, release, RECORDING)
    if isinstance(verdict, Command) and "--" not in argv:
        index = verdict.name_token
        assert index is not None
        moved = [*argv[:index], *argv[index + 1 :], "--", verdict.name]
        again = parse(moved, release, RECORDING)
        assert isinstance(again, Command)
        assert placeless(again) == placeless(verdict)


MEGA = 1_000_000

HOSTILE = {
    "names": ["x"] * 100_000,
    "empty tokens": [""] * 100_000,
    "options": ["-A"] * 100_000 + ["vm"],
    "abbreviations": ["--acp"] * 100_000 + ["vm"],
    "cluster": ["-" + "A" * 100_000, "vm"],
    "path": ["-s", "3,virtio-blk," + "/" * MEGA, "vm"],
    "commas": ["-s", "3,virtio-net," + "," * MEGA, "vm"],
    "ports": ["-s", "3,virtio-console," + "pty:p," * MEGA, "vm"],
    "colons": ["-s", ":" * MEGA + ",lpc", "vm"],
    "digits": ["-m", "9" * MEGA + "M", "vm"],
    "zeros": ["-s", "0" * MEGA + ",lpc", "vm"],
    "blanks": ["-G", "1" + " " * MEGA, "vm"],
    "long option": ["--" + "z" * MEGA + "=" + "y" * MEGA],
    "lone surrogates": ["-k", "/k", "\ud800" * MEGA],
    "raw bytes": ["-B", "\udcff" * MEGA, "vm"],
}


@pytest.mark.parametrize("argv", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_argv_gets_its_verdict_soon(argv: list[str]) -> None:
    """A hundred thousand tokens, a token of a megabyte: a second or two, not minutes."""
    started = time.process_time()
    for release in ("v1.0", "v2.3", "v3.3"):
        assert isinstance(parse(argv, release, RECORDING), Fault)
    assert time.process_time() - started < 20


def test_a_typical_argv_takes_a_fraction_of_a_millisecond() -> None:
    """A dozen devices; the bound leaves a slow machine room."""
    argv = ["-A", "-m", "2048M", "-s", "0:0,hostbridge", "-s", "1:0,lpc", "-lcom1,stdio"]
    argv += ["-s", "3,virtio-console,@socket:console0=/run/c.sock", "-k", "/vmlinux"]
    for slot in range(4, 12):
        argv += ["-s", f"{slot},virtio-blk,nodisk"]
    argv += ["-B", "root=/dev/vda1 rw rootwait", "--cpu_affinity", "0", "sandbox-1"]
    parse(argv, "v3.3", RECORDING)
    started = time.process_time()
    for _ in range(100):
        assert isinstance(parse(argv, "v3.3", RECORDING), Command)
    assert (time.process_time() - started) / 100 < 0.003


# This machine.


def test_this_machine_is_looked_at_when_asked(tmp_path: Path) -> None:
    """Regular files with their size, folders, devices; what is missing is missing."""
    disk = tmp_path / "disk"
    disk.write_bytes(b"x" * 1024)
    assert HERE.entry(str(disk)) == Entry(Kind.FILE, 1024)
    assert HERE.entry(str(tmp_path)) == Entry(Kind.OTHER)
    assert HERE.entry(str(tmp_path / "none")) == Entry(Kind.MISSING)
    assert HERE.entry("/dev/null") == Entry(Kind.DEVICE)
    assert HERE.folder(str(tmp_path))
    assert not HERE.folder(str(disk))
    for strange in ("", "\0", "\ud800", "/" + "x" * 5000):
        assert HERE.entry(strange) == Entry(Kind.MISSING)
        assert not HERE.folder(strange)


def test_a_pseudo_terminal_of_this_machine_is_a_tty() -> None:
    """It can serve as the backend of a port."""
    leader, follower = os.openpty()
    try:
        assert HERE.entry(os.ttyname(follower)) == Entry(Kind.TTY)
    finally:
        os.close(leader)
        os.close(follower)


def test_a_disk_of_this_machine_is_judged_by_its_size(tmp_path: Path) -> None:
    """A multiple of 512 bytes is taken, one byte more is not."""
    disk = tmp_path / "disk"
    argv = ["-k", str(disk), "-s", f"4,virtio-blk,{disk}", "--cpu_affinity", "0", "vm1"]
    disk.write_bytes(b"x" * 1024)
    assert parse(argv, "v3.3", here()).accepted
    disk.write_bytes(b"x" * 1025)
    verdict = parse(argv, "v3.3", here())
    assert isinstance(verdict, Fault)
    assert verdict.stage is Stage.DEVICE
