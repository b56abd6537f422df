"""The dialects of the arch layer: what each version of it builds otherwise."""

from pathlib import Path

import pytest

from acrn_arch import (
    ACRN_3,
    DIALECTS,
    KATA_1,
    KATA_3,
    Arch,
    Bridge,
    Config,
    Dialect,
    Endpoint,
    Kernel,
    Memory,
    Sandbox,
    Vsock,
    block_rescan,
    command,
    launch,
    next_apic_id,
    release_apic_id,
)
from acrn_arch.errors import CpuIndexError, MissingCpuError, NameLengthError, RescanError
from acrn_arch.table import BlockTable

GUEST = Config(
    name="vm",
    uuid="u",
    apic_id="0,2",
    acpi_virt=True,
    memory=Memory("1M"),
    kernel=Kernel("/k", params="p"),
    devices=(Bridge(0, "hostbridge"),),
)
BEHIND = ("-k", "/k", "-B", "p", "vm")


@pytest.mark.parametrize(
    ("dialect", "argv"),
    [
        (KATA_1, ("-U", "u", "-A", "-m", "1M", "-s", "0:0,hostbridge", *BEHIND)),
        (KATA_3, ("-A", "-m", "1M", "-s", "0:0,hostbridge", "--cpu_affinity", "0,2", *BEHIND)),
        (ACRN_3, ("-m", "1M", "-s", "0:0,hostbridge", "--cpu_affinity", "0,2", *BEHIND)),
    ],
    ids=lambda value: value.name if isinstance(value, Dialect) else "",
)
def test_options_stand_in_the_order_of_the_dialect(dialect: Dialect, argv: tuple[str, ...]) -> None:
    """A field whose option a dialect does not have never reaches its argv."""
    assert command(GUEST, dialect).argv == argv


def test_the_default_dialect_is_the_first() -> None:
    """Who names no dialect means the one that the specification describes."""
    assert next(iter(DIALECTS.values())) is KATA_1
    assert command(GUEST) == command(GUEST, KATA_1)
    assert Arch() == Arch(dialect=KATA_1)


def test_a_guest_is_launched_in_a_dialect(tmp_path: Path) -> None:
    """The program gets the argv of the dialect that is handed in."""
    seen = tmp_path / "seen"
    program = tmp_path / "acrn-dm"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >{seen}\n', "utf-8")
    program.chmod(0o755)
    guest, _ = launch(Config(path=str(program), name="vm", uuid="u", apic_id="4"), dialect=ACRN_3)
    assert guest.wait(10) == 0
    assert seen.read_text("utf-8").split() == ["--cpu_affinity", "4", "vm"]


@pytest.mark.parametrize(("dialect", "prefix"), [(KATA_1, ""), (KATA_3, ""), (ACRN_3, "tap=")])
def test_a_network_device_is_the_dialects_own(dialect: Dialect, prefix: str) -> None:
    """From v3.0 on acrn-dm opens a tap only behind ``tap=``, of either type."""
    for kind in ("veth", "macvtap"):
        endpoint = Endpoint(kind, "", "tap0", "m")
        (device,) = Arch(dialect=dialect).append_network((), endpoint)
        assert device.params(1) == ("-s", f"1,virtio-net,{prefix}tap0,mac=m")


@pytest.mark.parametrize(
    ("dialect", "greatest"), [(KATA_3, (1 << 32) - 1), (ACRN_3, (1 << 32) - 2)]
)
def test_a_vsock_is_valid_with_a_context_id_of_a_guest(dialect: Dialect, greatest: int) -> None:
    """From 3 to the greatest that the dialect's releases of acrn-dm take."""
    assert dialect.vsock is not None
    edges = (0, 2, 3, greatest, greatest + 1)
    assert [dialect.vsock(cid).valid() for cid in edges] == [False, False, True, True, False]


@pytest.mark.parametrize(
    ("context_id", "text"),
    [(3, "3"), (1 << 31, "2147483648"), (1 << 32, "0"), ((1 << 64) - 1, "4294967295")],
)
def test_a_context_id_is_cut_to_32_bits(context_id: int, text: str) -> None:
    """The text of an invalid one says less than the device holds."""
    assert Vsock(context_id).params(5) == ("-s", f"5,vhost-vsock,cid={text}")


def test_a_vsock_step_adds_the_device_in_its_place() -> None:
    """The agent's socket comes where the runtime adds it."""
    steps = (Endpoint("veth", "", "t", "m"), Vsock(3))
    devices = Sandbox("1", image_path="/i", steps=steps).config(KATA_3).devices
    assert devices[-1] == Vsock(3)


