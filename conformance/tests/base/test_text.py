"""Text is safe to show, and says where two argv differ."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acrn_base.diff import diff
from acrn_base.text import excerpt, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, é and \U0001f600", "plain, é and \U0001f600"),
        ("\x1b[31m", r"\x1b[31m"),
        ("a\nb\u2028c\u202ed\x85", r"a\nb\u2028c\u202ed\x85"),
        ("back\\slash", r"back\\slash"),
        ("\ud800", r"\ud800"),
        (b"\xff\xc3\xa9".decode("utf-8", "surrogateescape"), r"\xffé"),
    ],
)
def test_nothing_that_a_terminal_acts_upon_is_shown(text: str, shown: str) -> None:
    """Control characters, separators and direction marks come out as escapes."""
    assert visible(text) == shown


@given(st.text())
def test_whatever_is_shown_is_printable(text: str) -> None:
    """Every text can be shown."""
    assert visible(text).isprintable()
    assert excerpt(text, 10).isprintable()


def test_an_excerpt_leaves_out_the_middle() -> None:
    """A long text keeps its beginning and its end."""
    assert excerpt("a" * 100 + "b" * 100, 20) == "aaaaaaaaaa...(180 characters)...bbbbbbbbbb"


def shown(expected: list[str], got: list[str]) -> list[str]:
    return [f"{line.sign} {line.text}" for line in diff(expected, got)]


def test_a_differing_token_is_marked_where_it_differs() -> None:
    """The mark stands under the first differing character."""
    assert shown(["-A", "-s", "2,lpc", "vm"], ["-A", "-s", "3,lpc", "vm"]) == [
        "  at token 0:",
        "  -A",
        "  -s",
        "- 2,lpc",
        "+ 3,lpc",
        "  vm",
    ]
    assert shown(["3,virtio-net,a"], ["3,virtio-blk,a"])[1:] == [
        "- 3,virtio-net,a",
        "+ 3,virtio-blk,a",
        "?          ^",
    ]


def test_missing_and_extra_tokens_stand_alone() -> None:
    """Tokens without a partner are shown as they are."""
    assert shown(["a", "b"], ["a"])[1:] == ["  a", "- b"]
    assert shown(["a"], ["", "a "])[1:] == ["- 'a'", "+ ''", "+ 'a '"]


def test_a_difference_deep_in_a_long_token_is_shown_around_it() -> None:
    """Of a long token only the neighbourhood of the difference is shown."""
    lines = shown(["x" * 4000 + "a"], ["x" * 4000 + "b"])
    assert all(len(line) < 200 for line in lines)
    assert lines[-3].endswith("xxa")
    assert lines[-2].endswith("xxb")
    assert lines[-1].index("^") == lines[-2].index("b")


def test_equal_lists_have_no_difference() -> None:
    """Nothing is shown where nothing differs."""
    assert shown(["a"] * 50, ["a"] * 50) == []
