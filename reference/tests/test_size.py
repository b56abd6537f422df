"""The reference stays small enough to be read against the specification in one sitting."""

import ast
from collections.abc import Iterator
from pathlib import Path

import acrn_arch

AROUND = {"__init__", "__main__", "cli", "document", "explain", "launch", "vm"}
"""Modules that the command and the wire need; all others are the core, which gives the answers."""

MOST = 400


def code(source: str) -> Iterator[int]:
    """Yield the line on which each statement begins, those apart that are a text alone.

    A statement counts once, however a formatter breaks it into lines.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.stmt) and not _is_text(node):
            yield node.lineno


def _is_text(node: ast.stmt) -> bool:
    value = node.value if isinstance(node, ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def test_comments_blanks_and_docstrings_are_no_code() -> None:
    """The count is of what is executed."""
    source = '"""Doc."""\n\nA = 1  # why\n"""Of A."""\n# alone\nB = (\n    2,\n)\nif A: B\n'
    assert sorted(code(source)) == [3, 6, 9, 9]


def test_the_core_is_below_four_hundred_logical_lines() -> None:
    """All that gives the answers, dialects included, can be read at once."""
    modules = sorted(Path(acrn_arch.__file__).parent.glob("*.py"))
    sizes = {m.stem: len([*code(m.read_text("utf-8"))]) for m in modules if m.stem not in AROUND}
    assert {"arch", "config", "cpu", "devices", "dialect", "kernel", "sandbox"} < sizes.keys()
    assert sum(sizes.values()) < MOST, sizes
