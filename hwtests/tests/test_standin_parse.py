"""The stand-in reads an argv as acrn-dm does."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standin_support import HOST_BRIDGES, PLAIN, command, refusal

from acrn_standin.command import DEFAULT_UUID, Address, Answer, Command, Function, Uart
from acrn_standin.errors import InexpressibleError, RefusedError
from acrn_standin.numerals import MIB, decimal, memory_size
from acrn_standin.parse import parse
from acrn_standin.release import RELEASES, Release

V2_5 = RELEASES["v2.5"]


def test_a_whole_line_says_what_it_says() -> None:
    """Every option that the stand-in carries out has its place in the command."""
    line = command(
        *("-U", "a7ada506-1ab0-4b6b-a0da-e513ca9b8c2f", "-A", "-m", "2G"),
        *("-s", "0:0,hostbridge", "-lcom1,stdio", "-l", "COM2"),
        *("-s", "4,virtio-blk,b,/disk,ro", "-k", "/vmlinuz", "-B", "quiet", "name"),
    )
    assert line == Command(
        V2_5,
        name="name",
        acpi=True,
        uuid="a7ada506-1ab0-4b6b-a0da-e513ca9b8c2f",
        memory=2048 * MIB,
        functions=(
            Function(Address(0, 0, 0), "hostbridge", None),
            Function(Address(0, 4, 0), "virtio-blk", "/disk,ro", boot=True),
        ),
        uarts=(Uart(1, "stdio"), Uart(2, None)),
        kernels=("/vmlinuz",),
        bootargs="quiet",
    )


def test_what_is_not_given_has_acrn_dms_defaults() -> None:
    """256 MiB, acrn-dm's own UUID, no ACPI, no kernel."""
    assert command("vm1") == Command(
        V2_5, name="vm1", uuid=DEFAULT_UUID, memory=256 * MIB, acpi=False, kernels=()
    )


@pytest.mark.parametrize(
    "argv",
    [
        ("vm1", "-A", "-k", "/k"),
        ("-A", "vm1", "-k", "/k"),
        ("-A", "-k/k", "vm1"),
        ("-Ak", "/k", "--", "vm1"),
        ("--acpi", "--kernel=/k", "vm1"),
        ("--acpi", "--ker", "/k", "vm1"),
    ],
)
def test_options_are_read_as_gnu_getopt_reads_them(argv: tuple[str, ...]) -> None:
    """Anywhere, in clusters, with the value attached or not, long names abbreviated."""
    assert command(*argv) == Command(V2_5, name="vm1", acpi=True, kernels=("/k",))


def test_only_two_dashes_let_a_name_begin_with_one() -> None:
    """What follows ``--`` is no option."""
    assert command("--", "-A").name == "-A"


@pytest.mark.parametrize(
    ("argv", "line"),
    [
        (("-Z", "vm1"), "acrn-dm: invalid option -- 'Z'"),
        (("vm1", "-B"), "acrn-dm: option requires an argument -- 'B'"),
        (("vm1", "--bogus=1"), "acrn-dm: unrecognized option '--bogus=1'"),
        (("vm1", "--kernel"), "acrn-dm: option '--kernel' requires an argument"),
        (("vm1", "--acpi=x"), "acrn-dm: option '--acpi' doesn't allow an argument"),
        (
            ("vm1", "--pm"),
            (
                "acrn-dm: option '--pm' is ambiguous; "
                "possibilities: '--pm_notify_channel' '--pm_by_vuart'"
            ),
        ),
    ],
)
def test_an_option_it_cannot_read_prints_the_usage(argv: tuple[str, ...], line: str) -> None:
    """The reason, then the usage, on stderr; exit status 1."""
    error = refusal(*argv)
    assert (error.status, error.on_stderr) == (1, True)
    assert str(error).startswith(f"{line}\nUsage: acrn-dm ")


@pytest.mark.parametrize("argv", [(), ("-A",), ("one", "two"), ("one", "--", "two")])
def test_exactly_one_name_is_needed(argv: tuple[str, ...]) -> None:
    """None or two print the usage."""
    error = refusal(*argv)
    assert (error.status, error.on_stderr) == (1, True)
    assert str(error).startswith("Usage: acrn-dm ")


def test_a_name_has_at_most_127_bytes() -> None:
    """One more is refused, and it is bytes that count."""
    assert command("n" * 127).name == "n" * 127
    assert str(refusal("n" * 128)) == "vmname size exceed 128"
    assert refusal("ü" * 64).status == 1


def test_version_and_help_are_answers() -> None:
    """``-v`` says v2.5 and that this is the stand-in; ``-h`` is the usage. Both end at once."""
    version = parse(["-v", "-Z"], V2_5)
    assert isinstance(version, Answer)
    assert "v2.5" in version.text
    assert "stand-in" in version.text
    assert not version.on_stderr
    usage = parse(["-Ah"], V2_5)
    assert isinstance(usage, Answer)
    assert usage.text.startswith("Usage: ")


def test_the_first_fault_is_the_one_that_is_told() -> None:
    """acrn-dm acts on an option before it reads the next."""
    assert "memsize" in str(refusal("-m", "1", "-s", "99,lpc", "-Z"))
    assert "Invalid PCI slot" in str(refusal("-s", "99,lpc", "-m", "1", "-Z"))


@pytest.mark.parametrize(
    ("text", "mebibytes"),
    [
        ("128M", 128),
        ("2048m", 2048),
        ("262144K", 256),
        ("1G", 1024),
        ("2048MB", 2048),
        (" +200M", 200),
        ("0x100M", 256),
        ("0400M", 256),
        ("-1M", (1 << 44) - 1),
    ],
)
def test_memory_is_a_number_of_c_with_its_unit(text: str, mebibytes: int) -> None:
    """Any base, K, M or G in either case, and whatever follows; a negative one wraps."""
    assert memory_size(text) == mebibytes * MIB


