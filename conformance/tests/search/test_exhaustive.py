"""Every list up to a length: numbered, foreseen, judged, in parts."""

import json
from pathlib import Path

import every_third
from implementations import PYTHON, SERVE, wrong
from searched import fuzz

from acrn_conformance import oracle
from acrn_conformance.cases import DIALECTS, KATA_1, Fields, given_devices
from acrn_conformance.search import exhaustive

LISTS = exhaustive.Lists(KATA_1)
DEVICES = LISTS.devices


def listed(number: int) -> list[Fields]:
    return given_devices(LISTS.request(number))


def test_every_short_list_is_judged(tmp_path: Path) -> None:
    """All lists of up to two of thirty devices, and no false alarm."""
    run = fuzz("--exhaustive", "2", "--", *SERVE, cwd=tmp_path)
    assert run.returncode == 0
    assert "931 cases judged, 0 failing" in run.stdout


def test_a_shard_is_its_part_of_the_whole(tmp_path: Path) -> None:
    """Shards together are all lists; one alone is judged as such."""
    parts = [LISTS.shard(2, part, 4) for part in (1, 2, 3, 4)]
    assert [number for part in parts for number in part] == list(range(931))
    run = fuzz("--exhaustive", "2", "--shard", "2/4", cwd=tmp_path)
    assert "part 2 of 4: 233 cases judged" in run.stdout


def test_lists_are_numbered_shorter_ones_first() -> None:
    """Each number is one list, in a fixed order."""
    lists = [listed(number) for number in range(LISTS.total(2))]
    assert listed(931) == [DEVICES[0]] * 3
    assert lists[0] == []
    assert lists[1] == [DEVICES[0]]
    assert lists[31] == [DEVICES[0], DEVICES[0]]
    assert lists[-1] == [DEVICES[-1], DEVICES[-1]]
    assert len({json.dumps(one) for one in lists}) == 931


def test_the_exhaustive_search_finds_a_wrong_pair(tmp_path: Path) -> None:
    """The first failing list is a shortest one, and the rule that it breaks is named."""
    command = wrong("old = devices.Lpc.params; devices.Lpc.params = lambda s, n: old(s, n)[:-1]")
    words = ("--exhaustive", "2", "--output", "c.json", "--json", "r.json")
    run = fuzz(*words, "--", *command, cwd=tmp_path)
    assert run.returncode == 1
    assert "rule lpc-text: " in run.stdout
    groups = json.loads((tmp_path / "r.json").read_bytes())["groups"]
    assert {group["rule"] for group in groups} == {"lpc-text"}
    case, *_ = json.loads((tmp_path / "c.json").read_text("utf-8"))
    assert len(case["request"]["params"]["config"]["devices"]) == 1


def test_lists_that_fail_are_told_in_groups(tmp_path: Path) -> None:
    """As `run` tells them: counts, rules, an example of each group, which the file holds."""
    command = wrong(
        "old, lpc = devices.Block.params, devices.Lpc.params; "
        "devices.Lpc.params = lambda s, n: lpc(s, n)[:-1]; devices.Block.params = "
        "lambda s, slot: ('-s', 'x') if s.index == 8 else old(s, slot)"
    )
    words = ("--exhaustive", "2", "--output", "c.json", "--json", "r.json")
    run = fuzz(*words, "--", *command, cwd=tmp_path)
    found = json.loads((tmp_path / "r.json").read_bytes())
    assert (
        len(found["cases"])
        == found["search"]["failing"]
        == sum(len(group["cases"]) for group in found["groups"])
    )
    assert {group["rule"] for group in found["groups"]} == {"lpc-text", "text-unchanged"}
    assert (
        f" {len(found['groups'][0]['cases']) - 1} more, argv: -lcom1,stdio is missing" in run.stdout
    )
    written = [case["id"] for case in json.loads((tmp_path / "c.json").read_bytes())]
    assert written == [group["cases"][0] for group in found["groups"]]
    again = {case["id"]: case.get("again", "") for case in found["cases"]}
    assert all(f"--select {name} -- " in again.pop(name) for name in written)
    assert not any(again.values())
    assert len(run.stdout.splitlines()) < 2 * 48


def test_device_lists_of_the_oracle_are_its_answers() -> None:
    """The quick way to many answers gives the same as the ordinary one, in each dialect."""
    for dialect in DIALECTS.values():
        lists = exhaustive.Lists(dialect)
        for key, prepared in lists.prepared(lists.shard(2, 1, 1)):
            answer = oracle.answer(dialect, "argv", lists.request(key.number).params)
            assert json.loads(key.due) == answer
            assert prepared.foreseen
            assert prepared.foreseen.encoded == key.due


def test_what_was_not_asked_is_not_counted_as_judged(tmp_path: Path) -> None:
    """An implementation that never answers is given up, and that is said."""
    silent = (*PYTHON, "-c", "import sys; [0 for _ in sys.stdin]")
    words = ("--timeout", "0.02", "--exhaustive", "1", "--output", "c.json", "--", *silent)
    run = fuzz(*words, cwd=tmp_path)
    assert run.returncode == 1
    assert "of them not asked any more" in run.stdout


def test_a_death_is_told_of_lists_as_well(tmp_path: Path) -> None:
    """Whatever asks, what a retry heals is no pass."""
    command = (*PYTHON, every_third.__file__, "ended")
    run = fuzz("--exhaustive", "1", "--json", "r.json", "--", *command, cwd=tmp_path)
    assert run.returncode == 1
    assert "protocol broken: ended (" in run.stdout
    told = "asked again, one by one: it ended ("
    assert f"note: {told}" in run.stdout
    failing = "31 cases judged, 0 failing, the contract of the wire was broken: FAIL"
    assert run.stdout.splitlines()[-1].endswith(failing)
    remarks = json.loads((tmp_path / "r.json").read_bytes())["ended"]["remarks"]
    assert remarks
    assert all(remark.startswith(told) for remark in remarks)
