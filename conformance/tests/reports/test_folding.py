"""Lines on a terminal are never wider than it, and carets stay under what they mark."""

import shlex
from itertools import pairwise

import pytest
from rich.cells import cell_len

from acrn_base.diff import diff
from acrn_conformance.reports import Styled
from acrn_conformance.reports.folding import folded
from acrn_conformance.reports.styled import COMMAND

PAIRS = [
    ("short", "shorx"),
    ("a" * 100 + "b" + "c" * 50, "a" * 100 + "d" + "c" * 50),
    ("a" * 37, "a" * 36),
    ("a" * 36, "a" * 35),
    ("設" * 30 + "b", "設" * 30 + "c"),
    ("e\u0301" * 60 + "b", "e\u0301" * 60 + "c"),
    ("\U0001f600" * 33 + "x", "\U0001f600" * 33 + "y"),
]


def at(width: int, *lines: Styled) -> list[Styled]:
    """Return the lines folded to a width."""
    return list(folded(lines, lambda: width))


def cells(text: str) -> dict[int, str]:
    """Return the characters of a line by the cell at which each begins."""
    return {cell_len(text[:index]): c for index, c in enumerate(text)}


@pytest.mark.parametrize("width", [40, 80, 200])
@pytest.mark.parametrize(("expected", "got"), PAIRS)
def test_a_caret_stands_under_the_first_difference(width: int, expected: str, got: str) -> None:
    """Folded or not, wide characters and combining ones counted by cells."""
    lines = [Styled(f"  {sign} {text}", sign.strip()) for sign, text in diff([expected], [got])]
    shown = at(width, *lines)
    assert max(cell_len(line.text) for line in shown) <= width
    (mark,) = [index for index, line in enumerate(shown) if line.style == "?"]
    assert shown[mark].text[:3] == "  ?"
    marked = cells(shown[mark - 1].text).get(shown[mark].text.index("^"))
    different = next((b for a, b in zip(expected, got, strict=False) if a != b), None)
    assert marked == different


@pytest.mark.parametrize("width", [21, 40, 80])
def test_carets_of_a_long_token_go_on_under_each_piece(width: int) -> None:
    """As many carets as the token has cells, each under one of them."""
    token = "x" * 90
    shown = at(width, Styled(f"  acrn-dm {token} vm"), Styled(" " * 10 + "^" * 90, "?"))
    assert sum(line.text.count("^") for line in shown) == 90
    for line, carets in pairwise(shown):
        if carets.style == "?":
            under = {line.text[index] for index, c in enumerate(carets.text) if c == "^"}
            assert under == {"x"}


def test_prose_is_folded_at_blanks_and_goes_on_indented() -> None:
    """No word is cut that would fit on a line."""
    text = "  remedy: " + "leave the option out for these releases " * 3
    shown = at(40, Styled(text.rstrip(), "faint"))
    assert max(len(line.text) for line in shown) <= 40
    assert all(line.text.startswith("    ") for line in shown[1:])
    assert " ".join(line.text.strip() for line in shown).split() == text.split()


def test_what_fits_stays_as_it_is() -> None:
    """Lines of several, such as JSON, are lines each."""
    lines = ["{", '  "a": 1', "}"]
    assert at(40, Styled("\n".join(lines))) == [Styled(line) for line in lines]


def test_a_width_that_changes_is_heeded_from_the_next_line_on() -> None:
    """Who makes the window narrower while a report comes sees the rest of it folded."""
    widths = iter([200, 200, 40, 40, 40])
    lines = [Styled("word " * 20 + str(number)) for number in range(4)]
    shown = list(folded(lines, lambda: next(widths)))
    assert len(shown[0].text) > 40
    assert max(len(line.text) for line in shown[-6:]) <= 40


@pytest.mark.parametrize("width", [20, 40, 80, 400])
@pytest.mark.parametrize(
    "words",
    [
        ["run", "--select", "argv-of-one", "--select", "argv-of-two", "--", "./adapter", "--fast"],
        ["python3", "-c", "print('a b', \"c\")\n" + "x = 1; " * 30, "it's"],
        ["", "'", '"', "a  b", "\\", "$HOME", "設" * 30, "--select=-[*]"],
    ],
    ids=["options", "long", "quotes"],
)
def test_a_folded_command_is_the_same_command_to_a_shell(width: int, words: list[str]) -> None:
    """Each line but the last ends in a backslash; only a word that is too wide alone is wider."""
    shown = at(width, Styled(f"  again: {shlex.join(words).replace(chr(10), ' ')}", COMMAND))
    text = "\n".join(line.text for line in shown).removeprefix("  again:")
    assert shlex.split(text.replace("\\\n", " ")) == [word.replace("\n", " ") for word in words]
    assert all(line.text.endswith(" \\") for line in shown[:-1])
    for line in shown:
        assert cell_len(line.text) <= width or len(shlex.split(line.text.rstrip("\\"))) <= 2
