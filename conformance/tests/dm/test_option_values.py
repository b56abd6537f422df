"""Values of options that are looked at, release by release; one fact a test."""

import pytest
from acrn_dm_verdicts import PLAIN, accepting, fault, releases

from acrn_dm import (
    RECORDING,
    RELEASES,
    Fault,
    FaultKind,
    Feature,
    Stage,
    parse,
)


@pytest.mark.parametrize(
    ("tokens", "status"),
    [
        (["--virtio_poll", "0"], 64),
        (["--virtio_poll", "10000001"], 64),
        (["--intr_monitor", "10000,10,1"], 64),
        (["--ssram", "4"], 64),
        (["--pm_notify_channel", "bell"], 64),
        (["--logger_setting", "console"], -11),
        (["--pm_notify_channel", "uart"], -6),
    ],
)
def test_a_bad_value_is_refused_or_crashes(tokens: list[str], status: int) -> None:
    """Exit 64, or the signal that v3.3 dies of."""
    verdict = fault(*tokens, *PLAIN)
    assert (verdict.exit, verdict.crash) == (status, status < 0)


def test_a_notify_channel_is_checked_from_v2_5() -> None:
    """Before, any word will do."""
    assert accepting("--pm_notify_channel", "bell") == releases("v1.3", "v2.4")
    assert accepting("--pm_notify_channel", "ioc") == releases("v1.3")


def test_passing_on_an_acpi_device_is_for_the_tpm_then_for_any_then_checked() -> None:
    """v2.3 knows MSFT0101 alone, v2.5 takes any word, v2.7 looks for the device."""
    assert accepting("--acpidev_pt", "-A") == releases("v2.5", "v2.6")
    host = RECORDING._replace(acpi=frozenset({"NTC0702"}))
    assert accepting("--acpidev_pt", "NTC0702", host=host) == releases("v2.5")


@pytest.mark.parametrize(
    ("value", "taken"),
    [
        ("PNP0501,uid=0,type=irq,irq=4", True),
        ("INTC1055,type=memory,min=0xfd6e0000,len=0x10000,type=irq,irq=14", True),
        ("PNP0501,uid=1,type=io_port,min=0x3f8,len=8,", True),
        ("PNP0501,uid=0,type=foo", False),
        ("PNP0501,type=memory,min=0x123", False),
        ("PNP0501,type=io_port,min=0x10000", False),
        ("PNP0501,irq", False),
        ("PNP0501,type=irq,irq=4,polarity=4", False),
        ("PNP0501", False),
    ],
)
def test_a_uart_or_gpio_controller_is_passed_on_by_v3_3_alone(value: str, taken: bool) -> None:  # noqa: FBT001 - a column of the table
    """With its id, a resource or more, and numbers in their ranges; master has it no more."""
    assert accepting("--acpidev_pt", value) == releases("v2.5", "v2.6") + ["v3.3"] * taken


def test_a_disk_log_without_a_folder_brings_v1_5_to_v2_5_down() -> None:
    """Where /var/log cannot be written, saying so is logged, and so on; v1.1 knows no such log."""
    tokens = ("--logger_setting", "console,level=4;disk,level=5")
    assert accepting(*tokens) == releases("v1.1")
    host = RECORDING._replace(features=frozenset())
    down = releases("v1.5", "v2.5")
    assert accepting(*tokens, host=host) == [r for r in releases("v1.1") if r not in down]


def test_a_vuart_serves_the_notify_channel_until_v2_7() -> None:
    """``uart`` needs ``--pm_by_vuart``, which v3.0 ignores; v2.4 the life-cycle manager, too."""
    channel, node = ("--pm_notify_channel", "uart"), ("--pm_by_vuart", "tty,/dev/pts/1")
    with_manager = RECORDING._replace(features=frozenset({Feature.LIFE_CYCLE}))
    assert accepting(*channel, *node, host=with_manager) == releases("v1.3", "v2.7")
    assert accepting(*channel, *node) == [r for r in releases("v1.3", "v2.7") if r != "v2.4"]
    trigger = ("--pm_notify_channel", "uart,allow_trigger_s5")
    assert accepting(*trigger, *node) == releases("v1.3", "v2.3")


def test_the_node_of_the_channel_must_open_from_v2_4() -> None:
    """Before, a node that cannot be opened is only told of; kinds are pty and tty, in any case."""
    channel = ("--pm_notify_channel", "uart")
    assert accepting(*channel, "--pm_by_vuart", "tty,/img") == releases("v1.3", "v2.3")
    assert accepting("--pm_by_vuart", "PTY,/run/x") == releases("v1.3")
    assert accepting("--pm_by_vuart", "foo,/run/x") == releases("v3.0")
    assert fault("--pm_by_vuart", "pty", *PLAIN, release="v2.7").crash


