"""How facts are dated: by ACRN's own tags, whether or not a release of that name was recorded."""

import pytest

from acrn_dm import RELEASES
from acrn_dm.release import UndatedError, before, during, since, timeline


def test_a_fact_is_dated_by_the_tag_that_made_it() -> None:
    """It holds in the recorded releases from that tag on, though the tag itself be none."""
    assert since("v1.1") == set(RELEASES) - {"v1.0"}
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
