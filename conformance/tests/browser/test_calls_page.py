"""The page of command lines, in a real browser."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from browsing import ATTACKS, UNSEEN, Opening, violations

pytestmark = pytest.mark.browser


def lint(page: Path, *words: str) -> None:
    command = [sys.executable, "-m", "acrn_conformance", "lint", "--html", str(page), "--"]
    subprocess.run([*command, "acrn-dm", *words], check=False, capture_output=True)


def capture(page: Path, *calls: tuple[str, ...]) -> None:
    """Capture the calls of a runtime that is a script, and let the page be written."""
    script = "\n".join(shlex.join(("acrn-dm", *words)) for words in calls)
    command = (sys.executable, "-m", "acrn_conformance", "capture", "--html", str(page), "--")
    subprocess.run([*command, "sh", "-c", script], check=False, capture_output=True)


@pytest.fixture(scope="module")
def page_of_attacks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    page = tmp_path_factory.mktemp("page") / "lint.html"
    devices = [word for text in (*ATTACKS, *UNSEEN) for word in ("-s", f"3,virtio-blk,{text}")]
    lint(page, *devices, *ATTACKS)
    return page


def test_every_text_of_an_argv_stays_text(page_of_attacks: Path, opened: Opening) -> None:
    """Markup, scripts, styles and template syntax in an argv are shown, and do nothing."""
    page = opened(page_of_attacks)
    line = page.inner_text("pre.line")
    for text in ATTACKS:
        assert text.replace("'", "") in line.replace("'\"'\"'", "").replace("'", "")
    assert page.locator("img, main script, svg[onload]").count() == 0
    assert page.locator("h1").is_visible()


def test_what_nobody_would_see_is_made_visible(page_of_attacks: Path, opened: Opening) -> None:
    """Direction marks, escapes and line separators never stand in a page as they are."""
    text = opened(page_of_attacks).inner_text("body")
    assert r"\u202egnp.exe\u2066" in text
    assert r"\x1b[31m\u2028" in text
    assert not {"\u202e", "\u2066", "\x1b", "\u2028"} & set(text)


def test_a_finding_has_its_fact_and_remedy(tmp_path: Path, opened: Opening) -> None:
    """The token is marked, and what is to be done stands beside what is wrong."""
    lint(tmp_path / "lint.html", "-A", "-s", "0:0,hostbridge", "-s", "5,virtio-net,tap0", "vm")
    page = opened(tmp_path / "lint.html")
    assert page.locator("mark.bad", has_text="-A").count() == 1
    finding = page.locator(".findings li", has_text="tap-not-opened")
    assert "Fact" in finding.inner_text()
    assert "Remedy" in finding.inner_text()
    assert page.locator("svg.slotmap text", has_text="virtio-net").is_visible()


@pytest.fixture(scope="module")
def page_of_calls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    page = tmp_path_factory.mktemp("page") / "capture.html"
    devices = ("-s", "0:0,hostbridge", "-s", "3,virtio-blk,/disk.img")
    capture(page, ("-m", "512M", *devices, "first"), (*devices, *ATTACKS, *UNSEEN))
    return page


def test_each_captured_call_has_its_part(page_of_calls: Path, opened: Opening) -> None:
    """The overview leads to it: who called, the line, what each release makes of it, its slots."""
    page = opened(page_of_calls)
    links = page.locator("section[aria-labelledby=overview] tbody a")
    assert links.all_inner_texts() == ["Call 1: acrn-dm", "Call 2: acrn-dm"]
    links.first.click()
    assert page.url.endswith("#call-1")
    first = page.locator("section[aria-labelledby=call-1]")
    assert "called by sh" in first.inner_text()
    assert "-s 3,virtio-blk,/disk.img first" in first.locator("pre.line").inner_text()
    assert first.locator("svg.slotmap text", has_text="virtio-blk").is_visible()
    assert first.locator(".matrix tbody tr").count() > 0


def test_every_text_of_a_captured_call_stays_text(page_of_calls: Path, opened: Opening) -> None:
    """What a runtime calls may be an attack: it is shown, and does nothing, on any screen."""
    page = opened(page_of_calls, viewport={"width": 390, "height": 800}, color_scheme="dark")
    text = page.inner_text("body")
    assert "alert(1)" in text
    assert not {"\u202e", "\u2066", "\x1b", "\u2028"} & set(text)
    assert page.locator("img, main script, svg[onload]").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_out_of_reach(page_of_attacks: Path, opened: Opening, scheme: str) -> None:
    """An automated check of accessibility finds nothing, at any width, in light and dark."""
    page = opened(page_of_attacks, color_scheme=scheme, viewport={"width": 390, "height": 800})
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_theme_is_switched_and_remembered(page_of_attacks: Path, opened: Opening) -> None:
    """The switch goes round three themes, and another visit finds the one that was chosen."""
    page = opened(page_of_attacks, color_scheme="light")
    background = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(background)
    page.click("#theme")
    page.click("#theme")
    assert page.inner_text("#theme") == "Theme: dark"
    assert page.evaluate(background) != light

    def visited() -> str:
        page.reload()
        return page.inner_text("#theme")

    # The browser's own process learns what is stored a moment later than the page.
    assert "Theme: dark" in (visited() for _ in range(5))


def test_the_first_key_leads_past_the_head(page_of_attacks: Path, opened: Opening) -> None:
    """With a keyboard alone, one key offers to skip to the report."""
    page = opened(page_of_attacks)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the report"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
