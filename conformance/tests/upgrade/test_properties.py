"""What holds for every line: an upgrade that says that it succeeded has, and none raises."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from acrn_cmdline.lint import NAMED, RELEASES, Severity, judge
from acrn_cmdline.source import Argv, Place
from acrn_cmdline.upgrade import Upgrade, likely_source, upgrade
from acrn_cmdline.upgrade.parts import parts, tokens
from acrn_dm import read

WHERE = Place("a test")
HOLES = {"$regions": "L3,vcpu=all,size=4K", "$firmware": "/o.fd"}

valid = st.sampled_from(
    [
        *(("-A",), ("-Y",), ("-W",), ("-AY",), ("--rtvm",), ("--lapic_pt",), ("--psram",)),
        *(("-m", "512M"), ("-m", "129M"), ("-m1G",), ("-c", "2"), ("-p", "0:1"), ("-i", "/i,0x20")),
        *(("-U", "d2795438-25d6-11e8-864e-cb7a18b34643"), ("--mac_seed", "a,b"), ("--mac_seed=x",)),
        *(("-G", "64 448 8"), ("--vsbl", "/v"), ("--part_info", "/p"), ("--ovmf", "/o"), ("-k/k",)),
        *(("--cpu_affinity", "1-2"), ("--cpu_affinity", "3"), ("--ssram",), ("--windows",)),
        *(("--pm_notify_channel", "uart"), ("--pm_notify_channel", "ioc"), ("-l", "com2,/run/x")),
        *(("--pm_by_vuart", "pty,/run/x"), ("--pm_by_vuart", "tty,/dev/ttyS1"), ("-lcom1,stdio",)),
        *(("--ptdev_no_reset",), ("--acpidev_pt", "MSFT0101"), ("--apcidev_pt", "MSFT0101")),
        *(("--pm_notify_channel", "uart5"), ("--pm_notify_channel=UART",), ("--cpu_affinity=x",)),
        ("--logger_setting", "console,level=4;disk,level=5"),
    ]
)
devices = st.builds(
    lambda slot, device: ("-s", f"{slot},{device}"),
    st.one_of(st.integers(0, 31), st.sampled_from(["0:3:1", "1:3", "1:3:0", "1:3:1", "2:31:0"])),
    st.sampled_from(
        [
            *("hostbridge", "lpc", "pci-gvt", "npk,8/24", "virtio-hdcp", "virtio-rnd"),
            *("virtio-net,tap0", "virtio-net,tap1,vhost", "virtio-net,vmnet", "virtio-net,eth0"),
            *("virtio-net,tap=t,mac_seed=y", "virtio-net,a_tap,mac=00:16:3e:00:00:01"),
            *("virtio-blk,/d", "virtio-blk,b,/d,ro", "virtio-blk,nodisk", "virtio-blk,mq=/d"),
            *("virtio-blk,iothread,/d", "virtio-blk,/a/nodisk/d,writeback", "ivshmem,s,8192"),
            *("ivshmem,dm:/s,2", "passthru,0/2/0,gpu", "passthru,2/0/0,reset", "passthru,3/0/0"),
            *("virtio-console,stdio", "virtio-console,tty", "virtio-console,@pty,file,pty:b"),
            *("virtio-console,@pty:p", "virtio-console,@stdio:s", "uart,vuart_idx:1", "igd-lpc"),
        ]
    ),
)
names = st.sampled_from(["vm", "a_name_of_16_byt", "x" * 72, "", "a/b", "-dash"])
lines = st.builds(
    lambda options, name: [*(word for each in options for word in each), "--", name],
    st.lists(st.one_of(valid, devices), max_size=9),
    names,
)
texts = st.text(st.characters(), max_size=9)
wild = st.lists(
    st.one_of(texts, valid.map(lambda words: words[0]), devices.map("".join)), max_size=9
)


def held(done: Upgrade) -> None:
    """Hold an upgrade that says that it succeeded against the target, its hole filled in."""
    filled = [HOLES.get(token, token) for token in done.argv.tokens]
    after = judge(filled, NAMED, [done.target])
    assert not after.refused
    before = judge(done.given.tokens, NAMED, [done.source])
    assert before.bootless or before.refused or not after.bootless
    silent = [
        {
            (each.rule, each.message)
            for each in judgement.findings
            if each.severity is Severity.SILENT
        }
        for judgement in (before, after)
    ]
    assert silent[1] <= silent[0]


@given(line=lines, source=st.sampled_from(RELEASES), target=st.sampled_from(RELEASES))
@example(line=["-AYk/k", "-s4,virtio-net,tap0", "--", "-x"], source="v2.6", target="v3.3")
def test_what_is_upgraded_is_taken_by_the_target(line: list[str], source: str, target: str) -> None:
    """And nothing in it is without effect that was not so before."""
    source, target = sorted((source, target), key=RELEASES.index)
    done = upgrade(Argv.known(WHERE, line), source, target, NAMED, "0")
    if done.succeeded:
        held(done)
        again = upgrade(done.argv, target, target, NAMED, "0")
        assert (again.argv.tokens, again.changes) == (done.argv.tokens, ())


@given(line=wild, target=st.sampled_from(RELEASES))
def test_any_words_give_an_answer(line: list[str], target: str) -> None:
    """Upgraded, or what is in the way."""
    argv = Argv.known(WHERE, line)
    done = upgrade(argv, likely_source(argv, target, NAMED), target, NAMED, "0")
    if done.succeeded:
        held(done)
    else:
        assert done.blockers


@given(line=st.one_of(wild, lines), release=st.sampled_from(RELEASES))
@example(line=["-xAm", "512M", "-AY", "-Am"], release="v2.6")
def test_parts_make_the_tokens_that_they_are_of(line: list[str], release: str) -> None:
    """Whoever changes nothing gets the line as it was."""
    taken = parts(read(line, release, NAMED), [None] * len(line))
    assert [token for token, _ in tokens(taken)] == line


def test_recorded_launch_lines_are_upgraded(recordings: Path) -> None:
    """All but five, which no release takes as they are."""
    lines = launch_lines(recordings / "launch-lines-2.jsonl")
    done = [upgrade(each, likely_source(each, "v3.3", NAMED), "v3.3", NAMED, "0") for each in lines]
    assert sum(each.succeeded for each in done) == 35
    refused = {found.rule for each in done for found in each.blockers}
    assert refused == {"name-count", "slot-taken"}


def test_recorded_launch_lines_are_upgraded_between_any_two_releases(recordings: Path) -> None:
    """From each release to each later one, on some of the lines.

    A line starts from every eleventh release, and the next line from those that follow them.
    """
    for number, line in enumerate(launch_lines(recordings / "launch-lines-2.jsonl")):
        for start in range(number % 11, len(RELEASES), 11):
            for target in RELEASES[start:]:
                done = upgrade(line, RELEASES[start], target, NAMED, "0")
                if done.succeeded:
                    held(done)


def launch_lines(path: Path) -> Iterator[Argv]:
    """Yield recorded lines; a size that was not recorded is put in."""
    for text in path.read_text("utf-8").splitlines():
        argv = json.loads(text)["argv"]
        before = ["", *argv]
        words = [
            "1G" if (flag, word) == ("-m", "X") else word
            for flag, word in zip(before, argv, strict=False)
        ]
        yield Argv.known(WHERE, words)


def test_many_tokens_take_linear_time() -> None:
    """Ten thousand devices and letters."""
    words = [
        word for n in range(10_000) for word in ("-A", "-s", f"{n % 32}:{n % 8},virtio-net,tap{n}")
    ]
    start = time.monotonic()
    upgrade(Argv.known(WHERE, (*words, "-k", "/k", "vm")), "v2.6", "v3.3", NAMED, "0")
    assert time.monotonic() - start < 30
