"""Judging: what is said of each call fits a screen, and the exit status sums it up."""

import json
import shlex
from collections.abc import Sequence
from pathlib import Path

import pytest
from captures import calling, capture, runtime

from acrn_cmdline.capture import Call, Vms
from acrn_cmdline.captured import Heard, JudgedCall, Tally, Wanted, judged
from acrn_cmdline.lint import RECORDING, RELEASES, judge
from acrn_conformance.cases import golden
from acrn_conformance.reports import capture_text

CASES = {case.id: case for case in golden.load(golden.folder()).cases()}
SANDBOX = next(case for case in CASES.values() if case.request.method == "sandbox_argv")
RESCAN = next(
    case
    for case in CASES.values()
    if case.request.method == "block_rescan" and not case.expect.refused
)
STARTED = "acrn-dm -m 2048M -s 0:0,hostbridge -s 3,virtio-blk,nodisk --ovmf /o.fd vm"


def argv_of(name: str) -> list[str]:
    result = CASES[name].expect.result
    assert isinstance(result, dict)
    argv = result["argv"]
    assert isinstance(argv, list)
    return argv


def all_judged(
    *lines: str, wanted: Wanted | None = None, releases: Sequence[str] = RELEASES
) -> tuple[list[JudgedCall], Tally]:
    """Judge calls as shell lines, and tally them."""
    words = [shlex.split(line) for line in lines]
    calls = [
        Heard.of(Call(program, tuple(argv), "/", "2026-01-01T00:00:00+00:00", number, 1, "sh"))
        for number, (program, *argv) in enumerate(words, start=2)
    ]
    vms = [Vms(release, RECORDING) for release in releases]
    found = list(judged(calls, lambda argv: judge(argv.tokens, RECORDING, releases), vms, wanted))
    tally = Tally()
    for each in found:
        tally = tally.plus(each)
    return found, tally


def text(call: JudgedCall) -> list[str]:
    return [line.text for line in capture_text.call(call)]


def test_calls_that_are_equal_to_a_golden_case_pass() -> None:
    """All calls of the program that the case is about are compared, and no others."""
    command = runtime(*[calling("acrn-dm", argv_of(SANDBOX.id))] * 2, "acrnctl list")
    run = capture("--golden", SANDBOX.id, "--", *command)
    assert run.returncode == 0, run.stdout
    assert run.stdout.count(f"  equal to {SANDBOX.id}\n") == 2
    assert f"; 2 of 2 equal to {SANDBOX.id}\n" in run.stdout
    assert "3  virtio-console           @console0: socket /" in run.stdout


def test_a_call_that_differs_fails_and_shows_where() -> None:
    """One wrong token among equal calls is enough; it is marked."""
    wrong = [token.replace("5,virtio-blk", "50,virtio-blk") for token in argv_of(SANDBOX.id)]
    command = runtime(calling("acrn-dm", argv_of(SANDBOX.id)), calling("acrn-dm", wrong))
    run = capture("--golden", SANDBOX.id, "--out", "calls", "--", *command)
    assert run.returncode == 1
    assert f"  differs from {SANDBOX.id} (- expected, + got):\n" in run.stdout
    assert "\n  - 5,virtio-blk,nodisk\n  + 50,virtio-blk,nodisk\n" in run.stdout
    assert f"; 1 of 2 equal to {SANDBOX.id}\n" in run.stdout
    again = capture("--read", "calls", "--golden", SANDBOX.id)
    assert again.returncode == 1
    assert again.stdout in run.stdout


def test_a_rescan_is_compared_with_calls_of_acrnctl() -> None:
    """A case of block_rescan is about the other program; the VM must be there all the same."""
    argv = argv_of(RESCAN.id)
    slot = argv[2].partition(",")[0]
    wanted = Wanted(RESCAN.id, "acrnctl", argv)
    start = f"acrn-dm -m 2G -s {slot},virtio-blk,nodisk --ovmf /o.fd {argv[1]}"
    _, tally = all_judged(start, calling("acrnctl", argv), wanted=wanted)
    assert (tally.equal, tally.failing) == (1, 0)
    assert tally.passed(wanted, named=False)
    _, alone = all_judged(calling("acrnctl", argv), wanted=wanted)
    assert not alone.passed(wanted, named=False)


def test_calls_are_compared_with_a_description(tmp_path: Path) -> None:
    """--sandbox takes what the reference builds for a VM, in TOML or JSON."""
    described = tmp_path / "vm.json"
    described.write_text(json.dumps({"sandbox": SANDBOX.request.params}), "utf-8")
    command = runtime(calling("acrn-dm", argv_of(SANDBOX.id)))
    run = capture("--sandbox", "vm.json", "--out", "calls", "--", *command)
    assert run.returncode == 0, run.stdout
    assert "equal to the argv for vm.json\n" in run.stdout
    (tmp_path / "vm.toml").write_text('[config]\nname = "vm"\n', "utf-8")
    run = capture("--sandbox", "vm.toml", "--read", "calls")
    assert run.returncode == 1
    assert "differs from the argv for vm.toml" in run.stdout


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (("true",), "it called a program elsewhere than in /usr/"),
        (runtime("exit 3"), "it ended early (exit status 3)"),
        (("--harmless", "--", "true"), "it gave up at something that --harmless refuses"),
    ],
)
def test_no_call_fails_with_the_likely_reasons(command: tuple[str, ...], reason: str) -> None:
    """The likeliest comes first."""
    run = capture(*([] if "--" in command else ["--"]), *command)
    assert run.returncode == 1
    assert "0 calls captured\n" in run.stdout
    assert f"  - {reason}" in run.stdout


