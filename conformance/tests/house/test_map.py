"""CONTRIBUTING.md shows the house as it stands."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from conftest import REPOSITORY

CONTRIBUTING = (REPOSITORY / "CONTRIBUTING.md").read_text("utf-8")
PARTS = ("conformance", "hwtests", "reference")
WINGED = ("acrn_cmdline", "acrn_conformance")
"""Packages that have more than one floor, and so their folders in the map."""


def drawn() -> Iterator[tuple[str, str]]:
    """Yield the folders of the map with their sentences."""
    (block,) = re.findall(r"<!-- map -->\n```text\n(.*?)```", CONTRIBUTING, re.DOTALL)
    path: list[str] = []
    for line in block.splitlines():
        name, _, sentence = line.strip().partition("/")
        depth = (len(line) - len(line.lstrip())) // 2
        path[depth:] = [name]
        if sentence.strip():
            yield "/".join(path), sentence.strip()


def built() -> Iterator[tuple[str, str]]:
    """Yield the folders that there are with the first line of their faces."""
    for part in PARTS:
        for face in (REPOSITORY / part).glob("*/__init__.py"):
            yield str(face.parent.relative_to(REPOSITORY)), sentence(face)
            if face.parent.name in WINGED:
                for room in face.parent.glob("*/__init__.py"):
                    yield str(room.parent.relative_to(REPOSITORY)), sentence(room)


def sentence(face: Path) -> str:
    return (ast.get_docstring(ast.parse(face.read_text("utf-8"))) or "").split("\n")[0]


def test_the_map_has_every_folder_with_its_sentence() -> None:
    """Whoever adds a folder says in one sentence what it is for, in its face and here."""
    assert dict(drawn()) == dict(built())


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(acrn_[a-z_]+\.[\w.]+)`", CONTRIBUTING))))
def test_the_journeys_pass_through_what_there_is(name: str) -> None:
    """Each stop of a journey is a module, or a name in one."""
    words = name.split(".")
    for split in range(len(words), 0, -1):
        try:
            found: object = import_module(".".join(words[:split]))
        except ModuleNotFoundError:
            continue
        for word in words[split:]:
            found = getattr(found, word)
        return
    pytest.fail(f"{name} is not there")
