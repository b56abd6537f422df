"""The search finds what is wrong, makes it small, and leaves alone what is right."""

import json
import subprocess
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from pathlib import Path

import every_third
import pytest
from implementations import ARGV_ALONE, COMMAND, PYTHON, SERVE, claiming, wrong

from acrn_conformance import oracle
from acrn_conformance.cases import DIALECTS, KATA_1, Dialect, Fields, Request, given_devices
from acrn_conformance.search import exhaustive
from acrn_conformance.search.drawing import Drawing, seeded
from acrn_conformance.search.fuzz import Limits, dealt, rounds
from acrn_conformance.search.odd_values import odd_values
from acrn_conformance.search.reduce import reduced
from acrn_conformance.search.variations import variations

FAR = 1e12


def fuzz(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [*COMMAND, "fuzz", *words]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def faulty(where: str, fault: str) -> tuple[str, ...]:
    """Return the command of a reference with a fault in the argv of some block devices."""
    return wrong(
        f"{ARGV_ALONE}; old = devices.Block.params; "
        "devices.Block.params = lambda self, slot: old(self, slot)"
        f" if not ({where}) else {fault}"
    )


RARE = "self.index == 8 and ',' in self.file_path and slot > 30"


def test_the_reference_survives(tmp_path: Path) -> None:
    """No false alarm; the seed and what was covered are said."""
    run = fuzz("--examples", "3000", "--seed", "7", "--", *SERVE, cwd=tmp_path)
    assert run.returncode == 0, run.stdout
    assert run.stdout.startswith("searching in kata-1, seed 7\n")
    assert " requests judged: " in run.stdout
    assert "pairs of neighbouring kinds" in run.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_rare_fault_is_found_small_and_can_be_replayed(tmp_path: Path) -> None:
    """Three conditions at once: the case that is left has nothing that does not matter."""
    command = faulty(RARE, "('-s', 'x')")
    run = fuzz(
        "--examples", "60000", "--seed", "1", "--output", "c.json", "--", *command, cwd=tmp_path
    )
    assert run.returncode == 1
    assert "  + x" in run.stdout.splitlines()
    (case,) = json.loads((tmp_path / "c.json").read_text("utf-8"))
    devices = case["request"]["params"]["config"]["devices"]
    assert len(devices) <= 32
    assert devices[-1] == {"kind": "block", "file_path": ",", "index": 8}
    for command_, status in ((command, 1), (SERVE, 0)):
        words = [*COMMAND, "run", "--cases", "c.json", "--", *command_]
        assert (
            subprocess.run(words, cwd=tmp_path, capture_output=True, check=False).returncode
            == status
        )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("__import__('os')._exit(5)", "ERROR found-"),
        ("__import__('time').sleep(60)", "TIMEOUT found-"),
    ],
)
def test_a_crash_or_a_hang_is_a_finding_too(tmp_path: Path, fault: str, said: str) -> None:
    """It is made smaller like any other."""
    command = faulty("self.index == 8", fault)
    words = ("--examples", "60000", "--seed", "1", "--timeout", "0.5", "--output", "c.json")
    run = fuzz(*words, "--", *command, cwd=tmp_path)
    assert run.returncode == 1
    assert said in run.stdout
    (case,) = json.loads((tmp_path / "c.json").read_text("utf-8"))
    (device,) = case["request"]["params"]["config"]["devices"]
    assert device == {"kind": "block", "file_path": "/", "index": 8}


def test_a_death_that_no_request_is_to_blame_for_is_the_implementations(tmp_path: Path) -> None:
    """One that dies after so many requests fails none of them; the search fails all the same."""
    command = wrong(
        "import os; from itertools import count; asked = count(); "
        "answer = replying(KATA_1); replying = lambda _: lambda line: "
        "answer(line) if next(asked) < 200 else os._exit(3)"
    )
    words = ("--examples", "500", "--seed", "7", "--json", "r.json")
    run = fuzz(*words, "--", *command, cwd=tmp_path)
    assert run.returncode == 1, run.stdout
    told = "it ended (exit status 3) before it answered"
    assert f"protocol broken: ended (2x): {told}; the first: behind " in run.stdout
    (fault,) = json.loads((tmp_path / "r.json").read_bytes())["faults"]
    assert (fault["kind"], fault["message"]) == ("ended", told)


@pytest.mark.slow
def test_a_death_is_told_of_lists_as_well(tmp_path: Path) -> None:
    """Whatever asks, what a retry heals is no pass."""
    command = (*PYTHON, every_third.__file__, "ended")
    run = fuzz("--exhaustive", "1", "--", *command, cwd=tmp_path)
    assert run.returncode == 1
    assert "protocol broken: ended (" in run.stdout
    assert "31 cases judged, 0 failing" in run.stdout


