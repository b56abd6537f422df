"""Every link within the built site has its page, and every anchor its place there."""

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sphinx.application import Sphinx
from sphinx.errors import SphinxError

_LINKS = {"a": "href", "link": "href", "img": "src", "script": "src"}


class _Page(HTMLParser):
    """What a page links to, and which anchors it has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.anchors: set[str] = {"", "top"}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of a tag."""
        given = dict(attrs)
        if link := given.get(_LINKS.get(tag, "")):
            self.links.add(link)
        self.anchors.update(filter(None, (given.get("id"), given.get("name"))))


def broken(site: Path) -> list[str]:
    """Return the links of a built site that lead nowhere; those to other hosts are not followed."""
    pages = {path: _Page(path.read_text("utf-8")) for path in site.rglob("*.html")}
    found = []
    for path, page in sorted(pages.items()):
        for link in sorted(page.links):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            there = pages.get(target)
            lost = there and unquote(parts.fragment) not in there.anchors
            if lost or not target.exists():
                found.append(f"{path.relative_to(site)}: {link} leads nowhere")
    return found


def _finished(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.name != "html":
        return
    if found := broken(Path(app.outdir).resolve()):
        raise SphinxError("\n".join(found))


def setup(app: Sphinx) -> dict[str, bool]:
    """Join Sphinx."""
    app.connect("build-finished", _finished)
    return {"parallel_read_safe": True}
