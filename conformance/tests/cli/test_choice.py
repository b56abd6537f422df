"""The command that judges one case again chooses exactly that one."""

import argparse

import pytest
from implementations import CASES

from acrn_conformance.cases import Selection
from acrn_conformance.cli import choice


@pytest.mark.parametrize("name", ["plain", "-leading", "--jobs=2", "a*", "a?", "a[b]", "[*]", "a]"])
def test_an_id_that_is_a_glob_or_an_option_chooses_its_case_alone(name: str) -> None:
    """No other id matches, and no parser takes it for an option."""
    parser = argparse.ArgumentParser()
    choice.add_options(parser)
    options = parser.parse_args(choice.exactly([name]))
    mine, *others = (
        type(CASES[0])(each, "", "", CASES[0].level, CASES[0].request, CASES[0].expect)
        for each in (name, "a", "ab", "abc", "b", "plainer", "*")
    )
    assert Selection(tuple(options.select)).of([mine, *others]) == (mine,)
