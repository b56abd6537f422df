"""Every rule of lint: an argv that trips it in the releases that it concerns, and a near miss."""

import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acrn_cmdline import lint
from acrn_cmdline.lint import (
    REFUSALS,
    RULES,
    Finding,
    Judgement,
    Refusal,
    Rule,
    Severity,
    ranges,
)
from acrn_conformance.invariants.kata_lint import RULES as KATA_RULES
from acrn_dm import RECORDING, RELEASES, Entry, FaultKind, Host, Kind, parse

PLAIN: Final = ("-m", "512M", "-s", "0:0,hostbridge", "-k", "/vmlinux", "vm1")
UUID: Final = "a7ada506-1ab0-4b6b-a0da-e513ca9b8c2f"
ALL: Final = "v1.0-v3.3"


def device(config: str) -> tuple[str, ...]:
    return ("-s", f"9,{config}", *PLAIN)


def option(*words: str) -> tuple[str, ...]:
    return (*words, *PLAIN)


def named(*names: str) -> tuple[str, ...]:
    return (*PLAIN[:-1], *names)


def memory(size: str) -> tuple[str, ...]:
    return ("-m", size, *PLAIN[2:])


def socket(path: str) -> tuple[str, ...]:
    return device(f"virtio-console,@socket:c={path}")


class Row(NamedTuple):
    """A rule, an argv that trips it, where, at which token, and an argv that nearly does."""

    rule: str
    trips: Sequence[str]
    releases: str
    token: int | None
    near_miss: Sequence[str]


LONG_SOCKET: Final = "/" + 107 * "s"
IMAGE: Final = device("virtio-blk,/disk.img")

