"""What was found is made as small as it can be."""

from collections.abc import Callable

import pytest

from acrn_conformance.cases import Request
from acrn_conformance.search.reduce import reduced

FAR = 1e12


def test_a_request_is_made_as_small_as_it_can_be() -> None:
    """Nothing is left that could be taken away."""
    request = Request("m", {"a": [1, 900, {"kind": "k", "t": "xx,yy"}], "b": "gone", "c": True})
    smallest = reduced(request, lambda r: "," in str(r.params.get("a")), FAR)
    assert smallest.params == {"a": [{"kind": "k", "t": ""}]}
    assert reduced(request, lambda r: "y" in str(r.params), FAR).params == {
        "a": [{"kind": "k", "t": "y"}]
    }


@pytest.mark.parametrize(
    ("value", "fails", "smallest"),
    [
        ((1 << 53) - 1, lambda value: value > 1_000_003, 1_000_004),
        (-(1 << 40), lambda value: value < -5, -6),
        ("\u65e5a,b\u05d0,c", lambda value: value.count(",") == 2, ",,"),
        ("\u65e5", bool, "a"),
        ("\x1b\u65e5", lambda value: "\u65e5" in value, "\u65e5"),
    ],
)
def test_a_value_is_as_simple_as_it_can_be(
    value: object, fails: Callable[[object], bool], smallest: object
) -> None:
    """An integer is the nearest to 0, a text has no character too many, and no odd one for none."""
    small = reduced(
        Request("m", {"a": value}), lambda r: "a" in r.params and fails(r.params["a"]), FAR
    )
    assert small.params == {"a": smallest}
