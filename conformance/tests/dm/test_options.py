"""Options of acrn-dm, release by release; one fact a test."""

import pytest
from acrn_dm_verdicts import PLAIN, accepting, command, fault, releases, taking

from acrn_dm import (
    RECORDING,
    RELEASES,
    Fault,
    Stage,
    UnknownReleaseError,
    parse,
    read,
)

UUID = "a7ada506-1ab0-4b6b-a0da-e513ca9b8c2f"


def test_a_plain_command_line_is_taken_by_every_release() -> None:
    """Memory, a host bridge, a kernel and a name are enough."""
    assert accepting() == list(RELEASES)
    assert command(*PLAIN).memory == 512 << 20
    assert command(*PLAIN).kernel == "/vmlinux"
    assert command(*PLAIN).name == "vm1"


def test_a_release_that_there_is_not_is_an_error() -> None:
    """The error names those to choose from."""
    with pytest.raises(UnknownReleaseError, match=r"v1\.7.*v1\.6\.1.*latest"):
        parse(PLAIN, "v1.7", RECORDING)


def test_a_release_is_read_as_the_one_with_its_device_model() -> None:
    """A tag that was not recorded, a number without its v, and the latest."""
    for name, stands in (("v3.0.2", "v3.0"), ("2.5.1", "v2.5"), ("latest", "v3.3")):
        assert read(PLAIN, name, RECORDING).release == stands


@pytest.mark.parametrize("option", ["-U", "--uuid"])
def test_u_is_fatal_from_v2_7(option: str) -> None:
    """``-U`` is taken to v2.6; from v2.7 usage and exit 1."""
    assert accepting(option, UUID) == releases(last="v2.6")
    assert fault(option, UUID, *PLAIN, release="v2.7").usage
    assert fault(option, UUID, *PLAIN, release="v2.7").exit == 1


@pytest.mark.parametrize("uuid", ["", "not-a-uuid", UUID[:-1], UUID + "0", UUID.replace("-", "")])
def test_a_bad_uuid_is_met_when_the_vm_is_created(uuid: str) -> None:
    """The form is checked after the hypervisor device is opened."""
    verdict = fault("-U", uuid, *PLAIN, release="v2.5")
    assert (verdict.stage, verdict.message, verdict.exit) == (Stage.VM, "vm_create failed", 1)
    assert verdict.token == 1
    for release in releases(last="v2.6"):
        said = fault("-U", uuid, *PLAIN, release=release).message
        assert said.startswith("vm_open" if release == "v1.0" else "vm_create")


def test_a_uuid_is_read_in_any_case_and_need_not_be_a_known_one() -> None:
    """Whether the scenario knows it is the hypervisor's business."""
    assert command("-U", UUID.upper(), *PLAIN, release="v2.5").uuid == UUID.upper()
    assert accepting("-U", "0" * 8 + "-0000-0000-0000-" + "0" * 12) == releases(last="v2.6")


@pytest.mark.parametrize(
    ("tokens", "first", "last"),
    [
        (["-A"], "v1.0", "master"),
        (["-c", "2"], "v1.0", "v1.3"),
        (["-p", "0:1"], "v1.0", "v1.2"),
        (["--pincpu=0:1"], "v1.0", "v1.2"),
        (["-W"], "v1.0", "v2.7"),
        (["-Y"], "v1.0", "master"),
        (["-i", "x,y"], "v1.0", "master"),
        (["-G", "64 448 8"], "v1.0", "master"),
        (["--vsbl", "/vsbl"], "v1.0", "master"),
        (["--part_info", "/p"], "v1.0", "master"),
        (["--virtio_msi"], "v1.0", "master"),
        (["--virtio_msix"], "v1.0", "v2.7"),
        (["--ptdev_no_reset"], "v1.0", "v1.5"),
        (["--logger_setting", "console,level=4"], "v1.1", "master"),
        (["--pm_by_vuart", "pty,/run/x"], "v1.3", "master"),
        (["--windows"], "v1.4", "master"),
        (["--cpu_affinity", "0,1"], "v1.6.1", "master"),
        (["--acpidev_pt", "MSFT0101"], "v2.3", "v2.6"),
        (["--apcidev_pt", "MSFT0101"], "v2.1", "v2.2"),
        (["--mmiodev_pt", "0xFED40000,0x1000"], "v2.5", "master"),
        (["--psram"], "v2.2", "v2.4"),
        (["--ssram"], "v2.5", "v2.7"),
        (["--cmd_monitor", "/run/m"], "v3.0", "master"),
        (["--iasl", "/usr/bin/iasl"], "v3.1", "master"),
    ],
)
def test_options_come_and_go(tokens: list[str], first: str, last: str) -> None:
    """Each option is taken from one release to another, and nowhere else."""
    assert accepting(*tokens) == releases(first, last)