@pytest.mark.parametrize("id_", ["x" * 11, "\u00e9" * 5])
def test_the_longest_name_of_a_sandbox(id_: str) -> None:
    """Fifteen bytes, the prefix counted, are taken; bytes, not characters."""
    assert Sandbox(id_, image_path="/i").config(KATA_3).name == f"sbx-{id_}"


@pytest.mark.parametrize("id_", ["x" * 12, "\u00e9" * 6, "\ud800" * 4])
def test_a_longer_name_of_a_sandbox_is_refused(id_: str) -> None:
    """It is refused, never cut; and kata-1 knows no limit."""
    with pytest.raises(NameLengthError, match="is longer than 15 bytes; give a shorter id"):
        Sandbox(id_, image_path="/i").config(KATA_3)
    assert Sandbox(id_, image_path="/i").config(KATA_1).name == f"sandbox-{id_}"


def test_a_sandbox_without_a_cpu_is_refused_where_no_release_starts_it() -> None:
    """acrn-dm v3.0 to v3.3 end at once without a CPU; Kata itself does not look."""
    with pytest.raises(MissingCpuError, match="give apic_id"):
        Sandbox("1", image_path="/i").config(ACRN_3)
    assert Sandbox("1", image_path="/i").config(KATA_3).apic_id == ""
    assert Sandbox("1", apic_id="0", image_path="/i").config(ACRN_3).apic_id == "0"


def test_a_swap_disk_is_never_rescanned() -> None:
    """It is refused before anything else is looked at."""
    with pytest.raises(RescanError, match="a swap disk cannot be hot-plugged"):
        block_rescan("vm", BlockTable(), 1, "/disk", swap=True)


@pytest.mark.parametrize(
    ("count", "stored", "place", "index"),
    [
        (3, None, 0, "0"),
        (3, "-1", 0, "0"),
        (3, "-0", 1, "1"),
        (3, "+0", 1, "1"),
        (3, "00", 1, "1"),
        (3, "1", 2, "2"),
        (3, "2", 0, "0"),
        (3, "9223372036854775807", 0, "0"),
        (1, "0", 0, "0"),
    ],
)
def test_the_next_cpu_is_the_one_behind_the_stored_one(
    count: int, stored: str | None, place: int, index: str
) -> None:
    """Round robin: behind the last comes the first, as without a file."""
    ids = ["0", "2", "4"][:count]
    assert next_apic_id(ids, stored) == (ids[place], index)


NO_NUMBERS = ["", " 1", "1 ", "1\n", "x", "0x1", "1_0", "1.0", "--1", "\u0663", "9" * 4301]
NO_NUMBERS += ["9223372036854775808", "-9223372036854775809"]


@pytest.mark.parametrize("stored", NO_NUMBERS)
def test_what_is_no_number_of_64_bits_is_no_index(stored: str) -> None:
    """An empty file is none either; the text is shown, and its remedy."""
    with pytest.raises(CpuIndexError, match="is no CPU index; store a decimal number"):
        next_apic_id(["0"], stored)
    with pytest.raises(CpuIndexError, match="is no CPU index"):
        release_apic_id(stored)


@pytest.mark.parametrize(
    ("ids", "stored"), [(["0", "2"], "-2"), (["0"], "-9223372036854775808"), ([], None), ([], "0")]
)
def test_an_index_that_names_no_cpu_is_refused(ids: list[str], stored: str | None) -> None:
    """The original panics there, as it comes to after a wrap, or without any CPU."""
    with pytest.raises(CpuIndexError, match=f"names none of {len(ids)} CPUs; remove the file"):
        next_apic_id(ids, stored)


@pytest.mark.parametrize(
    ("stored", "left"),
    [
        *[("1", "0"), ("0", "-1"), ("-1", "-2"), ("+1", "0"), ("007", "6")],
        ("-9223372036854775808", "9223372036854775807"),
        ("-9223372036854775807", "-9223372036854775808"),
        ("9223372036854775807", "9223372036854775806"),
    ],
)
def test_a_guests_end_takes_the_index_one_down(stored: str, left: str) -> None:
    """Below 0 too, and around at 64 bits."""
    assert release_apic_id(stored) == left


def test_balanced_use_after_a_wrap_is_refused() -> None:
    """Two CPUs, three starts, two ends: the next start has no CPU though one guest runs."""
    stored: str | None = None
    for _ in range(3):
        _, stored = next_apic_id(["0", "2"], stored)
    assert stored is not None
    stored = release_apic_id(release_apic_id(stored))
    with pytest.raises(CpuIndexError):
        next_apic_id(["0", "2"], stored)
