"""The diff of a script that an upgrade changes is the one that everybody's tools make."""

from difflib import unified_diff

import pytest

from acrn_cmdline.upgrade import Rewritten
from acrn_conformance.reports import upgrade_text

MANY = 3_000
"""Lines that are alike: with these the library's own takes the wrong ones for changed."""


def shown(before: list[str], after: list[str]) -> list[str]:
    rewritten = Rewritten("\n".join(after), ())
    return [line.text for line in upgrade_text.script_lines("x", "\n".join(before), rewritten)]


@pytest.mark.parametrize("changed", [(), (0,), (9,), (3, 4), (3, 5), (3, 6), (3, 7), (0, 2, 8, 9)])
def test_a_diff_is_as_the_library_makes_it(changed: tuple[int, ...]) -> None:
    """One line of context, and changes that touch by theirs are one hunk."""
    before = [f"line {number}" for number in range(10)]
    after = [f"new {n}" if n in changed else line for n, line in enumerate(before)]
    expected = unified_diff(before, after, "x", "x (upgraded)", n=1, lineterm="")
    assert shown(before, after) == list(expected)


def test_of_very_many_lines_that_are_alike_the_changed_one_is_shown() -> None:
    """And no more than it takes."""
    before = ["acrn-dm -A vm"] * MANY
    assert shown(before, [*before[:-1], "acrn-dm vm"])[2:] == [
        f"@@ -{MANY - 1},2 +{MANY - 1},2 @@",
        " acrn-dm -A vm",
        "-acrn-dm -A vm",
        "+acrn-dm vm",
    ]