def test_pinning_is_a_bare_usage_error_before_it_is_unknown() -> None:
    """``-p``: plain usage in v1.4-v1.6, "invalid option" from v2.0."""
    assert fault("-p", "0:1", *PLAIN, release="v1.6").message == ""
    assert fault("-p", "0:1", *PLAIN, release="v2.0").message == "acrn-dm: invalid option -- 'p'"


def test_an_obsolete_option_is_taken_with_a_notice() -> None:
    """From v3.0 ``-A`` and others do nothing, and acrn-dm says so."""
    taken = command("-A", "--gvtargs", "no numbers", *PLAIN)
    assert [notice.token for notice in taken.notices] == [0, 2]
    assert "obsolete and ignored" in taken.notices[0].message
    assert command("-A", *PLAIN, release="v2.7").notices == ()
    assert fault("--gvtargs", "no numbers", *PLAIN, release="v2.7").exit == 64


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("128M", 128 << 20),
        ("131072K", 128 << 20),
        ("2048m", 2 << 30),
        ("1G", 1 << 30),
        ("2048MB", 2 << 30),
        (" 256M", 256 << 20),
        ("0x100M", 256 << 20),
    ],
)
def test_memory_has_a_suffix_in_either_case_and_may_trail_junk(text: str, size: int) -> None:
    """K, M or G; what follows the suffix is ignored."""
    assert command("-m", text, "-k", "/vmlinux", "vm1").memory == size


@pytest.mark.parametrize(
    "text", ["", "2048", "1T", "abc", "NoneM", "0M", "127M", "131071K", "512 M", "512\u212a"]
)
@pytest.mark.parametrize("release", RELEASES)
def test_memory_without_a_suffix_or_below_128_mib_is_refused(text: str, release: str) -> None:
    """The fault is met before the hypervisor device is opened: exit 64."""
    verdict = fault("-m", text, "-k", "/vmlinux", "vm1", release=release)
    assert verdict.message == f"acrn-dm: invalid memsize '{text}'"
    assert (verdict.stage, verdict.exit, verdict.token) == (Stage.ARGV, 64, 1)


@pytest.mark.parametrize("text", ["4097M", "-1M", "131073K"])
def test_memory_is_a_multiple_of_two_mib_from_v3_0(text: str) -> None:
    """Checked when the VM is created; a negative size wraps to a huge one."""
    assert accepting("-m", text) == list(RELEASES)  # what is given last counts
    argv = ("-m", text, "-k", "/vmlinux", "vm1")
    assert command(*argv, release="v2.7").memory > 128 << 20
    verdict = fault(*argv, release="v3.0")
    assert (verdict.stage, verdict.exit, verdict.token) == (Stage.VM, 1, 1)
    assert verdict.message == "Memory size is not aligned to 2M."


def test_memory_is_256_mib_where_nothing_is_said() -> None:
    """The default of every release passes."""
    assert command("-k", "/vmlinux", "vm1").memory == 256 << 20


@pytest.mark.parametrize(
    ("length", "last"),
    [(1023, "v3.3"), (1024, None), (2047, None)],
)
def test_boot_arguments_are_limited(length: int, last: str | None) -> None:
    """1,023 bytes in v1.0, 2,047 later; past that a silent exit 1."""
    taken = accepting("-B", "x" * length)
    assert taken == (releases() if last else releases("v1.1"))
    assert accepting("-B", "x" * 2048) == []
    verdict = fault("-B", "x" * 2048, *PLAIN)
    assert (verdict.stage, verdict.message, verdict.exit) == (Stage.ARGV, "", 1)


