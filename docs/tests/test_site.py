"""The site: each rule has its place, links lead from the repository's documents to its pages."""

from pathlib import Path

import pytest
from link_check import broken
from made_pages import ledger, lint_rules
from repository_pages import DOCS, PAGES, linked, text_of
from sphinx.errors import SphinxError

from acrn_base import reading
from acrn_cmdline.lint import REFUSALS, RULES
from acrn_conformance.cases import DIALECTS, golden
from acrn_conformance.invariants import kata_lint


def test_each_rule_and_refusal_has_its_anchor_once() -> None:
    """What `page` says of a finding is there, whichever dialect's rules found it."""
    kata = {rule.id for dialect in DIALECTS.values() for rule in kata_lint.rules(dialect)}
    text = lint_rules()
    every = kata | {rule.id for rule in RULES} | {refusal.id for refusal in REFUSALS.values()}
    for name in every:
        assert text.count(f"\n({name})=\n") == 1, name


def test_the_ledger_is_shown_whole() -> None:
    """A section an entry."""
    shown = [line[3:] for line in ledger().splitlines() if line.startswith("## ")]
    assert shown == [entry.id for entry in golden.ledger(golden.folder())]


def test_a_link_to_a_document_that_is_a_page_leads_there() -> None:
    """With its anchor, and from wherever the document stands; other files are loaded down."""
    text = "[a](README.md#a-case) [b](../hwtests/README.md) [c](ledger.json) [d](cases/)"
    assert linked(text, "golden/matrix.md") == (
        "[a](golden.md#a-case) [b](boards.md) [c](../golden/ledger.json) d"
    )


def test_code_keeps_its_links() -> None:
    """What looks like one in a block is the reader's to copy."""
    text = "```md\n[a](README.md)\n```\n"
    assert linked(text, "golden/matrix.md") == text


def test_the_page_on_security_names_the_bounds() -> None:
    """As they are for every reader."""
    page = (DOCS / "security.md").read_text("utf-8")
    assert f"at most {reading.WHOLE >> 20} MiB" in page
    assert f"for {reading.SILENCE:g} seconds, or takes {reading.WAITING:g} in all" in page


def test_a_page_of_an_unknown_maker_is_an_error() -> None:
    """It names the page."""
    with pytest.raises(SphinxError, match=r"docs/x\.md: made_pages has no nonesuch"):
        text_of("x", "<!-- page: made nonesuch -->\n")


def test_every_document_that_is_a_page_is_there() -> None:
    """Paths are of the repository."""
    root = Path(__file__).parents[2]
    assert PAGES
    assert [path for path in PAGES if not (root / path).is_file()] == []


@pytest.mark.parametrize("link", ["gone.html", "b.html#gone", "#gone", "gone.svg"])
def test_a_link_that_leads_nowhere_is_found(link: str, tmp_path: Path) -> None:
    """A page, an anchor of another page or of its own, a picture; what is there is not named."""
    tag = f'<img src="{link}">' if link.endswith(".svg") else f'<a href="{link}">x</a>'
    good = '<a href="b.html#there">x</a><a href="https://example.org/gone">x</a>'
    (tmp_path / "a.html").write_text(good + tag)
    (tmp_path / "b.html").write_text('<p id="there">')
    assert broken(tmp_path) == [f"a.html: {link} leads nowhere"]