@pytest.mark.parametrize(
    ("value", "before", "later"),
    [
        ("0,1", True, True),
        ("1-3,5", True, True),
        ("2-2", False, True),
        ("1-0", False, True),
        ("1-x", False, True),
        ("99999999999999999999,1", False, False),
        ("x", True, None),
        (",0", True, None),
        ("", True, None),
    ],
)
def test_processors_are_listed_and_needed_for_acpi_tables(
    value: str, before: object, later: object
) -> None:
    """Ranges to v2.7; from v3.0 on there must be one, when all devices have started."""
    taken = accepting("--cpu_affinity", value)
    assert [r for r in taken if r in releases(last="v2.7")] == releases("v1.6.1", "v2.7") * bool(
        before
    )
    assert [r for r in taken if r in releases("v3.0")] == releases("v3.0") * bool(later)
    if later is None:
        verdict = fault("--cpu_affinity", value, *PLAIN)
        assert (verdict.stage, verdict.kind) == (Stage.DEVICE, FaultKind.CPUS)


def test_without_processors_v3_0_refuses_everything_and_v2_7_with_acpi_tables() -> None:
    """The last thing met before the image is loaded; -A does not matter from v3.0 on."""
    for release in releases("v3.0"):
        verdict = parse(PLAIN, release, RECORDING)
        assert isinstance(verdict, Fault)
        assert (verdict.kind, verdict.stage) == (FaultKind.CPUS, Stage.DEVICE)
    assert parse(PLAIN, "v2.7", RECORDING).accepted
    assert not parse(("-A", *PLAIN), "v2.7", RECORDING).accepted
    assert parse(("-A", *PLAIN), "v2.6", RECORDING).accepted


@pytest.mark.parametrize(
    ("value", "taken"),
    [
        ("L2,vcpu=0,size=4K;l3,vcpu=all,size=1M", True),
        ("L3,vcpu=0,1,size=8M", True),
        ("L3,vcpu=0,size=9M", False),
        ("L3,vcpu=0,size=1G", False),
        ("L3,vcpu=,size=1M", False),
        ("L3,vcpu=x,size=1M", False),
        ("L3,1", False),
        ("L4,vcpu=0,size=4K", False),
        ("4", False),
    ],
)
def test_software_ram_is_a_list_of_regions_from_v3_0(value: str, taken: bool) -> None:  # noqa: FBT001 - a column of the table
    """Level, virtual CPUs and a size up to 8 MiB; and the host must have it."""
    host = RECORDING._replace(features=frozenset({Feature.SSRAM}))
    assert accepting("--ssram", value, host=host) == releases("v3.0") * taken
    assert accepting("--ssram", value) == []
    assert fault("--ssram", "L2", *PLAIN).crash


def test_a_virtual_tpm_excludes_one_that_is_passed_on() -> None:
    """Behind ``--vtpm2`` no ``--acpidev_pt`` is taken from v2.5 on, socket or none."""
    tpm = ("--vtpm2", "sock_path=/run/tpm")
    assert accepting(*tpm) == list(RELEASES)
    assert accepting("--vtpm2", "sock_path") == []
    assert accepting("--vtpm2", "anything") == list(RELEASES)
    assert accepting(*tpm, "--acpidev_pt", "MSFT0101") == releases("v2.3", "v2.4")
    anything = fault("--vtpm2", "anything", "--acpidev_pt", "MSFT0101", *PLAIN, release="v2.6")
    assert anything.message == "acrn-dm: invalid pt acpi dev param MSFT0101"


def test_a_monitor_for_commands_is_a_socket() -> None:
    """Of at most 107 bytes, in a folder that is there."""
    assert accepting("--cmd_monitor", "/" + 106 * "c") == releases("v3.0")
    assert accepting("--cmd_monitor", "/" + 107 * "c") == []
    assert fault("--cmd_monitor", "/" + 1023 * "c", *PLAIN).exit == 64


def test_a_logger_needs_a_level_and_any_name() -> None:
    """The level begins with a number; what has no comma crashes."""
    assert accepting("--logger_setting", "any,level=4x") == releases("v1.1")
    assert accepting("--logger_setting", "console,level=x") == []
    assert accepting("--logger_setting", "console,lvl=4") == []
