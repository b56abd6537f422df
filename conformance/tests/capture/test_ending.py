"""Staying and ending: stand-ins that run on as VMs do, signals, and nothing left behind."""

import signal
import sys
import time
from pathlib import Path

import pytest
from captures import calls_in, capture, eventually, nothing_left, running_in, runtime, start

pytestmark = pytest.mark.unmeasured

STAYS = """\
import signal, subprocess, sys, time
child = subprocess.Popen(["acrn-dm", "vm"])
while not open("calls").read():
    time.sleep(0.01)
time.sleep(float(sys.argv[2]))
print("alive" if child.poll() is None else "gone", flush=True)
child.send_signal(getattr(signal, sys.argv[1]))
print("ended with", child.wait(10), flush=True)
"""


def test_a_record_is_written_while_the_command_runs() -> None:
    """A call stands in the file as soon as the stand-in for acrn-dm is up."""
    command = runtime("acrn-dm one & until grep -q one calls; do sleep 0.05; done; cat calls")
    run = capture("--stay", "--out", "calls", "--", *command)
    assert run.returncode == 0
    assert '"argv":["one"]' in run.stdout


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
@pytest.mark.parametrize("after", ["0", "1.2"])
def test_a_stand_in_that_stays_ends_as_a_vm_does(name: str, after: str) -> None:
    """With --stay it lives until SIGINT or SIGTERM, and ends with status 0."""
    words = ("--stay", "--out", "calls", "--", sys.executable, "-c", STAYS, name, after)
    run = capture(*words)
    assert "alive\nended with 0\n" in run.stdout, run.stderr


def test_acrnctl_never_stays() -> None:
    """Only a VM lives on."""
    run = capture("--stay", "--", *runtime("acrnctl list; echo done"))
    assert "done\n" in run.stdout


def test_what_stays_is_ended_with_the_command(tmp_path: Path) -> None:
    """VMs that the command leaves behind end with it, also in sessions of their own."""
    command = runtime("acrn-dm one & setsid acrn-dm two & exit 3")
    start = time.monotonic()
    run = capture("--stay", "--", *command)
    assert time.monotonic() - start < 10
    assert run.returncode == 0
    assert "the command ended: exit status 3\n" in run.stdout
    assert "2 calls captured: 2 of acrn-dm" in run.stdout
    assert nothing_left(tmp_path)


def test_how_the_command_was_killed_is_told() -> None:
    """By the signal's number and name."""
    run = capture("--", *runtime("acrn-dm vm; kill -9 $$"))
    assert run.returncode == 0
    assert "the command ended: killed by signal 9 (Killed)\n" in run.stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_all(tmp_path: Path, number: signal.Signals) -> None:
    """The command, its children and theirs, the VMs and the folder are gone; the calls are kept."""
    command = runtime("acrn-dm 1 & setsid acrn-dm 2 & setsid sleep 600 & sleep 600")
    running = start("--stay", "--out", "calls", "--", *command)
    eventually(calls_in(tmp_path / "calls", 2))
    running.send_signal(number)
    out, err = running.communicate(timeout=20)
    assert running.returncode == 128 + number
    assert "Traceback" not in err
    assert "2 calls captured" in out
    assert nothing_left(tmp_path)


def test_neither_patience_nor_haste_leaves_anything(tmp_path: Path) -> None:
    """A command that ignores SIGTERM is killed; more signals do not cut the cleaning up short."""
    command = runtime("trap '' TERM INT", "acrn-dm 1 &", "while :; do sleep 0.1; done")
    running = start("--stay", "--out", "calls", "--", *command)
    eventually(calls_in(tmp_path / "calls", 1))
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        running.send_signal(number)
        time.sleep(0.05)
    out, err = running.communicate(timeout=20)
    assert running.returncode == 128 + signal.SIGTERM
    assert "killed by signal 9" in out
    assert "Traceback" not in err
    assert nothing_left(tmp_path)


def test_waiting_for_what_is_left_can_be_cut_short(tmp_path: Path) -> None:
    """Calls that nobody waits for are waited for, but not against the user's will."""
    command = runtime("while :; do acrn-dm vm; done & setsid sleep 600 &")
    running = start("--out", "calls", "--", *command)
    calls = tmp_path / "calls"
    eventually(lambda: calls.exists() and calls.read_bytes().count(b"\n") > 2)
    assert running.poll() is None
    running.terminate()
    out, _ = running.communicate(timeout=20)
    assert running.returncode == 128 + signal.SIGTERM
    assert "the command ended: exit status 0" in out
    assert nothing_left(tmp_path)


@pytest.mark.parametrize("options", [(), ("--harmless",), ("--stand-ins", "outside")])
def test_nothing_outlives_a_capture_that_is_killed(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    """SIGKILL ends the VMs, the command, and what it has put into sessions of its own."""
    command = runtime("acrn-dm 1 & setsid sleep 600 & (sleep 600 &) ; sleep 600")
    running = start("--stay", *options, "--out", "calls", "--", *command)
    eventually(calls_in(tmp_path / "calls", 1))
    assert len(running_in(tmp_path)) > 4
    running.kill()
    running.communicate()
    eventually(lambda: nothing_left(tmp_path))


@pytest.mark.parametrize("there", [True, False])
def test_no_file_outlives_a_capture_that_is_killed(tmp_path: Path, *, there: bool) -> None:
    """The stand-ins, record and lock are removed, and the folder unless it was there before."""
    folder = tmp_path / "outside"
    if there:
        folder.mkdir()
    running = start("--stay", "--stand-ins", str(folder), "--", *runtime("acrn-dm 1 & sleep 600"))
    eventually(calls_in(folder / "calls.jsonl", 1))
    assert len(list(folder.iterdir())) == 4
    running.kill()
    running.communicate()
    eventually(lambda: not list(folder.iterdir()) if there else not folder.exists())
