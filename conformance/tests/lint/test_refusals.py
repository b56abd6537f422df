"""Every kind of refusal: an argv that meets it in its releases, and a near miss."""

from typing import Final

import pytest
from lint_rows import (
    ALL,
    IMAGE,
    LONG_SOCKET,
    PLAIN,
    UUID,
    Row,
    concerned,
    device,
    found,
    judge,
    memory,
    named,
    option,
    socket,
)

from acrn_cmdline.lint import REFUSALS
from acrn_dm import FaultKind

REFUSED: Final = [
    Row("help-or-version", option("-h"), ALL, 0, option("-A")),
    Row("option-not-in-release", option("-U", UUID), "v2.7-master", 1, option("-A")),
    Row("option-not-in-release", option("-c", "1"), "v1.4-master", 0, option("-v")),
    Row("option-not-in-release", option("-W"), "v3.0-master", 0, option("-Y")),
    Row("option-not-in-release", option("--psram"), "v1.0-v2.1, v2.5-master", 0, option("--rtvm")),
    Row("option-not-in-release", option("--iasl=/x"), "v1.0-v3.0", 0, option("--ovmf=/x")),
    Row("option-ambiguous", option("--v"), ALL, 0, option("--ver")),
    Row("option-argument", (*PLAIN, "-k"), ALL, 7, (*PLAIN, "-k", "/x")),
    Row("option-argument", option("--rtvm=1"), ALL, 0, option("--rtvm")),
    Row("option-unknown", option("-z"), ALL, 0, option("-A")),
    Row("option-unknown", option("--no-such"), ALL, 0, option("--rtvm")),
    Row("name-count", PLAIN[:-1], ALL, None, PLAIN),
    Row("name-count", named("vm1", "vm2"), ALL, 7, named("vm1")),
    Row("name-too-long", named(16 * "n"), "v2.7-master", 6, named(15 * "n")),
    Row("name-too-long", named(72 * "n"), "v1.0, v2.7-master", 6, named(15 * "n")),
    Row("name-too-long", named(8 * "\xe9"), "v2.7-master", 6, named(7 * "\xe9")),
    Row("path-too-long", option("-k", "/" + 1023 * "k"), ALL, 1, option("-k", "/" + 255 * "k")),
    Row("image-missing", option("-r", "initrd"), ALL, 1, option("-r", "/initrd")),
    Row("bootargs-too-long", option("-B", 1024 * "b"), "v1.0", 1, option("-B", 1023 * "b")),
    Row("bootargs-too-long", option("-B", 2048 * "b"), ALL, 1, option("-B", 1023 * "b")),
    Row("memory-without-suffix", memory("2048"), ALL, 1, memory("2048M")),
    Row("memory-too-small", memory("127m"), ALL, 1, memory("128m")),
    Row("memory-form", memory("2048T"), ALL, 1, memory("2G")),
    Row("lpc-port", option("-l", "com3"), "v1.0-v3.2", 1, option("-l", "COM2")),
    Row("lpc-port", option("-l com1,stdio"), ALL, 0, option("-lcom1,stdio")),
    Row("slot-syntax", ("-s", "32,dummy", *PLAIN), ALL, 1, ("-s", "31,dummy", *PLAIN)),
    Row("slot-taken", (*PLAIN, "-s", "0,dummy"), ALL, 8, (*PLAIN, "-s", "0:1,dummy")),
    Row("emulation-not-in-release", device("ivshmem,dm:/a,2"), "v1.0-v1.6.1", 1, device("dummy")),
    Row("emulation-unknown", device("virtio-bulk,/x"), ALL, 1, device("virtio-blk,/x")),
    Row("emulation-obsolete", device("pci-gvt"), "v3.0-master", 1, device("dummy")),
    Row("option-value", option("--virtio_poll", "0"), ALL, 1, option("--virtio_poll", "1")),
    Row("uuid-form", option("-U", UUID + "0"), "v1.0-v2.6", 1, option("-U", UUID.upper())),
    Row("memory-unaligned", memory("513M"), "v3.0-master", 1, memory("514M")),
    Row("vcpu-count", option("-c", "0"), "v1.0-v1.3", 1, option("-c", "1")),
    Row("name-slash", named("a/b"), ALL, 6, named("a_b")),
    Row("name-socket", named(92 * "n"), "v1.1-v2.6", 6, named(91 * "n")),
    Row(
        "pm-channel-without-vuart",
        option("--pm_notify_channel", "uart"),
        "v1.3-master",
        1,
        option("--pm_notify_channel", "ioc"),
    ),
    Row("no-guest-image", ("-m", "512M", "vm1"), ALL, None, PLAIN),
    Row(
        "stdio-twice",
        ("-s", "1,lpc", "-lcom1,stdio", *device("virtio-console,@stdio:c")),
        ALL,
        4,
        ("-s", "1,lpc", "-lcom1", *device("virtio-console,@stdio:c")),
    ),
    Row("uart-backend", device("uart,/dev/null"), ALL, 1, device("uart,/dev/pts/3")),
    Row("lpc-place", (*device("lpc"), "-s", "10,lpc"), ALL, 10, device("lpc")),
    Row("bus-beyond-0", ("-s", "1:9:0,dummy", *PLAIN), ALL, 1, ("-s", "0:9:1,dummy", *PLAIN)),
    Row(
        "bus-beyond-0",
        ("-s", "1:9:0,dummy", "-Y", *PLAIN),
        "v3.0-master",
        1,
        ("-s", "9:1,dummy", *PLAIN),
    ),
    Row("no-cpus", option("-A"), "v2.7-master", None, option("-A", "--cpu_affinity", "0")),
    Row("no-cpus", PLAIN, "v3.0-master", None, option("--cpu_affinity", "1,2")),
    Row(
        "no-cpus", option("--cpu_affinity", ",1"), "v3.0-master", 1, option("--cpu_affinity", "1,")
    ),
    Row("name-no-file", named(".."), "v2.7", 6, named("/ab")),
    Row(
        "acpi-compiler", option("--iasl", "/x"), "v3.1-master", 1, option("--iasl", "/usr/bin/iasl")
    ),
    Row(
        "mmio-devices-too-large",
        option("--mmiodev_pt", "0,e800000"),
        "v2.5-master",
        1,
        option("--mmiodev_pt", "0,1000"),
    ),
    Row(
        "pm-vuart-node",
        option("--pm_notify_channel", "uart", "--pm_by_vuart", "tty,/x"),
        "v2.4-v2.7",
        1,
        option("--pm_notify_channel", "uart", "--pm_by_vuart", "tty,/dev/pts/0"),
    ),
    Row(
        "command-monitor",
        option("--cmd_monitor", LONG_SOCKET),
        "v3.0-master",
        1,
        option("--cmd_monitor", LONG_SOCKET[:-1]),
    ),
    Row(
        "acpi-device-resource",
        option("--acpidev_pt", "PNP0501"),
        "v3.3",
        1,
        option("--acpidev_pt", "PNP0501,uid=0,type=irq,irq=4"),
    ),
    Row("console-role", socket("/s:x"), "v1.1-master", 1, socket("/s:client")),
    Row("device-twice", (*device("xhci,tablet"), "-s", "10,xhci,"), ALL, 10, device("xhci,tablet")),
    Row(
        "gpu-in-real-time-vm",
        option("--lapic_pt", "-s", "9,passthru,0/2/0"),
        "v1.6-v2.7",
        2,
        option("--lapic_pt", "-s", "9,passthru,0/3/0"),
    ),
    Row(
        "gpu-in-real-time-vm",
        option("--rtvm", "-s", "9,passthru,0/2/0"),
        "v1.6-master",
        2,
        option("-s", "9,passthru,0/2/0"),
    ),
    Row("lpc-place", ("-s", "1:9:0,lpc", *PLAIN), ALL, 1, ("-s", "0:9:0,lpc", *PLAIN)),
    Row("comma-in-path", socket("/run/a,b"), ALL, 1, socket("/run/a;b")),
    Row("comma-in-path", device("virtio-blk,/a,b.img"), ALL, 1, device("virtio-blk,/a_b.img")),
    Row("console-backend", device("virtio-console,@"), ALL, 1, device("virtio-console,@pty:c")),
    Row("console-port-name", device("virtio-console,pty"), "v1.2-master", 1, device("dummy")),
    Row("console-path", socket(""), ALL, 1, socket("/s")),
    Row("console-path", socket(LONG_SOCKET), "v1.0-v1.1", 1, socket(LONG_SOCKET[:-1])),
    Row("placeholder-unsupported", device("virtio-blk,nodisk"), "v1.0", 1, IMAGE),
    Row("disk-option", device("virtio-blk,/x,nocache"), "v1.0-v3.2", 1, device("virtio-blk,/x,ro")),
    Row("disk-missing", device("virtio-blk,disk.img"), ALL, 1, IMAGE),
    Row(
        "net-arguments",
        device("virtio-net,tap0,mac=01:00:00:00:00:00"),
        ALL,
        1,
        device("virtio-net,tap0,mac=02:00:00:00:00:00"),
    ),
    Row("shared-memory", device("ivshmem,dm:/a,3"), "v2.0-master", 1, device("dummy")),
    Row("device-arguments", device("passthru"), ALL, 1, device("passthru,3/0/0")),
    Row("host-lacks", device("passthru,3/0/0"), ALL, 1, device("dummy")),
]


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: row.rule)
def test_a_refusal_is_found_at_its_token_and_no_near_miss(row: Row) -> None:
    """An argv that is refused is marked at its token, and one that nearly is, is not."""
    findings = found(judge(row.trips), row.rule)
    assert concerned(findings) == row.releases
    assert {finding.token for finding in findings} == {row.token}
    assert not found(judge(row.near_miss), row.rule)


def test_every_kind_of_fault_is_explained_and_tried() -> None:
    """No kind lacks its id, fact and remedy, and none goes without an argv that meets it."""
    assert set(REFUSALS) == set(FaultKind)
    assert {refusal.id for refusal in REFUSALS.values()} == {row.rule for row in REFUSED}


@pytest.mark.parametrize(
    ("word", "there"),
    [("--cpu_affinity=0", "v1.6.1-master"), ("--psram", "v2.2-v2.4"), ("-c1", "v1.0-v1.3")],
)
def test_an_option_of_other_releases_is_told_with_its_releases(word: str, there: str) -> None:
    """By letter and by long name alike."""
    (finding,) = found(judge(option(word)), "option-not-in-release")
    assert finding.fact.endswith(f" is one of {there}.")


def test_a_letter_behind_two_dashes_is_no_option_of_another_release() -> None:
    """``--c`` is not ``-c``; it is short for ``--cpu_affinity`` where a release has that."""
    judgement = judge(option("--c=1"))
    assert not found(judgement, "option-not-in-release")
    assert concerned(found(judgement, "option-unknown")) == "v1.0-v1.6"
