"""The page of runs, in a real browser."""

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import pytest
from browsing import ATTACKS, UNSEEN, Opening, violations

from acrn_conformance.cases import Answer, Description, Level, Request
from acrn_conformance.implementation import Mode, Outcome, ProtocolFault, Refused, Result
from acrn_conformance.judging import Mark
from acrn_conformance.reports import html
from acrn_conformance.reports.recorded import (
    CaseResult,
    Ended,
    GoldenUsed,
    GroupResult,
    Implementation,
    Machine,
    Results,
    RuleTold,
    Search,
    Suite,
)

pytestmark = pytest.mark.browser

ARGV = ("-A", "-s", "0,virtio-net,tap0,mac=02:42:ac:11:00:02", "-s", "1,virtio-blk,/disk.img", "vm")
WRONG = (*ARGV[:2], "1,virtio-net,tap0,mac=02:42:ac:11:00:02", *ARGV[3:])
SLOTS = [1, 0, 0, 0, 0, 0, 0, 0, 0]


def built(*argv: str) -> dict[str, object]:
    return {"argv": list(argv), "block_slots": SLOTS}


def passing(name: str, family: str = "argv") -> CaseResult:
    title = f"The case {name}."
    return CaseResult(name, title, family, "argv", Level.REQUIRED, "slots", Mark.PASS)


def failing(name: str, got: Outcome | None = None) -> CaseResult:
    return msgspec.structs.replace(
        passing(name),
        verdict=Mark.FAIL,
        message="argv[2]: expected slot 0, got slot 1",
        again=f"acrn-conformance run --select {name} -- ./adapter",
        request={"config": {"name": "vm", "big": 9007199254740993}},
        expected=(Answer(built(*ARGV)), Answer(refused=True)),
        got=got or Result(built(*WRONG)),
        group=0,
    )


def run(*cases: CaseResult, name: str = "mine", dialect: str = "kata-1") -> Results:
    failed = tuple(case.id for case in cases if case.verdict is Mark.FAIL)
    about = Description(name, "1.0", "Go", 1, ("argv",))
    group = GroupResult("slots", "argv[2]", "a device sits on another slot", failed)
    return Results(
        format=2,
        suite=Suite("acrn-conformance", "1.0"),
        golden=GoldenUsed("2.0.0", "0" * 64, dialect),
        implementation=Implementation(("./adapter",), Mode.STREAM, 1, 2.0, about),
        machine=Machine("Linux", "6.1", "x86_64", "3.11.2", 2),
        started="2026-01-01T00:00:00+00:00",
        shard=None,
        selected=len(cases),
        rules={"slots": RuleTold("Devices get slots in order.", "seed 1-2")},
        cases=cases,
        groups=(group,) if failed else (),
        ended=Ended(1.0, not failed),
    )


@pytest.fixture
def page_of(tmp_path: Path) -> Callable[..., Path]:
    def write(runs: Sequence[Results], against: Results | None = None) -> Path:
        path = tmp_path / "run.html"
        path.write_text(html.page(runs, against), "utf-8")
        return path

    return write


def test_a_failing_run_says_first_what_fails(page_of: Callable[..., Path], opened: Opening) -> None:
    """The verdict in words, numbers that add up, and the difference are on the first screen."""
    page = opened(page_of([run(passing("a"), failing("b"), passing("c"))]))
    assert "Fails: 1 of 3 judged cases does not pass" in page.inner_text("h1")
    assert page.inner_text(".counts").split() == ["2", "passed", "1", "failed"]
    group = page.locator(".group").first
    assert "a device sits on another slot" in group.inner_text()
    assert "+ 1,virtio-net,tap0" in group.inner_text()


def test_a_case_opens_by_a_click_and_by_its_address(
    page_of: Callable[..., Path], opened: Opening
) -> None:
    """Its difference, both slot maps, its rule, its request and the command are there."""
    path = page_of([run(passing("a"), failing("b"))])
    page = opened(path)
    page.click("#list a:text-is('b')")
    shown = page.inner_text("dialog[open]")
    for text in (
        "argv[2]: expected slot 0, got slot 1",
        "acrn-conformance run --select b -- ./adapter",
        "Devices get slots in order. (seed 1-2)",
        "9007199254740993",
        "(a refusal)",
    ):
        assert text in shown
    assert page.locator("dialog svg.slotmap").count() == 2
    assert page.locator("dialog svg .differs").count() > 0
    again = opened(path, "#case=b&implementation=mine+1.0")
    assert again.inner_text("dialog[open]") == shown


