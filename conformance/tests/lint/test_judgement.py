"""Judging an argv by all releases and rules: what is told, of whom, and nothing left out."""

import gzip
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lint_rows import (
    ALL,
    PLAIN,
    UUID,
    concerned,
    device,
    found,
    judge,
    option,
    socket,
)

from acrn_cmdline.lint import REFUSALS, RULES, Refusal, Rule, Severity, ranges
from acrn_cmdline.lint.refusals import message
from acrn_conformance.cases import KATA_1
from acrn_conformance.invariants import kata_lint
from acrn_dm import NAMED, RECORDING, RELEASES, Entry, Kind, Need, NeedKind, parse, read

pytestmark = pytest.mark.unmeasured


def test_a_socket_on_a_file_of_the_machine_is_found_where_the_machine_is_known() -> None:
    """acrn-dm unlinks what is there; the host of the recordings has a file everywhere."""
    host = RECORDING._replace(entry=lambda path: Entry(Kind.FILE if path == "/x" else Kind.OTHER))
    assert found(judge(socket("/x"), host=host), "socket-path-exists")
    assert not found(judge(socket("/y"), host=host), "socket-path-exists")
    assert not found(judge(socket("/x")), "socket-path-exists")


def test_a_relative_path_is_found_where_there_is_such_a_file() -> None:
    """Where the file is there, acrn-dm's own working directory may still be another."""
    host = RECORDING._replace(entry=lambda _: Entry(Kind.FILE, 512), folder=lambda _: True)
    for argv in (device("virtio-blk,x.img"), socket("run/s"), option("-r", "initrd")):
        assert concerned(found(judge(argv, host=host), "path-relative")) == ALL
        assert not found(judge(argv), "path-relative")
    assert not found(judge(device("virtio-blk,/x.img"), host=host), "path-relative")


EVERY: Final[Sequence[Rule | Refusal]] = (*REFUSALS.values(), *RULES, *kata_lint.rules(KATA_1))


def test_all_faults_of_a_release_are_found_not_only_the_first() -> None:
    """A fault is put right and reading goes on; the verdict is that on the argv as given."""
    argv = (
        "--cpu_affinity",
        "0",
        "-z",
        "-U",
        UUID,
        "-m",
        "1",
        "-s",
        "99,lpc",
        "-s",
        "4,virtio-console,@",
        20 * "n",
    )
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
    judgement = judge((*PLAIN, "--cpu_affinity", "0,1"), releases_that_name_processors())
    assert judgement.findings == ()
    assert not judgement.refused


def releases_that_name_processors() -> list[str]:
    """Return one kind of them: ids of processors mean one thing there."""
    return list(RELEASES[RELEASES.index("v3.0") :])


def test_one_line_of_kata_meets_all_that_its_users_met() -> None:
    """-U, the name, and the tap from v3.0 on: what became of a kata 1.x argv."""
    name = "sandbox-" + 64 * "a"
    tap = ("-s", "3,virtio-net,tap0_kata,mac=02:42:ac:11:00:02")
    judgement = judge(
        ("-U", UUID, "-A", *tap, *PLAIN[:-1], name), rules=(*RULES, *kata_lint.rules(KATA_1))
    )
    assert {f.rule for f in judgement.findings} == {
        "no-cpus",
        "option-not-in-release",
        "name-too-long",
        "acpi-option-ignored",
        "tap-not-opened",
    }
    accepting = [r for r, outcome in judgement.outcomes.items() if outcome.accepted]
    assert ranges(accepting) == "v1.1-v2.6"


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
    """Neighbours are the next of those recorded."""
    assert ranges(RELEASES) == "v1.0-master"
    assert ranges({"master", "v3.3", "v3.2", "v1.0", "v2.7"}) == "v1.0, v2.7, v3.2-master"
    assert ranges(()) == ""


WORDS: Final = """
    -A -U -m -s -l -k -c -B -AU -hz -m512M -- - --v --uuid --ssram --vsbl=/x 512M 1 vm a.b /k
    1,lpc com1,stdio 2,virtio-blk,nodisk 3,virtio-console,@stdio:a,pty 4,virtio-net,x
    5:1,passthru,0/2/0
"""
PIECES: Final = st.sampled_from(WORDS.split())


@given(
    st.lists(PIECES | st.text(max_size=8), max_size=14),
    st.sampled_from(((), kata_lint.rules(KATA_1))),
)
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


Told = set[tuple[str, int | None, str]]


def told_together(argv: Sequence[str]) -> dict[str, Told]:
    """Return what is told of each release where all are judged together."""
    rules = [rule for rule in RULES if not rule.contrast]
    findings = judge(argv, rules=rules).findings
    return {
        release: {(f.rule, f.token, f.message) for f in findings if release in f.releases}
        for release in RELEASES
    }


def told_alone(argv: Sequence[str]) -> dict[str, Told]:
    """Return the same of readings of one release each, which share nothing."""
    found: dict[str, Told] = {}
    for release in RELEASES:
        reading = read(argv, release, RECORDING)
        faults = {(each.kind.value, each.token, message(each)) for each in reading.faults}
        hits = {
            (rule.id, hit.token, hit.message)
            for rule in RULES
            if not rule.contrast
            for hit in rule.check(reading)
        }
        found[release] = faults | hits
    return found


@given(st.lists(PIECES | st.text(max_size=8), max_size=14))
def test_releases_judged_together_are_judged_as_each_alone(argv: list[str]) -> None:
    """Those that read an argv alike share a reading; none is taken for another."""
    argv = [word for word in argv if word.isascii()]  # what a pasted character hides is no matter
    assert told_together(argv) == told_alone(argv)


