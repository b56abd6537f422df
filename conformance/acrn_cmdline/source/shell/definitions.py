"""Definitions: variables, arrays, functions, and arithmetic that assigns."""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from acrn_cmdline.source.shell.arithmetic import UncertainError
from acrn_cmdline.source.shell.branching import Flow
from acrn_cmdline.source.shell.grammar import Script
from acrn_cmdline.source.shell.state import Function
from acrn_cmdline.source.shell.text import NOTHING

if TYPE_CHECKING:
    from tree_sitter import Node

    from acrn_cmdline.source.shell.reader import Reader


def _assignment(reader: "Reader", script: Script, node: "Node") -> Flow:
    reader.commands.assign(script, node)
    reader.status = True
    return Flow.NEXT


def _declaration(reader: "Reader", script: Script, node: "Node") -> Flow:
    keyword = node.children[0].type
    for child in node.named_children:
        if child.type not in {"variable_assignment", "variable_name"}:
            continue
        name = re.split(r"[+=\[]", str(script.text(child)), maxsplit=1)[0]
        own = keyword in {"local", "declare", "typeset"}
        if own and reader.hidden:
            reader.hidden[-1].setdefault(name, reader.state.variables.get(name))
        if child.type == "variable_assignment":
            _assignment(reader, script, child)
        elif own:
            reader.state.variables[name] = NOTHING
        if keyword == "export":
            reader.state.exported |= {name}
    reader.status = True
    return Flow.NEXT


def _unset(reader: "Reader", script: Script, node: "Node") -> Flow:
    for child in node.named_children:
        reader.state.variables[str(script.text(child))] = NOTHING
    return Flow.NEXT


def _function(reader: "Reader", script: Script, node: "Node") -> Flow:
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    if name is not None and body is not None:
        reader.state.functions[str(script.text(name))] = Function(script, body)
    return Flow.NEXT


def _arithmetic(reader: "Reader", script: Script, node: "Node") -> Flow:
    if node.children and node.children[0].type == "((":
        reader.status = None
        for child in node.named_children:
            try:
                reader.status = bool(reader.expander.numbers(script).value(child))
            except UncertainError:
                reader.status = None
        return Flow.NEXT
    return reader.block(script, node)


HANDLERS: Final[Mapping[str, Callable[["Reader", Script, "Node"], Flow]]] = {
    "variable_assignment": _assignment,
    "declaration_command": _declaration,
    "unset_command": _unset,
    "function_definition": _function,
    "compound_statement": _arithmetic,
}
"""By the name that the grammar has for it."""
