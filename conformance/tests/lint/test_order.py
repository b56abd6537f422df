"""The order of findings where characters were pasted from a page."""

import pytest

from acrn_cmdline.lint import NAMED, judge

PASTED = ("\u2013s", "4,virtio-net,tap0", "-s", "3,virtio-blk,\u201c/a\u201d", "-k", "/k", "vm1")


def test_a_pasted_character_comes_first() -> None:
    """And neither the name nor the path is blamed that it makes of a token."""
    found = judge(PASTED, NAMED, ("v2.5",)).findings
    assert [each.rule for each in found[:3]] == ["typographic-character"] * 2 + ["name-count"]
    assert "typographic-character" in found[2].remedy
    assert not {"name-odd", "path-relative"} & {each.rule for each in found}


@pytest.mark.parametrize(
    ("argv", "rule"),
    [
        (("-k", "/k", "a b"), "name-odd"),
        (("-B", "\u201cquiet\u201d", "-s", "3,virtio-blk,a", "-k", "/k", "vm"), "path-relative"),
    ],
)
def test_what_is_of_another_cause_is_told(argv: tuple[str, ...], rule: str) -> None:
    """On tokens without such a character."""
    assert rule in {each.rule for each in judge(argv, NAMED, ("v2.5",)).findings}


def test_a_wrong_number_of_names_by_itself_keeps_its_remedy() -> None:
    """Only a dash makes operands."""
    found = judge(("-k", "/k", "-B", "\u201cquiet", "vm1", "vm2"), NAMED, ("v2.5",)).findings
    (names,) = [each for each in found if each.rule == "name-count"]
    assert "give one name" in names.remedy