def test_boot_arguments_are_counted_in_bytes() -> None:
    """An "é" is two bytes, a byte that is no UTF-8 one."""
    assert accepting("-B", "é" * 1024) == []
    assert accepting("-B", "\udcff" * 1024) == releases("v1.1")


@pytest.mark.parametrize(("option", "status"), [("-k", 10), ("-r", 11)])
@pytest.mark.parametrize("release", RELEASES)
def test_a_missing_kernel_or_ramdisk_has_its_own_status(
    option: str, status: int, release: str
) -> None:
    """Missing or empty file: exit 10 and 11; a path of 1,024 bytes: exit 1."""
    verdict = fault(option, "missing", *PLAIN, release=release)
    assert (verdict.stage, verdict.exit) == (Stage.ARGV, status)
    assert verdict.message == "SW_LOAD: check_image failed for 'missing'"
    assert fault(option, "/" + "y" * 1023, *PLAIN, release=release).exit == 1


def test_other_missing_images_abort_before_v1_2_and_are_refused_later() -> None:
    """``-E``, ``--ovmf``, ``--vsbl``: an assertion fails before v1.2."""
    for option, status in (("-E", 1), ("--ovmf", 64), ("--vsbl", 64), ("--part_info", 64)):
        for release in releases(last="v2.7"):
            verdict = fault(option, "missing", *PLAIN, release=release)
            aborts = release in releases(last="v1.1")
            assert verdict.exit == (-6 if aborts else status)
            assert verdict.crash == aborts
    assert accepting("--vsbl", "missing") == releases("v3.0")


def test_ovmf_may_be_written_back_and_split_in_code_and_variables() -> None:
    """``w`` anywhere from v1.2 on, ``code=`` and ``vars=``, both or neither, from v2.3 on."""
    assert accepting("--ovmf", "w,/ovmf") == releases("v1.2")
    assert accepting("--ovmf", "./ovmf,w") == []
    assert accepting("--ovmf", "w,code=/code,vars=/vars") == releases("v2.3")
    for value in ("code=/code,vars=missing", "code=/code", "vars=/vars", "w"):
        assert accepting("--ovmf", value) == []
    assert accepting("--ovmf", "w,/ovmf,code=/code,vars=/vars") == releases("v1.2", "v2.2")


def test_of_two_firmwares_the_second_is_not_looked_at() -> None:
    """``--vsbl`` before ``--ovmf``, and the other way round; from v3.0 on ``--vsbl`` is nothing."""
    assert accepting("--vsbl", "/v", "--ovmf", "missing") == releases(last="v2.7")
    assert accepting("--ovmf", "/o", "--vsbl", "missing") == list(RELEASES)


@pytest.mark.parametrize(
    ("tokens", "first"),
    [(["-k", "/k"], "v1.0"), (["-E", "/e"], "v1.0"), (["--ovmf", "/o"], "v1.0")],
)
def test_an_image_of_any_kind_lets_the_guest_load(tokens: list[str], first: str) -> None:
    """Kernel, ELF or OVMF."""
    for release in releases(first):
        command(*tokens, "vm1", release=release)


def test_without_an_image_the_argv_is_accepted_and_the_guest_does_not_load() -> None:
    """Stage load: exit 0 in v1.0, 1 later; ``--vsbl`` counts to v2.7."""
    assert fault("vm1", release="v1.0").exit == 0
    verdict = fault("vm1", release="v1.2")
    assert (verdict.stage, verdict.exit, verdict.accepted) == (Stage.LOAD, 1, True)
    command("--vsbl", "/vsbl", "vm1", release="v2.7")
    assert fault("--vsbl", "/vsbl", "vm1", release="v3.0").stage is Stage.LOAD


@pytest.mark.parametrize(
    ("length", "taken"),
    [
        (15, releases()),
        (16, releases(last="v2.6")),
        (31, releases(last="v2.6")),
        (32, releases("v1.1", "v2.6")),
        (72, releases("v1.1", "v2.6")),
        (127, []),
        (128, []),
    ],
)
def test_a_name_is_limited_by_the_release(length: int, taken: list[str]) -> None:
    """31 bytes in v1.0, 127 in v1.1-v2.6 (some 91 fit a socket's path), 15 from v2.7."""
    argv = ("-k", "/vmlinux", "n" * length)
    assert taking(*argv) == taken


