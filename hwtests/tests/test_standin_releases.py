"""What the releases that the stand-in stands for do each in its own way."""

import pytest
from standin_support import HOST_BRIDGES, PLAIN, built, command, inexpressible, refusal

from acrn_standin.release import RELEASES

_UUID = "a7ada506-1ab0-4b6b-a0da-e513ca9b8c2f"
_CPU = ("--cpu_affinity", "2")
_NO_CPU = "basl_fwrite_madt,Err: Invalid guest_pcpu_bitmask."


@pytest.mark.parametrize(
    ("release", "argv", "taken"),
    [
        ("v2.5", ("-A",), True),
        ("v2.7", ("-A",), False),
        ("v2.7", (), True),  # without tables nobody looks for a CPU
        ("v2.7", ("-A", *_CPU), True),
        ("v3.3", (), False),
        ("v3.3", _CPU, True),
    ],
)
def test_a_cpu_is_needed_for_the_tables(
    release: str, argv: tuple[str, ...], *, taken: bool
) -> None:
    """From v2.7 on, once the devices are up: exit status 1."""
    if taken:
        assert built(*argv, *PLAIN, release=release).argv
    else:
        error = refusal(*argv, *PLAIN, release=release)
        assert (error.status, str(error)) == (1, _NO_CPU)


@pytest.mark.parametrize(
    ("release", "value", "named"),
    [
        ("v2.7", "2", True),
        ("v2.7", "0-1,3", True),
        ("v3.3", "1,3", True),
        ("v3.3", "", False),
        ("v3.3", "x", False),
        ("v3.3", ",0", False),
        ("v3.3", "-1", False),
    ],
)
def test_a_list_of_cpus_names_one_or_none(release: str, value: str, *, named: bool) -> None:
    """Reading stops, without a word, at what begins with no digit."""
    assert command("--cpu_affinity", value, "vm1", release=release).cpus is named


@pytest.mark.parametrize("value", ["2-2", "3-1"])
def test_a_range_must_rise(value: str) -> None:
    """Exit status 64, on stderr; v3.3 knows no ranges, and takes the number in front."""
    error = refusal("--cpu_affinity", value, "vm1", release="v2.7")
    assert (error.status, error.on_stderr) == (64, True)
    assert command("--cpu_affinity", value, "vm1", release="v3.3").cpus


@pytest.mark.parametrize("release", ["v2.7", "v3.3"])
def test_a_uuid_is_no_option_any_more(release: str) -> None:
    """``-U`` prints the usage, ``--uuid`` is unknown; v2.5 takes both."""
    assert command("-U", _UUID, "vm1").uuid == _UUID
    assert str(refusal("-U", _UUID, "vm1", release=release)).startswith("Usage: ")
    unknown = refusal("--uuid", _UUID, "vm1", release=release)
    assert str(unknown).startswith("acrn-dm: unrecognized option '--uuid'")


@pytest.mark.parametrize("release", ["v2.7", "v3.3"])
def test_a_name_has_at_most_15_bytes(release: str) -> None:
    """And must be there."""
    assert command("n" * 15, release=release).name == "n" * 15
    long = refusal("n" * 16, release=release)
    assert str(long) == "The name of the VM exceeds the maximum length: 15"
    assert str(refusal(release=release)).startswith("You must provide the name of the Virtual")


def test_v3_3_takes_old_options_with_a_word() -> None:
    """And does not look at their values; ``-W`` it knows no more."""
    line = command("-A", "-Y", "-G", "x", "--pm_by_vuart", "y", "vm1", release="v3.3")
    assert [notice.split("'")[1] if "'" in notice else notice for notice in line.notices] == [
        "-A",
        'The "-Y, --mptgen" parameter is obsolete and ignored',
        'The "-G, --gvtargs" parameter is obsolete and ignored',
        'The "--pm_by_vuart" parameter is obsolete and ignored',
    ]
    assert not line.acpi
    assert "invalid option -- 'W'" in str(refusal("-W", "vm1", release="v3.3"))