def test_a_page_of_many_failures_is_small_and_tells_of_each(
    page_of: Callable[..., Path], opened: Opening
) -> None:
    """Some examples are whole; of any other case there are its difference and its command."""
    cases = []
    for number in range(1_400):
        tokens = [f"{place},virtio-blk,/disk-{number}-{place}" for place in range(60)]
        cases.append(failing(f"case-{number}", Result(built(*tokens))))
    path = page_of([run(*cases)])
    assert path.stat().st_size < 1_000_000
    page = opened(path)
    page.click("#list a:text-is('case-1')")
    assert "disk-1-7" in page.inner_text("dialog[open]")
    shown = opened(path, "#case=case-1399").inner_text("dialog[open]")
    for text in (
        "argv[2]: expected slot 0, got slot 1",
        "acrn-conformance run --select case-1399 -- ./adapter",
        "the results file (--json) has all",
    ):
        assert text in shown
    assert "disk-1399-7" not in shown


def test_a_leak_is_told_at_its_group(page_of: Callable[..., Path], opened: Opening) -> None:
    """Behind which case it fails, and the command that asks both, as in a terminal."""
    leaking = msgspec.structs.replace(
        failing("b"), leak=("a", "b"), again="acrn-conformance run --select a --select b -- ./x"
    )
    page = opened(page_of([run(passing("a"), leaking)]))
    said = page.inner_text(".group")
    assert "it passes alone, and fails behind a: state leaks between requests" in said
    assert "acrn-conformance run --select a --select b -- ./x" in said
    assert violations(page) == []


def test_a_keyboard_is_enough(page_of: Callable[..., Path], opened: Opening) -> None:
    """A case is reached, read and left with keys, and the focus comes back to where it was."""
    page = opened(page_of([run(failing("a"), failing("b"))]))
    page.focus("#list a:text-is('b')")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id == 'detail-h'")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="hidden")
    page.wait_for_function("document.activeElement.textContent == 'b'")


def test_the_filter_is_part_of_the_address(page_of: Callable[..., Path], opened: Opening) -> None:
    """Verdict, family and text narrow the list, and the address brings it back."""
    path = page_of([run(passing("ab"), failing("bc"), passing("cd", "limits"))])
    page = opened(path)
    page.select_option("[name=verdict]", "bad")
    assert page.locator("#list tbody tr").count() == 1
    page.select_option("[name=verdict]", "")
    page.fill("[name=q]", "limits cd")
    assert page.inner_text("#found") == "1 of 3 cases"
    fragment = f"#{page.url.partition('#')[2]}"
    assert opened(path, fragment).locator("#list tbody tr").count() == 1
    page.click("text=Clear")
    assert page.locator("#list tbody tr").count() == 3


def test_a_cell_of_the_matrix_leads_to_its_cases(
    page_of: Callable[..., Path], opened: Opening
) -> None:
    """From a family of an implementation one comes to the cases that were counted."""
    runs = [run(passing("a"), passing("b", "limits")), run(failing("a"), name="other")]
    page = opened(page_of(runs))
    page.click(".matrix td.bad a")
    assert page.inner_text("#found") == "1 of 2 cases"
    assert "other 1.0" in page.inner_text("#list thead")


def test_a_search_shows_what_it_found(page_of: Callable[..., Path], opened: Opening) -> None:
    """Its numbers are those of requests; the finding has what was asked before it."""
    behind = (Request("argv", {"config": {"name": "earlier"}}),)
    leak = ("found-1-1", "found-1")
    found = msgspec.structs.replace(failing("found-1"), leak=leak, behind=behind)
    asked = {"argv": 1_200, "limits": 34}
    search = msgspec.structs.replace(
        run(found), search=Search(7, None, asked, 1, ("9 of 12 boundaries",))
    )
    page = opened(page_of([search]))
    assert "Fails: 1 of 1,234 requests does not pass" in page.inner_text("h1")
    assert page.inner_text(".counts").split() == ["1,233", "passed", "1", "failed"]
    assert "drawn at random, seed 7" in page.inner_text(".card .sum")
    cells = page.locator(".matrix td").all_inner_texts()
    assert ["".join(each.split()) for each in cells] == ["1199/1200", "34/34"]
    page.click(".matrix td.bad a")
    page.click("#list a:text-is('found-1')")
    shown = page.inner_text("dialog[open]")
    assert "Asked before it, of the same process" in shown
    assert '"earlier"' in shown
    assert violations(page) == []


