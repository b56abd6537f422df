"""Every rule of lint: an argv that trips it in the releases that it concerns, and a near miss."""

from typing import Final

import pytest
from lint_rows import (
    ALL,
    IMAGE,
    LONG_SOCKET,
    PLAIN,
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

from acrn_cmdline.lint import RULES
from acrn_conformance.cases import DIALECTS, KATA_1
from acrn_conformance.invariants import kata_lint

ACCEPTED: Final = [
    Row("acpi-option-ignored", option("-A"), "v3.0-master", 0, option("-Y")),
    Row("option-ignored", option("-Y"), "v3.0-master", 0, option("-A")),
    Row("option-ignored", option("--part_info", "/x"), "v3.0-master", 1, option("--ovmf", "/x")),
    Row(
        "option-obsolete",
        option("--pm_notify_channel", "ioc"),
        "v3.0-master",
        1,
        option("--virtio_poll", "1"),
    ),
    Row("option-repeated", ("-m", "1G", *PLAIN), ALL, 1, ("-m", "512M", *PLAIN)),
    Row("option-abbreviated", option("--virtio_msi"), "v1.0-v2.7", 0, option("--virtio_msix")),
    Row("typographic-character", named("\u2013vm1"), ALL, len(PLAIN) - 1, named("\u00e9")),
    Row("typographic-character", option("-B", "\u201cquiet"), ALL, 1, option("-B", '"quiet"')),
    Row("typographic-character", option("-B", "a\u00a0b"), ALL, 1, option("-B", "a b")),
    Row("value-looks-like-option", option("-B", "-A"), ALL, 1, option("-B-A")),
    Row("blank-in-front-of-value", ("-m 1G", *PLAIN[2:]), ALL, 0, ("-m1G", *PLAIN[2:])),
    Row(
        "cpu-affinity-range",
        option("--cpu_affinity", "0-1"),
        "v3.0-master",
        1,
        option("--cpu_affinity", "0,1"),
    ),
    Row("cpu-affinity-ids", option("--cpu_affinity", "0,1"), "v3.0-master", 1, PLAIN),
    Row("bootargs-cut", option("-B", 1025 * "b"), "v1.1-master", 1, option("-B", 1024 * "b")),
    Row(
        "uuid-unknown",
        option("-U", "00000000-0000-0000-0000-000000000000"),
        "v1.0-v2.6",
        1,
        option("-U", "D2795438-25D6-11E8-864E-CB7A18B34643"),
    ),
    Row("exit-0-on-failure", device("virtio-blk,nodisk"), "v1.0", 1, IMAGE),
    Row("memory-junk", memory("512MB"), ALL, 1, memory("512M")),
    Row("memory-octal", memory("01000M"), ALL, 1, memory("0x200M")),
    Row("memory-negative", memory("-1M"), ALL, 1, memory("1024M")),
    Row("name-unreachable", named("vm.1"), ALL, 6, named("vm-1")),
    Row("name-unreachable", named(73 * "n"), ALL, 6, named(72 * "n")),
    Row("name-odd", named(""), ALL, 6, named("_")),
    Row("name-odd", named("a;b"), ALL, 6, named("a-b")),
    Row("slot-junk", ("-s", "9x,dummy", *PLAIN), ALL, 1, ("-s", "9/1,dummy", *PLAIN)),
    Row("slot-junk", ("-s", "0:9:0:0,dummy", *PLAIN), ALL, 1, ("-s", "0:9:0,dummy", *PLAIN)),
    Row("slot-0-not-hostbridge", ("-k", "/k", "vm1"), ALL, None, PLAIN),
    Row("slot-0-not-hostbridge", ("-s", "0,dummy", "-k", "/k", "vm1"), ALL, 1, PLAIN),
    Row("lpc-port-unused", option("-lcom1"), ALL, 0, (*device("lpc"), "-lcom1")),
    Row("lpc-without-port", device("lpc"), ALL, 1, (*device("lpc"), "-lcom1")),
    Row("lpc-port-repeated", option("-lcom1", "-lCOM1,stdio"), ALL, 0, option("-lcom1", "-lcom2")),
    Row("socket-path-cut", socket(LONG_SOCKET), "v1.2-master", 1, socket(LONG_SOCKET[:-1])),
    Row("role-in-path", socket("/a:server"), "v1.0", 1, socket("/a:b")),
    Row("console-port-unnamed", device("virtio-console,pty"), "v1.0", 1, device("dummy")),
    Row("console-path-unused", device("virtio-console,pty:c=/x"), ALL, 1, socket("/x")),
    Row(
        "placeholder-by-accident",
        device("virtio-blk,/a/nodisk/b"),
        "v1.1-master",
        1,
        device("virtio-blk,nodisk,ro"),
    ),
    Row(
        "placeholder-out-of-reach",
        ("-s", "9:1,virtio-blk,nodisk", *PLAIN),
        "v1.1-master",
        1,
        device("virtio-blk,nodisk"),
    ),
    Row(
        "tap-not-opened",
        device("virtio-net,tap0"),
        "v3.0-master",
        1,
        device("virtio-net,tap=tap0"),
    ),
    Row(
        "tap-not-opened",
        device("virtio-net,my_tap"),
        "v1.0-v2.0, v3.0-master",
        1,
        device("virtio-net,tap=my"),
    ),
    Row("tap-not-opened", device("virtio-net,eth0"), ALL, 1, device("virtio-net,tap=eth0")),
    Row(
        "tap-key-in-name",
        device("virtio-net,tap=tap0"),
        "v1.0-v2.7",
        1,
        device("virtio-net,tap0"),
    ),
    Row("net-key-unknown", device("virtio-net,tap0,x=1"), ALL, 1, device("virtio-net,tap0,vhost")),
    Row(
        "socket-path-shared",
        ("-s", "8,virtio-blk,/x", *socket("/x")),
        ALL,
        3,
        ("-s", "8,virtio-blk,/y", *socket("/x")),
    ),
]

TAP: Final = "virtio-net,tap=tap0"
VUART: Final = ("--pm_notify_channel", "uart", "--pm_by_vuart", "pty,/run/x")

TRAPS: Final = [
    Row(
        "mac-seed-unread",
        option("--mac_seed", "x"),
        "v3.0-master",
        0,
        device(f"{TAP},mac_seed=x"),
    ),
    Row(
        "net-seed-unread",
        device("virtio-net,tap0,mac_seed=x"),
        ALL,
        1,
        device("virtio-net,tap0,mac=02:0:0:0:0:1"),
    ),
    Row("net-seed-unread", device(f"{TAP},mac_seed=x"), "v1.0-v2.7", 1, device(TAP)),
    Row("net-seed-unread", device(f"{TAP},vhost,mac_seed=x"), ALL, 1, device(f"{TAP},vhost")),
    Row("mac-by-slot", device(TAP), ALL, 1, device(f"{TAP},mac=02:0:0:0:0:1")),
    Row(
        "mac-by-slot",
        ("--mac_seed", "x", *device(TAP)),
        "v3.0-master",
        3,
        ("--mac_seed", "x", *device(f"{TAP},mac_seed=x")),
    ),
    Row(
        "lapic-without-real-time",
        option("--lapic_pt"),
        "v3.0-master",
        0,
        option("--lapic_pt", "--rtvm"),
    ),
    Row(
        "notify-channel-unknown",
        option("--pm_notify_channel", "bell"),
        "v1.3-v2.4",
        1,
        option("--pm_notify_channel", "ioc"),
    ),
    Row("vuart-without-channel", option(*VUART[2:]), "v1.3-v2.7", 1, option(*VUART)),
    Row(
        "vuart-without-port",
        option(*VUART, "-l", "com2,/run/y"),
        "v1.3-v2.7",
        3,
        option(*VUART, "-l", "com2,/run/x"),
    ),
    Row(
        "logger-unknown",
        option("--logger_setting", "CONSOLE,level=4"),
        "v1.1-master",
        1,
        option("--logger_setting", "console,level=4;kmsg,level=3"),
    ),
    Row(
        "logger-unknown",
        option("--logger_setting", "disk,level=4"),
        "v1.1",
        1,
        option("--logger_setting", "kmsg,level=4"),
    ),
    Row(
        "cpu-list-cut",
        option("--cpu_affinity", "0, 1"),
        "v1.6.1-master",
        1,
        option("--cpu_affinity", "0,1,"),
    ),
    Row(
        "mmio-device-unread",
        option("--mmiodev_pt", "tpm"),
        "v2.5-master",
        1,
        option("--mmiodev_pt", "0xfed40000,0x5000"),
    ),
    Row("tpm-without-socket", option("--vtpm2", "/s"), ALL, 1, option("--vtpm2", "sock_path=/s")),
    Row(
        "boot-flag-unused",
        device("virtio-blk,b,/x"),
        ALL,
        1,
        device("virtio-blk,/b,ro"),
    ),
    Row(
        "boot-flag-unused",
        ("--vsbl", "/v", *device("virtio-blk,b,/x")),
        "v3.0-master",
        3,
        device("virtio-blk,/x"),
    ),
    Row(
        "console-ports-lost",
        device("virtio-console,@pty:a,pty:b"),
        "v1.1",
        1,
        device("virtio-console,@pty:a"),
    ),
    Row("image-not-booted", option("--ovmf", "/o"), ALL, 7, PLAIN),
    Row("image-not-booted", option("--vsbl", "/v"), "v1.0-v2.7", 7, option("-r", "/r")),
    Row(
        "passthrough-option-unread",
        device("passthru,0/2/0,gpu"),
        "v1.0-v1.5, v2.7-master",
        1,
        device("passthru,0/2/0,keep_gsi"),
    ),
    Row(
        "passthrough-option-unread",
        device("passthru,0/3/0,d3hot_reset"),
        "v1.0-v2.0",
        1,
        device("passthru,0/3/0"),
    ),
]

KATA: Final = [
    Row("kata-reserved-slot", ("-s", "2,dummy", *PLAIN), ALL, 1, ("-s", "2,pci-gvt", *PLAIN)),
    Row("kata-slot-shared", ("-s", "3,dummy", "-s", "3:1,dummy"), ALL, 3, ("-s", "3,dummy")),
    Row("kata-place", ("-s", "0:3:0,dummy", *PLAIN), ALL, 1, ("-s", "3:0,dummy", *PLAIN)),
    Row(
        "kata-console-backend",
        device("virtio-console,@stdio:c"),
        ALL,
        1,
        device("virtio-console,@pty:c"),
    ),
    Row(
        "kata-block-table",
        [word for n in range(3, 11) for word in ("-s", f"{n},virtio-blk,nodisk")],
        "v1.1-master",
        15,
        [word for n in range(3, 10) for word in ("-s", f"{n},virtio-blk,nodisk")],
    ),
]


@pytest.mark.parametrize("row", ACCEPTED + TRAPS, ids=lambda row: row.rule)
def test_a_rule_finds_its_fault_in_its_releases_and_no_near_miss(row: Row) -> None:
    """An argv that trips the rule is marked at its token, and one that nearly does is let be."""
    findings = found(judge(row.trips), row.rule)
    assert concerned(findings) == row.releases
    assert {finding.token for finding in findings} == {row.token}
    near = found(judge(row.near_miss), row.rule)
    assert concerned(near) in {"", "v1.0"} if row.rule == "tap-not-opened" else not near


@pytest.mark.parametrize("row", KATA, ids=lambda row: row.rule)
def test_a_rule_of_kata_speaks_only_in_its_profile(row: Row) -> None:
    """The profile kata adds its rules, and the profile acrn has none of them."""
    findings = found(judge(row.trips, rules=(*RULES, *kata_lint.rules(KATA_1))), row.rule)
    assert concerned(findings) == row.releases
    assert {finding.token for finding in findings} == {row.token}
    assert not found(judge(row.near_miss, rules=(*RULES, *kata_lint.rules(KATA_1))), row.rule)
    assert not found(judge(row.trips), row.rule)


@pytest.mark.parametrize(
    ("dialect", "argv", "rule", "token"),
    [
        ("kata-1", ("--cpu_affinity", "0", "sandbox-a"), "kata-option", 0),
        ("kata-3", ("-U", "u", "sbx-a"), "kata-option", 0),
        ("acrn-3", ("-A", "sbx-a"), "kata-option", 0),
        ("kata-3", ("-s", "3,dummy", "sandbox-a"), "kata-name", 2),
        ("kata-1", ("-s", "3,dummy", "sbx-a"), "kata-name", 2),
    ],
)
def test_the_profile_kata_knows_the_dialect(
    dialect: str, argv: tuple[str, ...], rule: str, token: int
) -> None:
    """An option, and a name, that another dialect's arch layer writes is one of its own nowhere."""
    for name, each in DIALECTS.items():
        findings = found(judge(argv, rules=kata_lint.rules(each)), rule)
        marked = {finding.token for finding in findings}
        assert marked == ({token} if name == dialect else marked & {token})


OF_A_DIALECT: Final = {"kata-option", "kata-name"}
OF_THE_MACHINE: Final = {"path-relative", "socket-path-exists"}


def test_every_rule_has_an_argv_that_trips_it() -> None:
    """No rule goes untried; those of machine and dialect are tried elsewhere."""
    tried = {row.rule for row in (*ACCEPTED, *TRAPS, *KATA)} | OF_THE_MACHINE | OF_A_DIALECT
    assert {rule.id for rule in (*RULES, *kata_lint.rules(KATA_1))} == tried
