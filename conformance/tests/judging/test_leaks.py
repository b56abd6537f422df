"""State that leaks between requests: it is noticed, the sequence is found, and runs again."""

import re
import shlex
import signal
from collections.abc import Sequence
from itertools import combinations

import pytest
from conftest import REPOSITORY
from implementations import CASES, PYTHON, acrn_conformance, wrong

from acrn_base.signals import Interrupted
from acrn_conformance.cases import Case
from acrn_conformance.implementation import Settings
from acrn_conformance.judging import Demands, examined, folded, run
from acrn_conformance.judging.leaks import shortest

WHERE = ("env", "-C", str(REPOSITORY / "conformance"))


@pytest.mark.parametrize(
    ("name", "select", "behind"),
    [
        ("table-leaks", "argv-[a-b]*", "argv-"),
        ("name-stays", "argv-[o-p]*", "argv-o"),
        ("kernel-parameters-shared", "kernel-parameters-*", "kernel-parameters-"),
    ],
)
def test_what_passes_alone_leaks_and_its_command_shows_it(
    name: str, select: str, behind: str
) -> None:
    """A block table carried over, a name that stays, a list of parameters that is shared."""
    implementation = (*WHERE, *PYTHON, "-m", "miniatures", name)
    run = acrn_conformance("run", "--select", select, "--", *implementation)
    assert run.returncode == 1
    told = re.search(r"passes alone, and fails behind (\S+): state leaks between", run.stdout)
    assert told
    assert told[1].startswith(behind)
    again = re.search(r"^  again: acrn-conformance (.*)$", run.stdout, re.MULTILINE)
    assert again
    words = shlex.split(again[1])
    assert words.count("--select") == 2
    once_more = acrn_conformance(*words)
    assert once_more.returncode == 1
    assert "2 cases judged: 1 passed, 1 failed" in once_more.stdout


def test_asking_again_is_part_of_the_run() -> None:
    """Its time is in that of the run, each process is counted, and a signal ends it."""
    cases = [case for case in CASES if case.id == "paths-fixed"]
    settings = Settings(wrong("answers.ACRN_DM = '/bin/acrn-dm'"))
    judged = folded(cases, settings, run(cases, settings, Demands()))
    asked: list[None] = []
    found = examined(judged, 1, lambda: None, lambda: asked.append(None))
    assert len(asked) == found.asked_alone == 1
    assert found.seconds > judged.seconds

    def interrupt() -> None:
        raise Interrupted(signal.SIGTERM)

    with pytest.raises(Interrupted):
        examined(judged, 1, interrupt, lambda: None)


def told(*words: str) -> str:
    """Return what a run says of the state that leaks."""
    run = acrn_conformance("run", "--select", "argv-[o-p]*", *words)
    assert run.returncode == 1
    return run.stdout


def test_a_leak_shows_with_several_processes() -> None:
    """Each has been asked a part of what came before; the sequence is sought in one process."""
    leaking = (*WHERE, *PYTHON, "-m", "miniatures", "name-stays")
    assert "state leaks between" in told("--jobs", "2", "--", *leaking)


def test_a_slow_start_hides_no_leak() -> None:
    """What is asked in a fresh process has the time of a start, however short that of a reply."""
    slow = ("sh", "-c", 'sleep 1; exec "$@"', "sh", *WHERE, *PYTHON, "-m", "miniatures")
    assert "state leaks between" in told("--timeout", "0.9", "--", *slow, "name-stays")


CHANCE = """\
import random, sys
from acrn_conformance.cases import KATA_1
from acrn_conformance.oracle import replying
answer, lots = replying(KATA_1), random.Random(2)
for line in sys.stdin.buffer:
    reply = answer(line)
    if lots.random() < 0.5:
        reply = reply.replace(b'"argv":[', b'"argv":["more",').replace(b',]', b']')
    sys.stdout.buffer.write(reply)
    sys.stdout.buffer.flush()
"""


def test_chance_is_not_taken_for_state() -> None:
    """All processes draw the same lots: one fails at its place again, whatever it was asked."""
    found = told("--", *PYTHON, "-c", CHANCE)
    assert "whatever is asked before it: chance" in found
    assert "state leaks between" not in found


@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_sequence_is_a_shortest_one_in_order(number: int) -> None:
    """None of its cases can be left out, and they come as the goldens have them."""
    before, case = CASES[:20], CASES[20]
    for needed in list(combinations(before, number))[::57]:

        def fails(cases: Sequence[Case], needed: Sequence[Case] = needed) -> bool:
            return [each for each in cases if each in needed] == list(needed)

        assert shortest(before, case, fails) == (*needed, case)


def test_what_fails_behind_nothing_has_no_sequence() -> None:
    """Where all cases before do not make it fail, it is chance."""
    assert shortest(CASES[:5], CASES[5], lambda _: False) == ()
