"""The checks that there are, read from their sources: to tell of them starts nothing."""

import ast
import fnmatch
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple


class Listed(NamedTuple):
    """A check: what ``--select`` calls it, and what it shows."""

    id: str
    title: str


def checks() -> tuple[Listed, ...]:
    """Return all checks, in the order in which they run."""
    files = sorted((Path(__file__).parent / "checks").glob("test_*.py"))
    return tuple(check for file in files for check in _of(ast.parse(file.read_text("utf-8"))))


def wanted(globs: Sequence[str], soak: int) -> tuple[Listed, ...]:
    """Return the checks that a run is asked for: ``soak`` boots instead of the checks, if any.

    Without a glob that is all of them.
    """
    known = _boots(soak) if soak else checks()
    return tuple(check for check in known if not globs or _matched(check.id, globs))


def table() -> str:
    """Return a line a check: its id, and its title."""
    known = checks()
    width = max(len(check.id) for check in known)
    return "\n".join(f"{check.id:<{width}}  {check.title}" for check in known)


def unknown(globs: Iterable[str]) -> str:
    """Say which glob no check matches, and which ids are near; empty where each has one."""
    ids = [check.id for check in checks()]
    for glob in globs:
        if not fnmatch.filter(ids, glob):
            near = get_close_matches(glob, ids)
            remedy = f"near are {', '.join(near)}" if near else "--list names them all"
            return f"--select {glob}: no check matches; {remedy}"
    return ""


def _boots(number: int) -> tuple[Listed, ...]:
    [boot] = _of(ast.parse((Path(__file__).parent / "soak.py").read_text("utf-8")))
    return tuple(Listed(f"{boot.id}-{each}", boot.title) for each in range(1, number + 1))


def _matched(name: str, globs: Iterable[str]) -> bool:
    return any(fnmatch.fnmatchcase(name, glob) for glob in globs)


def check_id(nodeid: str) -> str:
    """Return the id of a check by its test: ``test_rescan[1]`` is ``rescan-1``."""
    name = nodeid.rsplit("::", 1)[-1].removeprefix("test_")
    return name.replace("[", "-").removesuffix("]").replace("_", "-")


def _of(module: ast.Module) -> Iterator[Listed]:
    for node in module.body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            title = " ".join((ast.get_docstring(node) or "").split())
            for parameter in _parameters(node):
                yield Listed(check_id(node.name + parameter), title)


def _parameters(function: ast.FunctionDef) -> list[str]:
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and "parametrize" in ast.unparse(decorator.func):
            return [f"[{value}]" for value in ast.literal_eval(decorator.args[1])]
    return [""]
