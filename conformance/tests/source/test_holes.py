"""A hole satisfies no rule and breaks none; findings about what is known stay."""

import json
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.unmeasured

COMMAND = (sys.executable, "-m", "acrn_conformance")
FRAME = "-m 512M -s 0:0,hostbridge -k /vmlinux"


def run(command: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, command, *words], capture_output=True, text=True, check=False)


def findings(folder: Path, line: str, *words: str) -> list[Any]:
    path = folder / "launch.sh"
    path.write_text(f"acrn-dm {line}\n")
    shown = run("lint", "--json", "--file", str(path), *words)
    assert shown.stderr == ""
    found: list[Any] = json.loads(shown.stdout)["findings"]
    return found


@pytest.mark.parametrize(
    "line",
    [
        f"{FRAME} $vm_name",
        f"{FRAME} $options vm",
        f'{FRAME} "$a" $b vm',
        f'{FRAME} $a"$b" $c"64 448 8" vm',
        f"{FRAME} $option /a/value vm",
        f"{FRAME} $name --debugexit",
        "-m 512M $options vm",
        "-m 512M $options -l com1,stdio vm",
        f"{FRAME} -s $slot_and_device vm",
        "-m $m -s 0:0,hostbridge -k $kernel vm",
        "-m ${m}M -s 0:0,hostbridge --ovmf=$f vm",
        f"{FRAME} -s $slot,virtio-rnd -s 31,virtio-rnd vm",
        f"{FRAME} -s 4,$device vm",
        f"{FRAME} -s 4,virtio-net,$net vm",
        f"{FRAME} -s 4,virtio-blk,$disk vm",
        f"{FRAME} -s 4:$function,virtio-blk,/x vm",
        f'{FRAME} -B "$line" vm',
        f"{FRAME} --logger_setting $l vm",
        f"{FRAME} --virtio_poll $n vm",
        f"{FRAME} -s 31,lpc -l $port vm",
    ],
)
@pytest.mark.parametrize("release", ["v1.4", "v2.5", "v3.3"])
def test_a_hole_breaks_no_rule(tmp_path: Path, line: str, release: str) -> None:
    """Whatever value it is, or name, slot, device, or several words."""
    known = "$options" in line or release != "v3.3"
    cpu = "" if known else "--cpu_affinity 0 "
    found = findings(tmp_path, cpu + line, "--release", release)
    assert [(each["rule"], each["message"]) for each in found] == []


def test_what_is_known_is_judged(tmp_path: Path) -> None:
    """A tap that v3.0 does not open, whatever the MAC is; the filling is never shown."""
    found = findings(tmp_path, f"{FRAME} -s 4,virtio-net,tap0,mac=$mac vm")
    (tap,) = [each for each in found if each["rule"] == "tap-not-opened"]
    assert tap["releases"][0] == "v3.0"
    assert tap["token"] == 7
    assert not any("00:16:3e" in each["message"] for each in found)


def test_tokens_behind_words_left_out_keep_their_index(tmp_path: Path) -> None:
    """A hole that may be no word at all moves nothing."""
    found = findings(tmp_path, f"$first {FRAME} $more -W vm", "--release", "v3.3")
    assert [each["token"] for each in found if "W" in each["message"]] == [8]


def test_what_is_not_known_is_shown_by_name_and_can_be_given(tmp_path: Path) -> None:
    """Lint and show say what is open, and take it with --set."""
    path = tmp_path / "launch.sh"
    path.write_text(f"acrn-dm {FRAME} -s $slot,virtio-rnd vm\n")
    shown = run("lint", "--file", str(path))
    assert f"{path}:1:1: 9 tokens" in shown.stdout
    assert "not known: $slot; give it with --set NAME=VALUE" in shown.stdout
    shown = run("show", "--file", str(path), "--set", "slot=9")
    assert "         9  virtio-rnd" in shown.stdout.splitlines()
    assert "not known" not in shown.stdout
    assert "slot-range" not in run("lint", "--file", str(path)).stdout
    assert run("lint", "--file", str(path), "--set", "slot=99").returncode == 1


@pytest.mark.parametrize("name", ["${disk[$k]}", "$((n==3))", "$(cat /a=b)"])
def test_the_hint_for_what_is_no_plain_name_can_be_followed(tmp_path: Path, name: str) -> None:
    """To the letter: a shell takes the words shown for those that --set wants."""
    path = tmp_path / "launch.sh"
    path.write_text(f"declare -A disk\nfor k in a; do acrn-dm {FRAME} -s 5,lpc,{name} vm; done\n")
    hint = run("lint", "--file", str(path)).stdout.splitlines()[1]
    words = shlex.split(hint.partition("as --set ")[2])
    assert words == [f"{name}=VALUE"]
    shown = run("lint", "--json", "--file", str(path), "--set", *words)
    assert "5,lpc,VALUE" in json.loads(shown.stdout)["argv"]
    assert shown.stderr == ""