def test_what_was_found_is_tried_first_the_next_time(tmp_path: Path) -> None:
    """A database folder remembers."""
    command = faulty("self.index == 8 and ',' in self.file_path", "('-s', 'x')")
    words = ("--examples", "60000", "--database", "found", "--output", "c.json", "--", *command)
    first = fuzz("--seed", "1", *words, cwd=tmp_path)
    again = fuzz("--seed", "99", *words, cwd=tmp_path)
    assert first.returncode == again.returncode == 1

    def judged(text: str) -> int:
        line = next(line for line in text.splitlines() if " requests judged: " in line)
        return int(line.split()[0].replace(",", ""))

    assert judged(again.stdout) < judged(first.stdout)


def test_what_is_left_is_legal_on_the_wire(tmp_path: Path) -> None:
    """Making it smaller never makes a request malformed."""
    fault = "answers.POOL_SIZE = 9; from acrn_arch import sandbox; sandbox.POOL_SIZE = 9"
    line = f"{fault}; answers.POOL_SIZE = 8"
    words = ("--examples", "20000", "--seed", "3", "--output", "c.json")
    run = fuzz(*words, "--", *wrong(line), cwd=tmp_path)
    assert run.returncode == 1
    (case,) = json.loads((tmp_path / "c.json").read_text("utf-8"))
    oracle.expected(KATA_1, Request(case["request"]["method"], case["request"]["params"]))


def test_a_database_that_holds_something_else_is_said_in_a_line(tmp_path: Path) -> None:
    """A file there that is no case file is named."""
    (tmp_path / "found-x.json").write_text("{}", "utf-8")
    run = fuzz("--examples", "10", "--database", ".", cwd=tmp_path)
    assert run.returncode == 0
    assert "found-x.json" in run.stderr


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


LISTS = exhaustive.Lists(KATA_1)
DEVICES = LISTS.devices


def listed(number: int) -> list[Fields]:
    return given_devices(LISTS.request(number))


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
    """The first failing list is a shortest one."""
    command = wrong("old = devices.Lpc.params; devices.Lpc.params = lambda s, n: old(s, n)[:-1]")
    run = fuzz("--exhaustive", "2", "--output", "c.json", "--", *command, cwd=tmp_path)
    assert run.returncode == 1
    (case,) = json.loads((tmp_path / "c.json").read_text("utf-8"))
    assert len(case["request"]["params"]["config"]["devices"]) == 1


def test_device_lists_of_the_oracle_are_its_answers() -> None:
    """The quick way to many answers gives the same as the ordinary one, in each dialect."""
    for dialect in DIALECTS.values():
        lists = exhaustive.Lists(dialect)
        for key, prepared in lists.prepared(lists.shard(2, 1, 1)):
            answer = oracle.answer(dialect, "argv", lists.request(key.number).params)
            assert json.loads(key.due) == answer
            assert prepared.foreseen.encoded == key.due


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=lambda dialect: dialect.name)
def test_answers_to_requests_that_share_their_parts_are_the_oracles(dialect: Dialect) -> None:
    """The quick way of a search gives what the ordinary one gives, refusals too."""
    drawing, random, answering = Drawing(dialect), seeded(7, 0), oracle.Answering(dialect)
    for drawn in (drawing.request(random) for _ in range(60)):
        for request in (drawn, *variations(drawn)):
            assert answering.expected(request) == oracle.expected(dialect, request)


def test_a_seed_draws_the_same_requests_once_more() -> None:
    """And another one others."""
    first, again, other = (
        [Drawing(KATA_1).request(random) for _ in range(50)]
        for random in (seeded(1, 0), seeded(1, 0), seeded(2, 0))
    )
    assert first == again != other


def test_shards_of_a_seed_are_together_the_whole_search() -> None:
    """What is drawn for one is drawn for no other."""
    whole, first, second = (
        list(islice(fuzz_rounds(part, parts), rounds))
        for part, parts, rounds in ((1, 1, 4), (1, 2, 2), (2, 2, 2))
    )
    assert [first[0], second[0], first[1], second[1]] == whole
    assert first != second


def fuzz_rounds(part: int, parts: int) -> Iterator[list[Request]]:
    limits = Limits(1, 1.0, seed=5, part=part, parts=parts)
    return rounds(Drawing(KATA_1), limits)


def test_shards_deal_every_odd_value_once() -> None:
    """Each to one of them, and as the seed has it."""
    parts = [list(dealt(KATA_1, Limits(1, 1.0, seed=5, part=part, parts=3))) for part in (1, 2, 3)]

    def written(requests: Iterable[Request]) -> list[str]:
        return sorted(json.dumps([each.method, each.params]) for each in requests)

    assert written(chain.from_iterable(parts)) == written(odd_values(KATA_1))
    again, other = (
        list(dealt(KATA_1, Limits(1, 1.0, seed=seed, part=1, parts=3))) for seed in (5, 6)
    )
    assert again == parts[0] != other


def test_a_short_search_asks_every_method(tmp_path: Path) -> None:
    """No method waits for another's odd values, and what is drawn does not wait for them either."""
    run = fuzz("--examples", "300", "--seed", "4", "--", *SERVE, cwd=tmp_path)
    counted = next(line for line in run.stdout.splitlines() if " requests judged: " in line)
    judged = dict(each.rsplit(" ", 1) for each in counted.partition(": ")[2].split(", "))
    assert set(judged) == {method.name for method in KATA_1.methods if method.asks}
    assert min(map(int, judged.values())) >= 10