@pytest.mark.parametrize(
    "text", ["", "M", "2048", "127M", "0M", "1T", "1B", "abc", "NoneM", "1 G", "1" * 5000 + "X"]
)
def test_memory_that_acrn_dm_refuses(text: str) -> None:
    """No unit, another unit, or below 128 MiB: exit status 64, on stderr."""
    error = refusal("-m", text, "vm1")
    assert (error.status, error.on_stderr) == (64, True)
    assert str(error) == f"acrn-dm: invalid memsize '{text}'"


@pytest.mark.parametrize(
    ("place", "address"),
    [
        ("3", Address(0, 3, 0)),
        ("3:1", Address(0, 3, 1)),
        ("3/1", Address(0, 3, 1)),
        ("3.1", Address(0, 3, 1)),
        ("255:31:7", Address(255, 31, 7)),
        ("0:3:0:9:9", Address(0, 3, 0)),
        ("20x", Address(0, 20, 0)),
        ("0x3", Address(0, 0, 0)),
        (" 3 ", Address(0, 3, 0)),
        ("4294967299", Address(0, 3, 0)),
    ],
)
def test_a_place_is_decimal_with_junk_behind(place: str, address: Address) -> None:
    """Slot, slot and function, or bus, slot and function, as strtol reads each."""
    assert command("-s", f"{place},virtio-rnd", "vm1").functions[0].address == address


@pytest.mark.parametrize(
    "field",
    [
        *("", "3", "sandbox-x", ",virtio-rnd", "x,virtio-rnd", "3:,virtio-rnd", "32,virtio-rnd"),
        *("-3,virtio-rnd", "3:8,virtio-rnd", "256:1:0,lpc", "1:-1,lpc", "9" * 30 + ",lpc"),
    ],
)
def test_a_place_that_is_none(field: str) -> None:
    """Told with the whole field; exit status 1, on stdout."""
    error = refusal("-s", field, "vm1")
    assert (error.status, error.on_stderr) == (1, False)
    assert str(error) == f'Invalid PCI slot info field "{field}"'


def test_a_place_is_taken_once() -> None:
    """By slot and function, whatever the emulation."""
    clash = refusal("-s", "4,virtio-blk,/a", "-s", "0:4:0,nothing", "vm1")
    assert (clash.status, str(clash)) == (1, "pci slot 4:0 already occupied!")
    assert len(command("-s", "4:0,virtio-rnd", "-s", "4:1,virtio-rnd", "vm1").functions) == 2


@pytest.mark.parametrize("emulation", ["", "hda", "virtio-gpu", "vhost-vsock", "Virtio-blk"])
def test_an_emulation_that_release_v2_5_lacks(emulation: str) -> None:
    """Told with its place; later releases' are among them."""
    error = refusal("-s", f"20,{emulation},x", "vm1")
    assert (error.status, str(error)) == (1, f'pci slot 20:0: unknown device "{emulation}"')


@pytest.mark.parametrize("value", ["com3,stdio", "foo", "", " com1,stdio"])
def test_a_serial_port_that_is_none(value: str) -> None:
    """com1 and com2 alone: exit status 64, on stderr."""
    error = refusal("-l", value, "vm1")
    assert (error.status, error.on_stderr) == (64, True)
    assert str(error) == f"acrn-dm: invalid lpc device configuration '{value}'"


def test_a_serial_port_given_twice_has_the_last_backend() -> None:
    """In the order of the ports, not of the options."""
    line = command("-lcom2,/a", "-lcom1,stdio", "-lcom2,/b", "vm1")
    assert line.uarts == (Uart(1, "stdio"), Uart(2, "/b"))


def test_overlong_values_end_silently() -> None:
    """Boot arguments past 2047 bytes, a kernel's path past 1023: exit status 1, no word."""
    assert command("-B", "x" * 2047, "vm1").bootargs == "x" * 2047
    for argv in ("-B", "x" * 2048, "vm1"), ("-k", "/" * 1024, "vm1"):
        error = refusal(*argv)
        assert (error.status, str(error)) == (1, "")


def test_options_it_knows_and_cannot_carry_out_are_kept() -> None:
    """So that a fault of the line itself is told before them."""
    assert command("--rtvm", "-r", "/ramdisk", "-W", "vm1").unexpressed == ("--rtvm", "-r", "-W")
    assert "memsize" in str(refusal("-r", "/ramdisk", "-m", "x", "vm1"))


def test_a_number_past_64_bits_is_none() -> None:
    """As strtol reports it; past 32 bits a C int wraps."""
    assert decimal(str(1 << 63)) is None
    assert decimal("-" + "9" * 40) is None
    assert decimal(str((1 << 32) + 5)) == 5
    assert decimal("-1junk") == -1
    assert decimal("junk") is None


_WORDS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20),
    st.binary(max_size=20).map(lambda word: os.fsdecode(word.replace(b"\0", b""))),
    st.sampled_from(
        [
            *PLAIN,
            *HOST_BRIDGES,
            *("-A", "-m", "-l", "-B", "-U", "--", "-", "--k", "-s9,virtio-rnd", "128M", "\udcff"),
        ]
    ),
)


@given(st.lists(_WORDS, max_size=8), st.sampled_from(list(RELEASES.values())))
def test_no_argv_makes_it_stumble(argv: list[str], release: Release) -> None:
    """Whatever it is given, it is a command, an answer or a refusal."""
    found: object
    try:
        found = parse(argv, release)
    except (RefusedError, InexpressibleError) as error:
        found = error
    assert isinstance(found, (Command, Answer, RefusedError, InexpressibleError))
