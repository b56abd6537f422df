"""Signals end a judging command at any moment, and nothing that it has started outlives it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from implementations import PYTHON
from judged import marked, wait_until

SERVE = f"exec {sys.executable} -m acrn_conformance serve"
DAEMON = f"setsid sleep 60 & {SERVE}"
HANGING = f"setsid sleep 60 & read line; echo; {SERVE} >/dev/null"

RUN = ("run", "--timeout", "20", "--", "sh", "-c", HANGING)
FUZZ = ("fuzz", "--time", "30", "--seed", "1", "--", "sh", "-c", DAEMON)
EXHAUSTIVE = ("fuzz", "--exhaustive", "4", "--", "sh", "-c", DAEMON)


def signalled(
    folder: Path, marker: str, words: Sequence[str], *numbers: signal.Signals
) -> subprocess.CompletedProcess[str]:
    """Start a command, send it signals once its implementation is at work, and wait for its end."""
    command = (sys.executable, "-m", "acrn_conformance", *words)
    environment = {**os.environ, marker: "1"}
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
        env=environment,
    ) as process:
        # The command, its keeper, the daemon and the implementation.
        assert wait_until(lambda: len(marked(marker)) >= 4)
        time.sleep(0.7)
        for number in numbers:
            process.send_signal(number)
        output, errors = process.communicate(timeout=30)
    return subprocess.CompletedProcess(command, process.returncode, output, errors)


@pytest.mark.parametrize("words", [RUN, FUZZ, EXHAUSTIVE], ids=["run", "fuzz", "exhaustive"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_command_and_all_that_it_has_started(
    words: Sequence[str], number: signal.Signals, tmp_path: Path, marker: str
) -> None:
    """The exit status is 128 and the signal's number; no traceback, nobody left, nothing found."""
    ended = signalled(tmp_path, marker, words, number)
    assert ended.returncode == 128 + number, ended.stderr
    assert "Traceback" not in ended.stdout + ended.stderr
    assert marked(marker) == []
    assert list(tmp_path.iterdir()) == []


def test_a_search_that_is_ended_tells_what_it_has_covered(tmp_path: Path, marker: str) -> None:
    """The seconds spent are not lost."""
    ended = signalled(tmp_path, marker, FUZZ, signal.SIGTERM)
    assert " judged" in ended.stdout


@pytest.mark.parametrize("words", [RUN, FUZZ], ids=["run", "fuzz"])
def test_several_signals_do_not_cut_the_cleaning_short(
    words: Sequence[str], tmp_path: Path, marker: str
) -> None:
    """One after the other within a moment: descendants in sessions of their own are ended too."""
    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    ended = signalled(tmp_path, marker, words, *numbers)
    assert ended.returncode - 128 in numbers
    assert "Traceback" not in ended.stdout + ended.stderr
    assert marked(marker) == []


def test_nothing_outlives_a_command_that_is_killed(tmp_path: Path, marker: str) -> None:
    """It cannot clean up itself; its keeper does."""
    ended = signalled(tmp_path, marker, RUN, signal.SIGKILL)
    assert ended.returncode == -signal.SIGKILL
    assert wait_until(lambda: marked(marker) == [])


IN_THE_MIDDLE = """
import os, signal, sys
from acrn_base.signals import ended_by

ended_by(lambda number: sys.exit(128 + number))
import msgspec


def kind():
    os.kill(os.getpid(), signal.SIGTERM)
    print("looked at", flush=True)
    return int


class Reply(msgspec.Struct):
    id: "kind()"


msgspec.json.Decoder(Reply)
print("made", flush=True)
signal.pause()
"""


def test_a_signal_waits_for_what_does_not_survive_an_exception() -> None:
    """A library in C that calls Python crashes where that does not return; the signal is kept."""
    command = (*PYTHON, "-c", IN_THE_MIDDLE)
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 128 + signal.SIGTERM, run.stderr
    assert run.stdout.startswith("looked at")


LOST = """
import os, signal, sys, time
from acrn_base.signals import ended_by

ended_by(lambda number: sys.exit(128 + number))


class Held:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGTERM)


Held()
print("went on", flush=True)
signal.pause()
time.sleep(60)
"""


def test_a_signal_in_the_end_of_an_object_is_not_lost() -> None:
    """Python drops what is raised there: it is raised once more."""
    command = (*PYTHON, "-c", LOST)
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (128 + signal.SIGTERM, "went on\n"), run.stderr
    assert run.stderr == ""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_command_that_loads_ends_without_a_traceback(number: signal.Signals) -> None:
    """By the signal itself, or with its status: never by a crash.

    What Python says where Ctrl-C meets its own start is none of the command's.
    """
    for moment in range(8):
        command = (*PYTHON, "-m", "acrn_conformance", "run", "--", "sleep", "9")
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
            time.sleep(0.05 + moment * 0.02)
            process.send_signal(number)
            errors = process.communicate(timeout=30)[1]
        assert process.returncode in {-number, 128 + number}
        assert "acrn_conformance/cli" not in errors
