"""Pages whose text stands elsewhere in the repository: read from there at each build, never copied.

The first line of such a page says whence: ``<!-- page: golden/README.md -->`` a document,
``<!-- page: made lint_rules -->`` a function of `made_pages`. What follows it is for those who read
the page without building the site, but for tables of contents, which stay. In every page a link to
a document that is a page leads there.
"""

import re
from pathlib import Path, PurePosixPath
from posixpath import normpath, relpath
from typing import Any

import made_pages
from sphinx.application import Sphinx
from sphinx.errors import SphinxError

DOCS = Path(__file__).parents[1]
REPOSITORY = DOCS.parent

_STUB = re.compile(r"<!-- page: (?:(?P<made>made )(?P<name>\w+)|(?P<path>\S+)) -->\n")
_LINK = re.compile(r"(?<=\]\()(?P<target>[^)\s:#]+)(?P<anchor>#[^)\s]*)?(?=\))")
_FENCED = re.compile(r"(^ *```.*?^ *```)", re.DOTALL | re.MULTILINE)
_CONTENTS = re.compile(r"^```\{toctree\}.*", re.DOTALL | re.MULTILINE)


def _pages() -> dict[str, str]:
    """Return which page has the text of each document, by its path in the repository."""
    found = {}
    for page in DOCS.glob("*.md"):
        stub = _STUB.match(page.read_text("utf-8"))
        if stub and stub["path"]:
            found[stub["path"]] = page.name
    return found


PAGES = _pages()


def text_of(page: str, written: str) -> tuple[str, str]:
    """Return the text of a page, and the path of the document that it is from."""
    stub = _STUB.match(written)
    if not stub:
        return written, f"docs/{page}.md"
    if stub["made"]:
        make = made_pages.PAGES.get(stub["name"])
        if not make:
            raise SphinxError(f"docs/{page}.md: made_pages has no {stub['name']}")
        return make(), f"docs/{page}.md"
    contents = _CONTENTS.search(written)
    text = (REPOSITORY / stub["path"]).read_text("utf-8")
    return f"{text}\n{contents[0] if contents else ''}", stub["path"]


def linked(text: str, document: str) -> str:
    """Return a document's text with the links that it has as a page of the site.

    A document that is a page is linked as such, any other file to be loaded down; a folder, which
    a site does not have, is named.
    """
    folder = PurePosixPath(document).parent

    def target(match: re.Match[str]) -> str:
        path = normpath(str(folder / match["target"]))
        if (REPOSITORY / path).is_dir() and f"{path}/README.md" in PAGES:
            path = f"{path}/README.md"
        if path in PAGES:
            return PAGES[path] + (match["anchor"] or "")
        return relpath(path, "docs") + (match["anchor"] or "")

    parts = _FENCED.split(text)
    parts[::2] = [_unfoldered(_LINK.sub(target, part)) for part in parts[::2]]
    return "".join(parts)


def _unfoldered(text: str) -> str:
    """Return a text in which links to folders are their words alone."""

    def words(match: re.Match[str]) -> str:
        return match["words"] if (DOCS / match["target"]).is_dir() else match[0]

    return re.sub(r"\[(?P<words>[^\]\n]+)\]\((?P<target>\.\.?/[^)\s#]*)\)", words, text)


def _read(_app: Sphinx, page: str, source: list[str]) -> None:
    source[0] = linked(*text_of(page, source[0]))


def _unsaid(  # Sphinx calls it with these
    _app: Sphinx, _what: str, _name: str, obj: object, _skip: object, _options: object
) -> bool | None:
    """Leave out what a named tuple says of its fields by itself."""
    said = getattr(obj, "__doc__", None) or ""
    return True if said.startswith("Alias for field number") else None


def setup(app: Sphinx) -> dict[str, Any]:
    """Join Sphinx; the pages depend on what is elsewhere, so that each build reads them all."""
    app.connect("source-read", _read)
    app.connect("autodoc-skip-member", _unsaid)
    app.connect("env-get-outdated", lambda _app, env, *_: [*env.found_docs])
    return {"parallel_read_safe": True}