def test_a_comma_in_one_form_of_one_device_is_soon_found(tmp_path: Path) -> None:
    """Every form of a device comes with a comma in each of its texts."""
    lost = "[text.replace(',', '') for text in old(self, slot)]"
    line = (
        "old = devices.Console.params; devices.Console.params = lambda self, slot: "
        f"{lost} if self.backend == 'file' and ',' in self.path else old(self, slot)"
    )
    words = ("--examples", "20000", "--seed", "7", "--output", "c.json")
    run = fuzz(*words, "--", *wrong(line), cwd=tmp_path)
    assert run.returncode == 1, run.stdout
    assert "virtio-console,file:" in run.stdout


def test_a_shard_of_a_search_asks_its_part_of_the_odd_values(tmp_path: Path) -> None:
    """It says which part it is; every second request is one of its odd values."""
    (tmp_path / "noting.py").write_text(NOTING, "utf-8")
    words = ("--seed", "5", "--shard", "2/3", "--examples", "100")
    run = fuzz(*words, "--", *PYTHON, "noting.py", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith("searching in kata-1, seed 5, part 2 of 3\n")
    asked = [json.loads(line) for line in (tmp_path / "asked").read_bytes().splitlines()]
    first = dealt(KATA_1, Limits(1, 1.0, seed=5, part=2, parts=3))
    params = [each["params"] for each in asked if each["method"] != "describe"][::2]
    assert len(params) >= 50
    assert params == [request.params for request in islice(first, len(params))]


NOTING = """
import sys
from acrn_conformance.cases import KATA_1
from acrn_conformance.oracle import replying
reply = replying(KATA_1)
with open("asked", "ab") as asked:
    for line in sys.stdin.buffer:
        asked.write(line)
        asked.flush()
        sys.stdout.buffer.write(reply(line))
        sys.stdout.buffer.flush()
"""


def test_every_variation_is_answered_or_refused() -> None:
    """Variations of a request are legal on the wire."""
    config = {"name": "n", "kernel": {"path": "/k"}, "devices": list(DEVICES[:20:3])}
    for request in variations(Request("argv", {"config": config})):
        oracle.expected(KATA_1, request)
    steps = [{"append": "block_device", "file": "/a", "index": 1}]
    for method in ("sandbox_argv", "append_devices"):
        for request in variations(Request(method, {"image_path": "/i", "steps": steps})):
            oracle.expected(KATA_1, request)


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


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--", "/nonexistent/adapter"), "cannot execute /nonexistent/adapter"),
        (("--", "false"), "cannot be started"),
        (("--database", "/dev/null"), "--database /dev/null: "),
        (("--database", "/proc/self"), "--database /proc/self: not writable"),
        (("--exhaustive", "1", "--shard", "3/2"), "is not I/K with I from 1 to K"),
        (("--exhaustive", "1", "--shard", "0/2"), "is not I/K"),
        (("--shard", "1/2"), "--shard is a part of one search; give all of them the same --seed"),
        (("--exhaustive", "99"), "is not a number from 0 to 6"),
        (("--examples", "0"), "is not a number from 1"),
        (("--seed", "x"), "is not a number from 0"),
        (("--examples", "5", "--", *claiming("limits")), "claims no method"),
        (("--exhaustive", "1", "--", *claiming("limits")), "does not claim argv"),
    ],
)
def test_unusable_input_is_said_in_a_line(
    tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    """Exit status 2, the reason and the remedy, nothing left behind."""
    run = fuzz(*words, cwd=tmp_path)
    assert run.returncode == 2, run.stdout
    assert message in run.stderr
    assert "Traceback" not in run.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_case_file_that_cannot_be_read_is_said_in_a_line(tmp_path: Path) -> None:
    """The file is named, and what is wrong with it."""
    (tmp_path / "c.json").write_text('[{"id": 1}]', "utf-8")
    for path, message in (("c.json", "$[0].id"), ("none.json", "No such file")):
        words = [*COMMAND, "run", "--cases", path]
        run = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert run.returncode == 2
        assert message in run.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--output", "/nonexistent/c.json"), "not writable"),
        (("--output", "/"), "not writable"),
        (("--exhaustive", "1", "--seed", "3"), "leave out --seed"),
    ],
)
def test_nothing_is_searched_whose_finding_could_not_be_kept(
    tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    """A place to write and options that mean nothing are looked at first."""
    run = fuzz(*words, cwd=tmp_path)
    assert run.returncode == 2
    assert message in run.stderr
    assert run.stdout == ""


def test_what_was_not_asked_is_not_counted_as_judged(tmp_path: Path) -> None:
    """An implementation that never answers is given up, and that is said."""
    silent = (*PYTHON, "-c", "import sys; [0 for _ in sys.stdin]")
    words = ("--timeout", "0.02", "--exhaustive", "1", "--output", "c.json", "--", *silent)
    run = fuzz(*words, cwd=tmp_path)
    assert run.returncode == 1
    assert "of them not asked any more" in run.stdout