def test_calls_of_the_other_program_are_no_success_of_a_comparison() -> None:
    """None of acrn-dm is none to compare with."""
    wanted = Wanted("a case", "acrn-dm", ["vm"])
    _, tally = all_judged("acrnctl list", wanted=wanted)
    assert not tally.passed(wanted, named=False)
    (_, line) = capture_text.summary(tally, wanted, passed=False)
    assert line.text == "1 call captured: 1 of acrnctl; none of acrn-dm to compare with a case"


def test_each_call_of_acrn_dm_is_linted() -> None:
    """The findings stand below the call that they are about."""
    (first, second), _ = all_judged("acrn-dm -m 2048 -s 0:0,hostbridge vm", "acrnctl list")
    assert any("invalid memsize" in line for line in text(first))
    assert not any("invalid memsize" in line for line in text(second))


def test_releases_host_and_profile_are_as_lint_has_them() -> None:
    """Only the releases named are looked at, and a refusal by one of those is a failure."""
    uuid = "d2795438-25d6-11e8-864e-cb7a18b34643"
    command = runtime(f"acrn-dm -U {uuid} -m 2G -s 2,virtio-rnd --ovmf /no/o.fd vm")
    run = capture("--out", "calls", "--", *command)
    assert run.returncode == 0
    assert "v2.7-master: refused at argv" in run.stdout
    run = capture("--read", "calls", "--release", "v2.5")
    assert run.returncode == 0
    assert "v2.5: accepted" in run.stdout
    assert "v2.7" not in run.stdout
    assert capture("--read", "calls", "--release", "v2.7").returncode == 1
    run = capture("--read", "calls", "--release", "v2.5", "--host", "here")
    assert run.returncode == 1
    assert "/no/o.fd" in run.stdout
    assert "kata-reserved-slot" not in run.stdout
    run = capture("--read", "calls", "--release", "v2.5", "--profile", "kata")
    assert "kata-reserved-slot" in run.stdout


def test_a_rescan_that_succeeds_in_no_release_fails() -> None:
    """The real acrnctl would say nothing; what is wrong is told with fact and remedy."""
    _, good = all_judged(STARTED, "acrnctl blkrescan vm 3,/d.img")
    assert good.passed(None, named=False)
    (_, call), bad = all_judged(STARTED, "acrnctl blkrescan vm 0,/d.img")
    assert not bad.passed(None, named=False)
    shown = "\n".join(text(call))
    assert "fails rescan-slot (v1.1-master): slot 0 of vm holds hostbridge\n    fact: " in shown
    assert "fails rescan-release (v1.0): " in shown


def test_what_acrnctl_does_besides_is_not_judged() -> None:
    """Only a rescan can go wrong in silence."""
    (call,), tally = all_judged("acrnctl list")
    assert call.rescan is None
    assert tally.passed(None, named=False)


@pytest.mark.parametrize(
    "line",
    [
        calling("acrn-dm", argv_of(SANDBOX.id)),
        "acrn-dm " + " ".join(f"-s {slot},virtio-blk,./d{slot}.img" for slot in range(32)) + " vm",
        "acrn-dm " + "--wrong " * 300,
        "acrn-dm " + "word " * 300,
        "acrn-dm -s 3,virtio-console," + ",".join(f"@pty:p{port}" for port in range(16)) + " vm",
        STARTED,
    ],
)
def test_what_is_said_of_a_call_fits_a_screen(line: str) -> None:
    """At most 40 lines, whatever it is, for all releases at once."""
    (call,), _ = all_judged(line)
    assert len(text(call)) <= 40


def test_findings_of_one_kind_are_folded() -> None:
    """One line for a rule, one for its remedy, and how many more there are."""
    disks = " ".join(f"-s {slot},virtio-blk,./d{slot}.img" for slot in range(3, 9))
    (call,), _ = all_judged(f"acrn-dm -m 2G -s 0:0,hostbridge {disks} --ovmf /o.fd vm")
    missing = [line for line in text(call) if "disk-missing" in line]
    assert len(missing) == 1
    assert missing[0].endswith("(and 5 more)")


@pytest.mark.parametrize("token", ["\x1b[31mred", "a\udcff", "line\nbreak", "\u202eright"])
def test_nothing_that_a_terminal_acts_upon_is_shown(token: str) -> None:
    """Neither of a call, nor of a rescan."""
    started = calling("acrn-dm", ["-s", f"3,{token},{token}", token])
    for call in all_judged(started, calling("acrnctl", ["blkrescan", token, f"{token},{token}"]))[
        0
    ]:
        assert all(line.isprintable() for line in text(call))


SLOT_0 = "slot-0-not-hostbridge"


def test_json_has_standard_output_for_itself() -> None:
    """An object a call; what the command prints, and every other word, is elsewhere."""
    calls = "echo said; acrn-dm -A -k /k \"$(printf '\\377')\"; acrnctl blkrescan vm 3,/d"
    run = capture("--json", "-", "--release", "v2.6", "--golden", "argv-only-memory", *_sh(calls))
    first, second = map(json.loads, run.stdout.splitlines())
    assert first["argv"] == ["-A", "-k", "/k", "\udcff"]
    assert first["seen"]["parent_command"] == "sh"
    assert first["compared"] == {"with": "argv-only-memory", "equal": False}
    assert [each["rule"] for each in first["lint"]["findings"]] == ["name-odd", SLOT_0]
    assert (second["lint"], second["rescan"]["failing"]) == (None, ["v2.6"])
    assert "said\n" in run.stderr
    assert run.returncode == 1


def _sh(script: str) -> tuple[str, ...]:
    return ("--", *runtime(script))