REFUSED: Final = [
    Row("help-or-version", option("-h"), ALL, 0, option("-A")),
    Row("option-not-in-release", option("-U", UUID), "v2.7-v3.3", 1, option("-A")),
    Row("option-not-in-release", option("-c", "1"), "v1.4-v3.3", 0, option("-v")),
    Row("option-not-in-release", option("-W"), "v3.0-v3.3", 0, option("-Y")),
    Row("option-not-in-release", option("--psram"), "v1.0-v2.0, v2.5-v3.3", 0, option("--rtvm")),
    Row("option-not-in-release", option("--iasl=/x"), "v1.0-v3.0", 0, option("--ovmf=/x")),
    Row("option-ambiguous", option("--v"), ALL, 0, option("--ver")),
    Row("option-argument", (*PLAIN, "-k"), ALL, 7, (*PLAIN, "-k", "/x")),
    Row("option-argument", option("--rtvm=1"), ALL, 0, option("--rtvm")),
    Row("option-unknown", option("-z"), ALL, 0, option("-A")),
    Row("option-unknown", option("--no-such"), ALL, 0, option("--rtvm")),
    Row("name-count", PLAIN[:-1], ALL, None, PLAIN),
    Row("name-count", named("vm1", "vm2"), ALL, 7, named("vm1")),
    Row("name-too-long", named(16 * "n"), "v2.7-v3.3", 6, named(15 * "n")),
    Row("name-too-long", named(72 * "n"), "v1.0, v2.7-v3.3", 6, named(15 * "n")),
    Row("name-too-long", named(8 * "\xe9"), "v2.7-v3.3", 6, named(7 * "\xe9")),
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
    Row("emulation-not-in-release", device("ivshmem,dm:/a,2"), "v1.0-v1.6", 1, device("dummy")),
    Row("emulation-unknown", device("virtio-bulk,/x"), ALL, 1, device("virtio-blk,/x")),
    Row("emulation-obsolete", device("pci-gvt"), "v3.0-v3.3", 1, device("dummy")),
    Row("option-value", option("--virtio_poll", "0"), ALL, 1, option("--virtio_poll", "1")),
    Row("uuid-form", option("-U", UUID + "0"), "v1.0-v2.5", 1, option("-U", UUID.upper())),
    Row("memory-unaligned", memory("513M"), "v3.0-v3.3", 1, memory("514M")),
    Row("vcpu-count", option("-c", "0"), "v1.0-v1.2", 1, option("-c", "1")),
    Row("name-slash", named("a/b"), ALL, 6, named("a_b")),
    Row("name-socket", named(92 * "n"), "v1.2-v2.5", 6, named(91 * "n")),
    Row(
        "pm-channel-without-vuart",
        option("--pm_notify_channel", "uart"),
        "v1.4-v3.3",
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
    Row("lpc-place", ("-s", "1:9:0,lpc", *PLAIN), ALL, 1, ("-s", "0:9:0,lpc", *PLAIN)),
    Row("comma-in-path", socket("/run/a,b"), ALL, 1, socket("/run/a;b")),
    Row("comma-in-path", device("virtio-blk,/a,b.img"), ALL, 1, device("virtio-blk,/a_b.img")),
    Row("console-backend", device("virtio-console,@"), ALL, 1, device("virtio-console,@pty:c")),
    Row("console-port-name", device("virtio-console,pty"), "v1.2-v3.3", 1, device("dummy")),
    Row("console-path", socket(""), ALL, 1, socket("/s")),
    Row("console-path", socket(LONG_SOCKET), "v1.0", 1, socket(LONG_SOCKET[:-1])),
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
    Row("shared-memory", device("ivshmem,dm:/a,3"), "v2.0-v3.3", 1, device("dummy")),
    Row("device-arguments", device("passthru"), ALL, 1, device("passthru,3/0/0")),
    Row("host-lacks", device("passthru,3/0/0"), ALL, 1, device("dummy")),
]

ACCEPTED: Final = [
    Row("acpi-option-ignored", option("-A"), "v3.0-v3.3", 0, option("-Y")),
    Row("option-ignored", option("-Y"), "v3.0-v3.3", 0, option("-A")),
    Row("option-ignored", option("--part_info", "/x"), "v3.0-v3.3", 1, option("--ovmf", "/x")),
    Row(
        "option-obsolete",
        option("--pm_notify_channel", "ioc"),
        "v3.0-v3.3",
        1,
        option("--virtio_poll", "1"),
    ),
    Row("option-repeated", ("-m", "1G", *PLAIN), ALL, 1, ("-m", "512M", *PLAIN)),
    Row("option-abbreviated", option("--virtio_msi"), "v1.0-v2.7", 0, option("--virtio_msix")),
    Row("value-looks-like-option", option("-B", "-A"), ALL, 1, option("-B-A")),
    Row("blank-in-front-of-value", ("-m 1G", *PLAIN[2:]), ALL, 0, ("-m1G", *PLAIN[2:])),
    Row(
        "cpu-affinity-range",
        option("--cpu_affinity", "0-1"),
        "v3.0-v3.3",
        1,
        option("--cpu_affinity", "0,1"),
    ),
    Row("cpu-affinity-ids", option("--cpu_affinity", "0,1"), "v3.0-v3.3", 1, PLAIN),
    Row("bootargs-cut", option("-B", 1025 * "b"), "v1.2-v3.3", 1, option("-B", 1024 * "b")),
    Row(
        "uuid-unknown",
        option("-U", "00000000-0000-0000-0000-000000000000"),
        "v1.0-v2.5",
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
    Row("socket-path-cut", socket(LONG_SOCKET), "v1.2-v3.3", 1, socket(LONG_SOCKET[:-1])),
    Row("colon-in-path", socket("/a:b"), "v1.2-v3.3", 1, socket("/a:server")),
    Row("role-in-path", socket("/a:server"), "v1.0", 1, socket("/a:b")),
    Row("console-port-unnamed", device("virtio-console,pty"), "v1.0", 1, device("dummy")),
    Row("console-path-unused", device("virtio-console,pty:c=/x"), ALL, 1, socket("/x")),
    Row(
        "placeholder-by-accident",
        device("virtio-blk,/a/nodisk/b"),
        "v1.2-v3.3",
        1,
        device("virtio-blk,nodisk,ro"),
    ),
    Row(
        "placeholder-out-of-reach",
        ("-s", "9:1,virtio-blk,nodisk", *PLAIN),
        "v1.2-v3.3",
        1,
        device("virtio-blk,nodisk"),
    ),
    Row(
        "tap-not-opened",
        device("virtio-net,tap0"),
        "v3.0-v3.3",
        1,
        device("virtio-net,tap=tap0"),
    ),
    Row(
        "tap-not-opened",
        device("virtio-net,my_tap"),
        "v1.0-v2.0, v3.0-v3.3",
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
        "v1.2-v3.3",
        15,
        [word for n in range(3, 10) for word in ("-s", f"{n},virtio-blk,nodisk")],
    ),
]


def judge(
    argv: Sequence[str],
    releases: Sequence[str] = RELEASES,
    host: Host = RECORDING,
    rules: Sequence[Rule] = RULES,
) -> Judgement:
    return lint.judge(argv, host, releases, rules)


def found(judgement: Judgement, rule: str) -> list[Finding]:
    return [finding for finding in judgement.findings if finding.rule == rule]


def concerned(findings: list[Finding]) -> str:
    return ranges({release for finding in findings for release in finding.releases})


@pytest.mark.parametrize("row", REFUSED + ACCEPTED, ids=lambda row: row.rule)
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
    findings = found(judge(row.trips, rules=(*RULES, *KATA_RULES)), row.rule)
    assert concerned(findings) == row.releases
    assert {finding.token for finding in findings} == {row.token}
    assert not found(judge(row.near_miss, rules=(*RULES, *KATA_RULES)), row.rule)
    assert not found(judge(row.trips), row.rule)


def test_a_socket_on_a_file_of_the_machine_is_found_where_the_machine_is_known() -> None:
    """acrn-dm unlinks what is there; the host of the recordings has a file everywhere."""
    host = replace(RECORDING, entry=lambda path: Entry(Kind.FILE if path == "/x" else Kind.OTHER))
    assert found(judge(socket("/x"), host=host), "socket-path-exists")
    assert not found(judge(socket("/y"), host=host), "socket-path-exists")
    assert not found(judge(socket("/x")), "socket-path-exists")


def test_a_relative_path_is_found_where_there_is_such_a_file() -> None:
    """Where the file is there, acrn-dm's own working directory may still be another."""
    host = replace(RECORDING, entry=lambda _: Entry(Kind.FILE, 512), folder=lambda _: True)
    for argv in (device("virtio-blk,x.img"), socket("run/s"), option("-r", "initrd")):
        assert concerned(found(judge(argv, host=host), "path-relative")) == ALL
        assert not found(judge(argv), "path-relative")
    assert not found(judge(device("virtio-blk,/x.img"), host=host), "path-relative")


EVERY: Final[Sequence[Rule | Refusal]] = (*REFUSALS.values(), *RULES, *KATA_RULES)
OF_THE_MACHINE: Final = {"path-relative", "socket-path-exists"}


def test_every_rule_has_an_argv_that_trips_it() -> None:
    """No rule goes untried, each kind of fault has one, and no id stands twice."""
    ids = [rule.id for rule in EVERY]
    tried = {row.rule for row in (*REFUSED, *ACCEPTED, *KATA)} | OF_THE_MACHINE
    assert set(ids) == tried
    assert set(REFUSALS) == set(FaultKind)
    assert len(ids) == len(set(ids))


def test_all_faults_of_a_release_are_found_not_only_the_first() -> None:
    """A fault is put right and reading goes on; the verdict is that on the argv as given."""
    argv = ("-z", "-U", UUID, "-m", "1", "-s", "99,lpc", "-s", "4,virtio-console,@", 20 * "n")
    judgement = judge(argv, ["v3.3"])
    refused = [f.rule for f in judgement.findings if f.severity is Severity.REFUSED]
    assert refused == [
        "option-unknown",
        "option-not-in-release",
        "memory-without-suffix",
        "slot-syntax",
        "console-backend",
        "name-too-long",
    ]
    assert judgement.outcomes["v3.3"].message == "acrn-dm: invalid option -- 'z'"


def test_no_fault_is_told_that_only_follows_from_another() -> None:
    """A kernel that is missing is one fault; that nothing is left to boot is none besides."""
    judgement = judge(("-k", "vmlinux", "vm1"))
    assert found(judgement, "image-missing")
    assert not found(judgement, "no-guest-image")


def test_a_plain_command_line_is_clean() -> None:
    """Nothing is found where nothing is wrong."""
    judgement = judge(PLAIN)
    assert judgement.findings == ()
    assert not judgement.refused


def test_one_line_of_kata_meets_all_that_its_users_met() -> None:
    """-U, the name, and the tap from v3.0 on: what became of a kata 1.x argv."""
    name = "sandbox-" + 64 * "a"
    tap = ("-s", "3,virtio-net,tap0_kata,mac=02:42:ac:11:00:02")
    judgement = judge(("-U", UUID, "-A", *tap, *PLAIN[:-1], name), rules=(*RULES, *KATA_RULES))
    assert {f.rule for f in judgement.findings} == {
        "option-not-in-release",
        "name-too-long",
        "acpi-option-ignored",
        "tap-not-opened",
    }
    accepting = [r for r, outcome in judgement.outcomes.items() if outcome.accepted]
    assert ranges(accepting) == "v1.2-v2.5"


def test_only_the_releases_asked_for_are_judged() -> None:
    """A finding concerns none but these, and ids mean one thing where one kind is asked for."""
    judgement = judge(option("-A", "--cpu_affinity", "0,1"), ["v3.0", "v3.3"])
    assert list(judgement.outcomes) == ["v3.0", "v3.3"]
    assert found(judgement, "acpi-option-ignored")[0].releases == ("v3.0", "v3.3")
    assert not found(judgement, "cpu-affinity-ids")


def test_the_ids_of_rules_do_not_change() -> None:
    """Ids are lower-case words with hyphens, and every rule has a fact and a remedy."""
    for rule in EVERY:
        assert rule.id.replace("-", "").isalnum()
        assert rule.id == rule.id.lower()
        assert rule.fact.endswith(".")
        assert rule.remedy


def test_ranges_join_neighbours() -> None:
    """Neighbours are the next of the twelve."""
    assert ranges(RELEASES) == "v1.0-v3.3"
    assert ranges({"v3.3", "v3.2", "v1.0", "v2.7"}) == "v1.0, v2.7, v3.2-v3.3"
    assert ranges(()) == ""


WORDS: Final = """
    -A -U -m -s -l -k -c -B -AU -hz -m512M -- - --v --uuid --ssram --vsbl=/x 512M 1 vm a.b /k
    1,lpc com1,stdio 2,virtio-blk,nodisk 3,virtio-console,@stdio:a,pty 4,virtio-net,x
    5:1,passthru,0/2/0
"""
PIECES: Final = st.sampled_from(WORDS.split())


@given(st.lists(PIECES | st.text(max_size=8), max_size=14), st.sampled_from(((), KATA_RULES)))
def test_any_argv_gets_a_judgement(argv: list[str], more: Sequence[Rule]) -> None:
    """No argv crashes a rule; refusals agree with the model, and tokens are those of the argv."""
    judgement = judge(argv, rules=(*RULES, *more))
    for release, outcome in judgement.outcomes.items():
        assert outcome.accepted == parse(argv, release, RECORDING).accepted
        refused = [
            finding
            for finding in judgement.findings
            if finding.severity is Severity.REFUSED and release in finding.releases
        ]
        assert bool(refused) != outcome.accepted
    for finding in judgement.findings:
        assert finding.token is None or 0 <= finding.token < len(argv)
        assert finding.releases


@pytest.mark.parametrize(
    "argv",
    [
        100_000 * ["-A"],
        100_000 * ["-z"],
        50_000 * ["-s", "3,virtio-net,tap0"],
        [*(25_000 * ["-m", "512M"]), *(50_000 * ["--rtvm"])],
        ["-s", "3,virtio-console," + 100_000 * "a,"],
    ],
    ids=["flags", "unknown", "one-slot", "repeated", "ports"],
)
def test_a_hundred_thousand_tokens_get_a_verdict(argv: list[str]) -> None:
    """However many there are, all of them are told, in one pass."""
    judgement = judge(argv, ["v1.0", "v3.3"])
    assert judgement.refused
    assert judgement.findings


def recorded(recordings: Path) -> Iterator[tuple[list[str], dict[str, Any]]]:
    """Yield all recorded argvs with what each release made of them."""
    text = (recordings / "launch-lines.jsonl").read_text("utf-8")
    text += gzip.decompress((recordings / "dm-acceptance.jsonl.gz").read_bytes()).decode()
    for line in filter(None, text.split("\n")):
        entry = json.loads(line)
        yield entry["argv"], entry["dm"]


@pytest.mark.slow
def test_recorded_argvs_are_refused_where_they_were(recordings: Path) -> None:
    """No rule crashes on launch lines and odd argvs, and refused is as twelve releases had it."""
    for argv, stages in recorded(recordings):
        judgement = judge(argv, rules=(*RULES, *KATA_RULES))
        for release, outcome in judgement.outcomes.items():
            stage = stages[release]["stage"]
            if stage != "crash":
                assert outcome.accepted == (stage in {"ok", "load"}), (argv, release)