def test_v3_3_builds_tables_without_being_asked() -> None:
    """Where v2.5 and v2.7 build none without ``-A``."""
    machines = [built(*_CPU, *PLAIN, release=release).argv[1] for release in RELEASES]
    assert ["acpi=off" in machine for machine in machines] == [True, True, False]


def test_v3_3_wants_memory_in_whole_pages() -> None:
    """Of 2 MiB; the others round it down."""
    odd = ("-m", "131073K", *_CPU, *PLAIN)
    assert str(refusal(*odd, release="v3.3")) == "Memory size is not aligned to 2M."
    assert "128 MiB" in built(*odd, release="v2.7").remarks[0]


@pytest.mark.parametrize(
    ("release", "field", "interface"),
    [
        ("v2.7", "tap0", "tap0"),
        ("v2.7", "tap=tap0", "tap=tap0"),
        ("v3.3", "tap0", ""),
        ("v3.3", "tap=tap0", "tap0"),
    ],
)
def test_a_tap_has_its_releases_form(release: str, field: str, interface: str) -> None:
    """What does not fit is taken all the same, and nothing is opened."""
    found = built("-s", f"9,virtio-net,{field}", *_CPU, *PLAIN, release=release)
    assert found.unlinked == (() if interface else ("slot9.0",))
    assert (f"ifname={interface}," in " ".join(found.argv)) is bool(interface)


def test_v3_3_has_five_serial_ports() -> None:
    """The others have two."""
    assert command("-l", "com5,stdio", "vm1", release="v3.3").uarts[0].number == 5
    assert refusal("-l", "com5,stdio", "vm1", release="v2.7").status == 64


@pytest.mark.parametrize(
    "config",
    [
        *("iothread,/d", "iothread=2@0:1/2,mq=4,/d", "/d,nocache,no_bst_block", "/d,aio=threads"),
        "iothread,/d,aio=io_uring",
    ],
)
def test_v3_3_takes_more_of_a_disk(config: str) -> None:
    """Threads and queues in front of the path, the cache behind it; it says what it leaves out."""
    line = ("-s", f"9,virtio-blk,{config}", *_CPU, *PLAIN)
    found = built(*line, release="v3.3")
    assert "filename=/d," in " ".join(found.argv)
    assert any("of virtio-blk on 9:0" in remark for remark in found.remarks)
    assert refusal(*line, release="v2.7").status == 1


@pytest.mark.parametrize("config", ["iothread=0,/d", "mq=x,/d", "/d,aio=io_uring"])
def test_a_disk_that_v3_3_refuses(config: str) -> None:
    """When its device comes up."""
    error = refusal("-s", f"9,virtio-blk,{config}", *_CPU, *PLAIN, release="v3.3")
    assert str(error).startswith("Could not open backing file")


def test_emulations_come_and_go() -> None:
    """virtio-gpu and vhost-vsock with v3.0, which calls others obsolete and refuses them."""
    for emulation in ("virtio-gpu", "vhost-vsock"):
        argv = ("-s", f"9,{emulation}", "vm1")
        assert "unknown device" in str(refusal(*argv, release="v2.7"))
        assert command(*argv, release="v3.3").functions[0].emulation == emulation
    error = refusal("-s", "2,pci-gvt", "vm1", release="v3.3")
    assert str(error) == 'The "pci-gvt" parameter is obsolete and ignored'


def test_a_fault_behind_what_only_acrn_dm_can_judge_is_not_claimed() -> None:
    """It may have met another one before."""
    assert "--virtio_poll" in inexpressible("--virtio_poll", "x", "-m", "1", "vm1")
    assert refusal("-m", "1", "--virtio_poll", "x", "vm1").status == 64


def test_v2_7_makes_a_file_of_its_name() -> None:
    """So that a name which names none is refused."""
    error = refusal(*HOST_BRIDGES, "-k", "/k", "..", release="v2.7")
    assert str(error) == "Open hugtlbfs failed"
