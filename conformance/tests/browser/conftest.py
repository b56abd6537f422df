"""Pages in Debian's Chromium: what one says on its console, asks for, or opens, is kept."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from browsing import Opening

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only `tox -e browser` has it

    path = shutil.which("chromium")
    assert path, "there is no chromium; tox -e browser installs it"
    with sync_playwright() as driver:
        # Root, as a CI is, has no sandbox.
        started = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def opened(browser: "Browser") -> Iterator[Opening]:
    """Open a file; at the end, no page has said, asked or opened anything that it must not."""
    wrong: list[str] = []
    contexts: list[BrowserContext] = []

    def open_file(path: Path, fragment: str = "", **options: Any) -> "Page":
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda said: wrong.append(f"console: {said.text}"))
        page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
        page.on("dialog", lambda dialog: wrong.append(f"dialog: {dialog.message}"))
        page.on("popup", lambda _: wrong.append("popup"))
        page.on("request", lambda asked: _note(asked.url, path, wrong))
        page.goto(f"{path.as_uri()}{fragment}")
        return page

    yield open_file
    for context in contexts:
        context.close()
    assert wrong == []


def _note(url: str, path: Path, wrong: list[str]) -> None:
    if not url.startswith((path.as_uri(), "data:,")):
        wrong.append(f"request: {url}")
