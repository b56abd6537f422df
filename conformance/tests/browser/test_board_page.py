"""The page of a run on a board, in a real browser: what a guest says on its console stays text."""

from pathlib import Path

import pytest
from board_results import facts, results
from browsing import ATTACKS, UNSEEN, Opening, violations

from acrn_hwtests import page
from acrn_hwtests.report import CheckResult, Verdict
from acrn_hwtests.transcript import Folder, Header

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page_of_attacks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every text that a guest, a board or a check may give attacks the page."""
    folder = tmp_path_factory.mktemp("page")
    hostile = "".join((*ATTACKS, *UNSEEN))
    header = Header(
        board=hostile,
        board_class="stand-in",
        release="v2.5",
        program=hostile,
        argv=(*ATTACKS, *UNSEEN),
        kernel=hostile,
        kernel_sha256="",
        image="",
        image_sha256="",
        started="",
    )
    transcripts = Folder(folder / "boots", header)
    stream = transcripts.stream("hvc0")
    for said in (*ATTACKS, *UNSEEN):
        stream.add("<", f"{said}\r\n".encode())
    transcripts.close("", hostile)
    message = "\n".join(("first", *ATTACKS, *UNSEEN))
    checks = (
        CheckResult("boots", hostile, Verdict.FAIL, 1.0, message, ("boots",)),
        CheckResult("good", "It holds.", Verdict.PASS, 1.0),
    )
    run = results(*checks, board=facts(host=hostile), transcripts=str(folder))
    (folder / "page.html").write_bytes(page.document(run))
    return folder / "page.html"


def test_every_text_of_a_guest_stays_text(page_of_attacks: Path, opened: Opening) -> None:
    """Markup, scripts, styles and template syntax are shown, and do nothing."""
    found = opened(page_of_attacks)
    for summary in found.locator("details > summary").all():
        summary.click()
    console = found.inner_text("pre.console")
    message = found.inner_text("#check-boots > pre")
    for text in ATTACKS:
        assert text.replace("'", "\\'") in console  # as a transcript has it, escaped once
        assert text in message
    assert found.locator("img, main script, svg[onload]").count() == 0
    assert not {"\u202e", "\u2066", "\x1b", "\u2028"} & set(found.inner_text("body"))


def test_consoles_are_folded_and_open_by_a_key(page_of_attacks: Path, opened: Opening) -> None:
    """The failed check comes first; its guest and then its console open by the keyboard alone."""
    found = opened(page_of_attacks)
    assert found.locator("h3").first.inner_text() == "boots"
    console = found.locator("pre.console")
    assert not console.is_visible()
    for name in ("Guest 1", "hvc0"):
        found.locator("summary", has_text=name).last.press("Enter")
    assert console.is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_out_of_reach(page_of_attacks: Path, opened: Opening, scheme: str) -> None:
    """An automated check of accessibility finds nothing, with all unfolded on a narrow screen."""
    found = opened(page_of_attacks, color_scheme=scheme, viewport={"width": 390, "height": 800})
    for summary in found.locator("details > summary").all():
        summary.click()
    assert violations(found) == []
    assert found.evaluate("document.documentElement.scrollWidth") <= 390
