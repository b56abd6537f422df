"""How facts are dated: by ACRN's own tags, whether or not a release of that name was recorded."""

import pytest

from acrn_dm import RELEASES, Asked
from acrn_dm.dated import UndatedError, before, during, since, timeline


def test_a_fact_is_dated_by_the_tag_that_made_it() -> None:
    """It holds in the recorded releases from that tag on, though the tag itself be none."""
    assert since("v1.1") == frozenset(RELEASES) - {"v1.0"}
    assert before("v2.7") == since("v1.0") - since("v2.7")
    assert during("v2.2", "v2.5") == since("v2.2") & before("v2.5")
    assert since("master") <= {"master"}


def test_a_fact_without_an_end_extends_to_the_newest_release() -> None:
    """A new row of the table inherits it; the recording of that release shows where it ended."""
    assert all(RELEASES[-1] in since(tag) for tag in ("v1.0", "v2.0", RELEASES[-1]))


def test_a_timeline_says_a_value_for_every_recorded_release() -> None:
    """From the oldest tag on, each value until the next; a step may lie between two of them."""
    values = timeline({"v1.0": 31, "v1.1": 127, "v2.7": 15})
    assert list(values) == list(RELEASES)
    assert (values["v1.0"], values["v1.2"], values["v2.5"], values["v3.3"]) == (31, 127, 127, 15)
    with pytest.raises(KeyError):
        timeline({"v1.1": 1})


@pytest.mark.parametrize("tag", ["v1.7", "1.0", "", "latest"])
def test_a_fact_dated_by_no_tag_is_an_error(tag: str) -> None:
    """A misspelt release never goes unnoticed."""
    for dated in (since, before):
        with pytest.raises(UndatedError, match="no tag of ACRN"):
            dated(tag)
    with pytest.raises(UndatedError):
        during("v1.0", tag)
    with pytest.raises(UndatedError):
        timeline({"v1.0": 1, tag: 2})


def test_a_release_that_is_asked_is_alike_to_those_with_the_same_answers() -> None:
    """Each answer parts it from the releases that have another, and from no other."""
    asked = Asked("2.5.1")
    assert asked in since("v2.3")
    assert asked not in during("v2.6", "v3.0")
    assert timeline({"v1.0": 1, "v2.4": 2})[asked] == 2
    assert timeline({"v1.0": 1, "v2.4": 2, "v3.3": 3}).passes(asked, lambda value: value > 1)
    assert asked.alike(RELEASES) == ("v2.4", "v2.5", "v3.0", "v3.1", "v3.2", "v3.3", "master")


def test_a_set_that_parts_no_releases_cannot_be_asked() -> None:
    """Its answer would go unnoticed, and one release be taken for another."""
    asked = Asked("v2.5")
    for keeps_no_count in (set(RELEASES), dict.fromkeys(RELEASES)):
        with pytest.raises(TypeError, match="unhashable"):
            assert asked in keeps_no_count
