"""Tests: true, false, or not to be known before the script runs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from acrn_cmdline.source.shell import patterns
from acrn_cmdline.source.shell.expansion import Expander
from acrn_cmdline.source.shell.grammar import Script
from acrn_cmdline.source.shell.text import Text

if TYPE_CHECKING:
    from tree_sitter import Node


def tested(expander: Expander, script: Script, node: "Node") -> bool | None:
    """Return what ``[ ... ]`` or ``[[ ... ]]`` comes to."""
    inner = node.named_children
    if len(inner) != 1:
        return None
    return _value(expander, script, inner[0], rich=node.children[0].type == "[[")


def _value(expander: Expander, script: Script, node: "Node", *, rich: bool) -> bool | None:
    match node.type:
        case "unary_expression":
            operator, operand = node.children[0], node.children[-1]
            if operator.type == "!":
                value = _value(expander, script, operand, rich=rich)
                return None if value is None else not value
            return unary(str(script.text(operator)), expander.text(script, operand))
        case "parenthesized_expression" if node.named_children:
            return _value(expander, script, node.named_children[0], rich=rich)
        case "binary_expression":
            return _binary(expander, script, node, rich=rich)
        case _:
            return expander.text(script, node).filled


def _binary(expander: Expander, script: Script, node: "Node", *, rich: bool) -> bool | None:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    sign = node.child_by_field_name("operator")
    if left is None or right is None or sign is None:
        return None
    operator = str(script.text(sign))
    if operator in {"&&", "-a", "||", "-o"}:
        values = [_value(expander, script, each, rich=rich) for each in (left, right)]
        return _both(values) if operator in {"&&", "-a"} else _any(values)
    first = expander.text(script, left)
    if rich and operator in {"=", "==", "!="}:
        pattern, text = expander.pattern(script, right), first.certain
        found = None if pattern is None or text is None else patterns.matches(text, pattern)
        return found if found is None or operator != "!=" else not found
    return binary(first, operator, expander.text(script, right))


def _both(values: Sequence[bool | None]) -> bool | None:
    return False if False in values else None if None in values else True


def _any(values: Sequence[bool | None]) -> bool | None:
    return True if True in values else None if None in values else False


def words(texts: Sequence[Text]) -> bool | None:
    """Return what the command ``test`` makes of its words."""
    match texts:
        case []:
            return False
        case [text]:
            return text.filled
        case [sign, *rest] if str(sign) == "!":
            value = words(rest)
            return None if value is None else not value
        case [operator, text]:
            return unary(str(operator), text)
        case [left, operator, right]:
            return binary(left, str(operator), right)
    return None


def unary(operator: str, text: Text) -> bool | None:
    """Return a test of one text; files are not looked at."""
    filled = text.filled
    if operator == "-n":
        return filled
    if operator == "-z":
        return None if filled is None else not filled
    return None


def binary(left: Text, operator: str, right: Text) -> bool | None:
    """Return a comparison of two texts."""
    first, second = left.certain, right.certain
    if first is None or second is None:
        empty = "" in {first, second}
        filled = True in {left.filled, right.filled}
        if empty and filled and operator in {"=", "==", "!="}:
            return operator == "!="
        return None
    if operator in {"=", "=="}:
        return first == second
    if operator == "!=":
        return first != second
    try:
        one, other = int(first[:20]), int(second[:20])
    except ValueError:
        return None
    return {
        "-eq": one == other,
        "-ne": one != other,
        "-lt": one < other,
        "-le": one <= other,
        "-gt": one > other,
        "-ge": one >= other,
    }.get(operator)