def test_what_words_unknown_could_bring_is_not_missed(tmp_path: Path) -> None:
    """Options may hold the processors, and something to boot; they cannot undo what is known."""
    path = tmp_path / "launch.sh"
    path.write_text("acrn-dm -m 2G -s 0:0,hostbridge $options vm\n")
    shown = run("lint", "--release", "v3.3", "--file", str(path))
    assert shown.returncode == 0
    assert "accepted by 1 of 1 releases; no findings" in shown.stdout
    path.write_text("acrn-dm -m 2G -s 0:0,hostbridge -U x $options vm\n")
    found = findings(tmp_path, "-m 2G -s 0:0,hostbridge -U x $options vm", "--release", "v3.3")
    assert [each["rule"] for each in found] == ["option-not-in-release"]


def test_a_need_of_which_a_part_is_not_known_is_told_by_its_name(tmp_path: Path) -> None:
    """A file with a hole in its name; none where the hole may be any device."""
    path = tmp_path / "launch.sh"
    path.write_text(
        f"acrn-dm {FRAME} -s 3,virtio-blk,/imgs/$disk.img -s 4,virtio-net,$tap "
        "-s 5,passthru,0/$slot/0 -s 6,$device -s $n,virtio-blk,/known vm\n"
    )
    shown = run("lint", "--json", "--release", "v2.5", "--file", str(path))
    needs = [
        (each["kind"], each["name"], each["token"]) for each in json.loads(shown.stdout)["needs"]
    ]
    assert needs == [
        ("image", "/vmlinux", 5),
        ("disk", "/imgs/$disk.img", 7),
        ("tap", "$tap", 9),
        ("pci", "$slot", 11),
        ("disk", "/known", 15),
    ]


def test_a_fault_of_what_is_known_shows_no_filling(tmp_path: Path) -> None:
    """The message has the name of the hole in it, as the token has."""
    (found,) = findings(tmp_path, f"{FRAME} -s 3,virtio-blk,$disk,bogus vm", "--release", "v2.5")
    assert found["rule"] == "disk-option"
    assert "/hole" not in found["message"]


def test_a_report_for_machines_has_the_holes_and_the_notes(tmp_path: Path) -> None:
    """By name, each once; a sentence each."""
    path = tmp_path / "launch.sh"
    path.write_text(
        f"acrn-dm {FRAME} -s 3,virtio-blk,$disk $disk $vm\nacrn-dm {FRAME} -s 3,$disk '$vm'\n"
    )
    several, one = map(json.loads, run("lint", "--json", "--file", str(path)).stdout.splitlines())
    assert several["unknown"] == ["disk", "vm"]
    assert several["notes"] == [
        "$disk $vm are not quoted; each is taken for one word or part of one"
    ]
    assert one["notes"] == ["$disk is not quoted, and taken for one word or part of one"]


def test_a_boot_flag_is_no_fault_where_the_loader_may_be_unknown(tmp_path: Path) -> None:
    """``$boot`` may be ``--vsbl FILE``; where all is known, the flag does nothing."""
    line = f"{FRAME} -s 3,virtio-blk,b,/disk.img"
    unknown = findings(tmp_path, f"{line} $boot vm", "--release", "v1.6")
    known = findings(tmp_path, f"{line} vm", "--release", "v1.6")
    assert "boot-flag-unused" not in {each["rule"] for each in unknown}
    assert "boot-flag-unused" in {each["rule"] for each in known}


@pytest.mark.parametrize("command", ["lint", "show"])
def test_a_name_that_nothing_takes_is_told(tmp_path: Path, command: str) -> None:
    """It may be misspelt; the others are taken."""
    path = tmp_path / "launch.sh"
    path.write_text(f"mem=1G; acrn-dm {FRAME} --cpu_affinity 0 -s 3,virtio-blk,$disk vm\n")
    shown = run(
        command, "--file", str(path), "--set", "disk=/d", "--set", "dsik=/d", "--set", "mem=2G"
    )
    assert shown.stdout.count("/d") > 0
    assert shown.returncode == run(command, "--file", str(path)).returncode
    assert [line.partition(": ")[2] for line in shown.stderr.splitlines()] == [
        f"warning: --set {name}: no ${name} is left open, so nothing takes it"
        for name in ("dsik", "mem")
    ]


def test_several_calls_are_several_results(tmp_path: Path) -> None:
    """Each with its place; a picture can be but of one."""
    path = tmp_path / "launch.sh"
    path.write_text("acrn-dm -s 3,lpc a\n  acrn-dm -s 4,lpc b\n")
    shown = run("show", "--file", str(path))
    assert [line for line in shown.stdout.splitlines() if ".sh" in line] == [
        f"{path}:1:1",
        f"{path}:2:3",
    ]
    assert run("lint", "--file", str(path)).stdout.count(f"{path}:") == 2
    run_of_two = run("show", "--svg", str(tmp_path / "x.svg"), "--file", str(path))
    assert run_of_two.returncode == 2
    assert "several command lines" in run_of_two.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--file", "-", "--set", "x"), "--set x: no NAME=VALUE"),
        (("--set", "x=1", "--", "acrn-dm", "vm"), "give one with --file"),
    ],
)
@pytest.mark.parametrize("command", ["lint", "show"])
def test_a_value_needs_a_name_and_a_script(
    command: str, words: tuple[str, ...], message: str
) -> None:
    """What a command line on its own says is all known."""
    shown = run(command, *words)
    assert shown.returncode == 2
    assert message in shown.stderr
