"""The commands' output on a terminal, seen through a real one."""

import os
import re
import sys

import pexpect
import pytest
from implementations import SERVE, wrong

ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def shown(*words: str, **environment: str) -> str:
    """Return everything a terminal got, escapes included."""
    child = pexpect.spawn(
        sys.executable,
        ["-m", "acrn_conformance", *words],
        env=os.environ | {"TERM": "xterm-256color", **environment},
        dimensions=(40, 120),
        timeout=60,
        encoding="utf-8",
    )
    child.expect(pexpect.EOF)
    child.close()
    return child.before or ""


def test_a_terminal_gets_colours_and_a_bar_that_goes_away() -> None:
    """A pass is green; the bar is erased again."""
    text = shown("run", "--select", "limits-*", "--", *SERVE)
    assert "\x1b[32m" in text
    assert "judging" in text
    assert "\x1b[2K" in text
    assert ESCAPE.sub("", text).rstrip().splitlines()[-1].startswith("2 cases judged: 2 passed")


def test_a_failure_is_red_and_its_diff_coloured() -> None:
    """What is expected is red, what came is green; that it is asked again is said meanwhile."""
    text = shown("run", "--select", "paths-*", "--", *wrong("answers.ACRN_DM = '/bin/x'"))
    assert "\x1b[1;31m" in text
    assert "FAIL paths-fixed" in text
    assert "asking again" in text.partition("FAIL")[0]


@pytest.mark.parametrize(
    ("words", "environment"),
    [
        (("run", "--select", "limits-*"), {"NO_COLOR": "1"}),
        (("run", "--select", "limits-*"), {"TERM": "dumb"}),
    ],
)
def test_who_wants_no_colour_gets_none(words: tuple[str, ...], environment: dict[str, str]) -> None:
    """NO_COLOR and a dumb terminal are honoured."""
    assert "\x1b[32m" not in shown(*words, **environment)


def test_a_search_counts_on_a_terminal() -> None:
    """The number of requests judged goes up while the search goes on."""
    text = ESCAPE.sub("", shown("fuzz", "--examples", "2000", "--", *SERVE))
    assert re.search(r"judged [\d,]+", text)


def test_nothing_that_an_implementation_says_acts_on_the_terminal() -> None:
    """Its escapes are shown as text, markup as markup."""
    line = r"answers.ACRN_DM = '\x1b[2J[red]x[/red]'"
    text = shown("run", "--select", "paths-*", "--", *wrong(line))
    assert "\x1b[2J" not in text
    assert r"\x1b[2J[red]x[/red]" in text
