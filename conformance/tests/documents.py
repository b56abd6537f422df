"""The documents of the repository, and the blocks of code in them with what is said of each.

Comments on the lines before a block say what it is: ``<!-- file: NAME -->`` a file that the
commands around it use, ``<!-- not run: REASON -->`` commands that a test cannot run,
``<!-- yaml: KIND -->`` the configuration of another tool. Any other word is a name for tests.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from conftest import REPOSITORY

_BLOCK = re.compile(
    r"(?P<marks>(?:^<!--[^\n]*-->\n)*)^```(?P<language>[\w{}-]*)\n(?P<text>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)
_MARK = re.compile(r"<!-- (?P<name>[\w ]+?)(?:: (?P<value>.*?))? -->")
_STUB = "<!-- page: "


class Block(NamedTuple):
    """A block of code: its language, its text, and the marks on it by name."""

    language: str
    text: str
    marks: dict[str, str]


def documents() -> Iterator[Path]:
    """Yield all documents that people write; what the site reads from elsewhere is there alone."""
    found = {REPOSITORY / name for name in ("README.md", "CONTRIBUTING.md")}
    for folder in ("docs", "golden", "hwtests", "adapters"):
        found |= set((REPOSITORY / folder).rglob("*.md"))
    yield from sorted(path for path in found if not path.read_text("utf-8").startswith(_STUB))


def blocks(document: Path) -> Iterator[Block]:
    """Yield the blocks of a document."""
    for found in _BLOCK.finditer(document.read_text("utf-8")):
        marks = dict(_MARK.findall(found["marks"]))
        yield Block(found["language"], found["text"], marks)


def marked(document: str, name: str, value: str = "") -> str:
    """Return the text of the only block with a mark, such as ``file`` and a file's name."""
    (text,) = (
        block.text
        for block in blocks(REPOSITORY / document)
        if name in block.marks and value in {"", block.marks[name]}
    )
    return text