def test_a_search_that_finds_nothing_has_no_list(
    page_of: Callable[..., Path], opened: Opening
) -> None:
    """Its page says how much was asked, and is as accessible as any."""
    search = msgspec.structs.replace(run(), search=Search(7, None, {"argv": 1_200}))
    page = opened(page_of([search]))
    assert "Passes: nothing found in 1,200 requests" in page.inner_text("h1")
    assert not page.locator("#cases").is_visible()
    assert page.locator("a[href='#cases']").count() == 0
    assert violations(page) == []


def test_two_runs_are_compared(page_of: Callable[..., Path], opened: Opening) -> None:
    """Broken, fixed, new and gone cases stand before all others."""
    now = run(failing("broke"), passing("mended"), passing("came"))
    before = run(passing("broke"), failing("mended"), passing("went"))
    page = opened(page_of([now], before))
    said = page.inner_text("#changes")
    for text in ("broken: 1", "fixed: 1", "new: 1", "gone: 1", "went"):
        assert text in said
    page.click("#changes a:text-is('broke')")
    assert page.inner_text("dialog h2") == "broke"


def test_what_is_missing_is_said(page_of: Callable[..., Path], opened: Opening) -> None:
    """A run that was interrupted, and a shard alone, never look like a whole one."""
    cut = msgspec.structs.replace(run(passing("a")), ended=None, selected=10, shard="1/3")
    third = msgspec.structs.replace(run(passing("b")), shard="3/3")
    said = opened(page_of([cut, third])).inner_text("main")
    assert "mine 1.0, kata-1: shard 2/3 is missing" in said
    assert "Interrupted" in said
    assert "1 case of 10" in said
    assert "Shard 1/3 alone" in said
    assert "9 not judged" in said


def test_every_text_of_an_implementation_stays_text(
    page_of: Callable[..., Path], opened: Opening
) -> None:
    """Names, messages, tokens, commands, ids and rules may be attacks: they are shown."""
    for_all = " ".join((*ATTACKS, *UNSEEN))
    case = msgspec.structs.replace(
        failing(for_all, Result(built(*ATTACKS, *UNSEEN))),
        title=for_all,
        family=for_all,
        rule=for_all,
        message=for_all,
        again=for_all,
        known_failure="",
        leak=(for_all,),
        request={for_all: for_all},
    )
    refused = failing("refused", Refused(1, for_all))
    bad = run(case, refused, name=for_all)
    told = Ended(1.0, passed=False, complaints=(for_all,), remarks=(for_all,))
    fault = ProtocolFault("not-json", for_all, for_all, 2)
    bad = msgspec.structs.replace(
        bad,
        rules={for_all: RuleTold(for_all, for_all)},
        groups=(GroupResult(for_all, for_all, for_all, (for_all,)),),
        faults=(fault,),
        ended=told,
    )
    page = opened(page_of([bad], bad))
    page.click("#list tbody tr a >> nth=0")
    page.wait_for_selector("dialog[open]")
    text = page.inner_text("body")
    assert ATTACKS[0] in text
    assert not {"\u202e", "\u2066", "\x1b", "\u2028"} & set(text)
    assert page.locator("img, main script, dialog script, svg[onload]").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_out_of_reach(
    page_of: Callable[..., Path], opened: Opening, scheme: str
) -> None:
    """An automated check of accessibility finds nothing, in the page and in an open case."""
    path = page_of([run(passing("a"), failing("b"))], run(failing("a"), passing("b")))
    page = opened(path, color_scheme=scheme)
    assert violations(page) == []
    page.click("#list a:text-is('b')")
    assert violations(page) == []


def test_a_large_matrix_draws_only_what_is_looked_at(
    page_of: Callable[..., Path], opened: Opening
) -> None:
    """Of 2,000 cases of ten implementations few rows are made at first, and search finds any."""
    cases = [failing(f"case-{number}") for number in range(2_000)]
    page = opened(page_of([run(*cases, name=f"impl-{number}") for number in range(10)]))
    assert page.locator("#list tbody tr").count() < 200
    page.fill("[name=q]", "case-1999")
    assert page.inner_text("#found") == "1 of 2,000 cases"
    page.click("#list tbody a >> nth=0")
    assert page.inner_text("dialog h2") == "case-1999"


def test_paper_has_the_whole_list(page_of: Callable[..., Path], opened: Opening) -> None:
    """In print all rows are there, black on white, without what only a screen can use."""
    page = opened(
        page_of([run(*(passing(f"case-{number}") for number in range(300)))]), color_scheme="dark"
    )
    assert page.pdf().startswith(b"%PDF")
    page.emulate_media(media="print")
    assert page.locator("#list tbody tr").count() == 300
    assert not page.locator("#filter").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