def test_recorded_argvs_are_judged_together_as_each_alone(recordings: Path) -> None:
    """The same of argvs that touch every table: one in twenty of those recorded."""
    argvs = [argv for argv, _ in recorded(recordings) if "".join(argv).isascii()]
    for argv in argvs[::20]:
        assert told_together(argv) == told_alone(argv)


@pytest.mark.parametrize(
    "argv",
    [
        20_000 * ["-A"],
        20_000 * ["-z"],
        10_000 * ["-s", "3,virtio-net,tap0"],
        [*(5_000 * ["-m", "512M"]), *(10_000 * ["--rtvm"])],
        ["-s", "3,virtio-console," + 20_000 * "a,"],
    ],
    ids=["flags", "unknown", "one-slot", "repeated", "ports"],
)
def test_twenty_thousand_tokens_get_a_verdict(argv: list[str]) -> None:
    """However many there are, all of them are told, in one pass."""
    judgement = judge(argv, ["v1.0", "v3.3"])
    assert judgement.refused
    assert judgement.findings


def recorded(recordings: Path) -> Iterator[tuple[list[str], dict[str, Any]]]:
    """Yield all recorded argvs with what each release made of them."""
    text = (recordings / "launch-lines-2.jsonl").read_text("utf-8")
    text += gzip.decompress((recordings / "dm-acceptance-2.jsonl.gz").read_bytes()).decode()
    for line in filter(None, text.split("\n")):
        entry = json.loads(line)
        yield entry["argv"], entry["dm"]


@pytest.mark.slow
def test_recorded_argvs_are_refused_where_they_were(recordings: Path) -> None:
    """No rule crashes on launch lines and odd argvs, and refused is as the releases had it.

    An argv is judged for every seventh release, and the next from the one that follows. (All are
    held against all in the tests of the model, which gives lint its verdicts.)
    """
    differing = 0
    for number, (argv, stages) in enumerate(recorded(recordings)):
        rules = (*RULES, *kata_lint.rules(KATA_1))
        judgement = judge(argv, RELEASES[number % 7 :: 7], rules=rules)
        for release, outcome in judgement.outcomes.items():
            stage = stages[release]["stage"]
            if stage != "crash" and stages[release]["exit"] is not None:
                differing += outcome.accepted != (stage in {"ok", "load"})
    assert differing < 6


def test_what_the_line_names_is_a_need_and_no_refusal() -> None:
    """The same line is taken where all is there that it names, and refused where it is not."""
    argv = option("-s", "4,passthru,02/00/0", "-s", "5,xhci,1-2", "-s", "6,virtio-blk,./a.img")
    named_there = judge(argv, ["v2.6"], NAMED)
    assert not named_there.refused
    assert [(each.need.kind, each.need.name, each.token) for each in named_there.needs] == [
        (NeedKind.PCI, "02:00.0", 1),
        (NeedKind.USB, "1-2", 3),
        (NeedKind.DISK, "./a.img", 5),
        (NeedKind.IMAGE, "/vmlinux", 11),
    ]
    looked_for = judge(argv, ["v2.6"], RECORDING)
    assert looked_for.needs == ()
    refused = [f.rule for f in looked_for.findings if f.severity is Severity.REFUSED]
    assert refused == ["host-lacks", "host-lacks", "disk-missing"]


def test_a_need_is_told_once_with_the_releases_that_have_it() -> None:
    """A disk that two devices name, and a firmware variable store that only some releases know."""
    disks = ("-s", "8,virtio-blk,/x", *device("virtio-blk,/x"))
    needs = [each for each in judge(disks, host=NAMED).needs if each.need.kind is NeedKind.DISK]
    assert [(each.need.name, ranges(each.releases)) for each in needs] == [("/x", ALL)]
    parts = judge(("--ovmf", "code=/c,vars=/v", "vm"), host=NAMED).needs
    variables = [each for each in parts if each.need.kind is NeedKind.VARIABLES]
    assert [ranges(each.releases) for each in variables] == ["v2.3-master"]


def test_a_terminal_that_acrn_dm_makes_itself_is_no_need() -> None:
    """The pty of the life-cycle channel is there when the LPC looks for it."""
    vuart = ("--pm_notify_channel", "uart", "--pm_by_vuart", "pty,/run/x")
    argv = option(*vuart, "-s", "1:0,lpc", "-l", "com2,/run/x")
    judgement = judge(argv, ["v2.6"], NAMED)
    assert not judgement.refused
    assert {each.need.kind for each in judgement.needs} == {NeedKind.PLACE, NeedKind.IMAGE}
    assert not judge(argv, ["v2.6"], RECORDING).refused


def test_a_tap_is_a_need_where_one_is_opened() -> None:
    """acrn-dm makes it by /dev/net/tun where it is not there; a form that opens none needs none."""
    argv = (
        "-s",
        "3,virtio-net,tap=tap0",
        "-s",
        "4,virtio-net,tap1",
        "-s",
        "5,virtio-net,eth0",
        "vm",
    )
    needs = judge(argv, ["v3.3"], NAMED).needs
    assert [(each.need.kind, each.need.name, each.token) for each in needs] == [
        (NeedKind.TAP, "tap0", 1)
    ]
    assert NAMED.has(Need(NeedKind.TAP, "tap0"))
    assert not RECORDING.has(Need(NeedKind.TAP, "tap0"))
