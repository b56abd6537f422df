"""The cases as ``show`` and ``list`` tell them."""

import json

from implementations import CASES, acrn_conformance


def test_list_names_every_case() -> None:
    """A line a case: id, level, title."""
    lines = acrn_conformance("list").stdout.splitlines()
    assert [line.split()[0] for line in lines] == [case.id for case in CASES]


def test_show_tells_all_of_a_case() -> None:
    """Rule and source, request, every accepted answer."""
    shown = acrn_conformance("show", "argv-nul-in-name").stdout
    assert "level:    quirk" in shown
    assert "or:       a refusal" in shown
    assert "reason:   A NUL" in shown


def test_show_request_is_what_an_adapter_reads() -> None:
    """The line can be piped into an adapter."""
    line = acrn_conformance("show", "limits-fixed", "--request").stdout
    reply = acrn_conformance("serve", stdin=line).stdout
    assert json.loads(reply)["result"]["reserved_slot"] == 2
