"""Putting a fault into the source of a function, a class or a name of the reference."""

import ast
from collections.abc import Iterator

from miniatures.miniature import Constant, Patch


class PatchError(ValueError):
    """A fault whose place or text is not found exactly once, so that it has to be written anew."""


def module(fault: Patch | Constant) -> str:
    """Return the reference's module that a fault is in."""
    return fault.place.partition(".")[0]


def patched(fault: Patch | Constant, source: str) -> str:
    """Return the module's source with the fault put in. Raises PatchError."""
    node = _at(fault, source)
    match fault:
        case Patch(old=old, new=new):
            text = _lines(node, source)
            if (found := text.count(old)) != 1:
                problem = f"its text occurs {found} times in {fault.place}, not once"
                raise PatchError(f"{fault.name}: {problem}")
            return source.replace(text, text.replace(old, new))
        case Constant(value=value):
            text, given = _lines(node, source), _value(fault, node, source)
            return source.replace(text, text.replace(given, repr(value)))


def _at(fault: Patch | Constant, source: str) -> ast.stmt:
    body = ast.parse(source).body
    node: ast.stmt | None = None
    for name in fault.place.split(".")[1:]:
        named = [one for one in body if name in _names(one)]
        if len(named) != 1:
            raise PatchError(f"{fault.name}: {fault.place} is {len(named)} times in its module")
        node = named[0]
        body = node.body if isinstance(node, ast.ClassDef) else []
    if node is None:
        raise PatchError(f"{fault.name}: {fault.place} names nothing in a module")
    return node


def _names(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            yield name


def _lines(node: ast.stmt, source: str) -> str:
    """Return the lines of a statement, each with its end."""
    lines = source.splitlines(keepends=True)
    return "".join(lines[node.lineno - 1 : node.end_lineno])


def _value(fault: Constant, node: ast.stmt, source: str) -> str:
    value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
    given = ast.get_source_segment(source, value) if value else None
    if given is None:
        raise PatchError(f"{fault.name}: {fault.place} has no value")
    return given