def test_a_name_too_long_is_met_at_the_argv_or_at_its_socket() -> None:
    """127 bytes pass the argv of v1.2 and fail where the socket is bound."""
    assert fault("-k", "/k", "n" * 127, release="v1.2").stage is Stage.DEVICE
    verdict = fault("-k", "/k", "n" * 128, release="v1.2")
    assert (verdict.stage, verdict.message) == (Stage.ARGV, "vmname size exceed 128")
    assert fault("-k", "/k", "n" * 16, release="v2.7").token == 2
    for release in RELEASES:
        said = fault("-k", "/k", "n" * 128, release=release).message
        limit = "exceed 32" if release == "v1.0" else "exceed 128"
        assert said.endswith("length: 15" if release in releases("v2.7") else limit)


@pytest.mark.parametrize("name", ["", " ", "a;b", "a.b", "$(id)", "ünï", "-", "\udcff", "/ab"])
def test_no_character_of_a_name_is_refused_but_a_slash_inside(name: str) -> None:
    """A folder that is not there fails later, when the socket is bound."""
    assert command("-k", "/k", name).name == name
    assert fault("-k", "/k", "a/b").stage is Stage.DEVICE


def test_v2_7_keeps_memory_in_a_file_of_the_vms_name() -> None:
    """A name that is a folder is met when the VM is made."""
    for name in ("", ".", "..", "a/b"):
        assert fault("-k", "/k", name, release="v2.7").stage is Stage.VM
    assert command("-k", "/k", "/ab", release="v2.7").name == "/ab"


@pytest.mark.parametrize("release", RELEASES)
def test_exactly_one_name_is_needed(release: str) -> None:
    """None or two: usage, exit 1; the second one is to blame."""
    none = fault("-k", "/k", release=release)
    two = fault("vm1", "-k", "/k", "extra", release=release)
    assert (none.usage, none.exit, none.token) == (True, 1, None)
    assert (two.usage, two.exit, two.token) == (True, 1, 3)
    assert ("You must provide the name" in none.message) == (release in releases("v2.7"))


def test_help_and_version_end_at_once_with_status_0() -> None:
    """What stands behind is never looked at, what stands before is."""
    assert fault("-h", "--bogus").exit == 0
    assert fault("-v", "--bogus").exit == 0
    assert fault("--bogus", "-h").exit == 1


def test_virtual_cpus_below_one_are_met_when_the_vm_is_created() -> None:
    """``-c 0``: exit 0 in v1.0, 1 in v1.2; the number may be hexadecimal."""
    assert accepting("-c", "0x2") == releases(last="v1.3")
    for text in ("0", "-A"):
        assert fault("-c", text, *PLAIN, release="v1.0").exit == 0
        verdict = fault("-c", text, *PLAIN, release="v1.2")
        assert (verdict.stage, verdict.message) == (Stage.VM, "Invalid guest vCPUs (0)")


def test_what_is_given_twice_counts_as_given_last() -> None:
    """All options are kept, in order."""
    twice = command("-B", "one", "-m", "1G", *PLAIN, "-B", "two")
    assert twice.bootargs == "two"
    assert twice.memory == 512 << 20
    assert [given.value for given in twice.options if given.name == "bootargs"] == ["one", "two"]
    given = twice.option("bootargs")
    assert given is not None
    assert given.token == len(PLAIN) + 5


def test_what_an_argv_says_is_read_past_its_faults() -> None:
    """A command that does not come up, or lacks its name, is still a command."""
    reading = read(("-s", "3,virtio-blk,missing", "--bogus"), "v3.3", RECORDING)
    assert isinstance(reading.verdict, Fault)
    assert reading.command.functions[0].slot == 3


def test_there_are_at_most_16_virtual_cpus() -> None:
    """A number past 64 bits leaves it at one."""
    for text in ("16", "0x10", "99999999999999999999"):
        assert accepting("-c", text) == releases(last="v1.3")
    verdict = fault("-c", "17", *PLAIN, release="v1.3")
    assert (verdict.stage, verdict.exit) == ("vm", 1)
    assert verdict.message == "17 vCPUs requested but 16 available"
