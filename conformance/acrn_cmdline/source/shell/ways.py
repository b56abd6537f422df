"""Ways that part: lists of commands, tests, ``if`` and ``case``."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from acrn_cmdline.source.shell import conditions, patterns
from acrn_cmdline.source.shell.branching import Flow
from acrn_cmdline.source.shell.grammar import Script
from acrn_cmdline.source.shell.text import Text

if TYPE_CHECKING:
    from tree_sitter import Node

    from acrn_cmdline.source.shell.reader import Reader

_CLAUSES: Final = frozenset({"elif_clause", "else_clause", "fi"})


def _list(reader: "Reader", script: Script, node: "Node") -> Flow:
    left, sign, right = node.children[0], node.children[1].type, node.children[-1]
    flow = reader.run(script, left)
    if flow is not Flow.NEXT:
        return flow
    if reader.status is not None:
        return reader.run(script, right) if reader.status == (sign == "&&") else Flow.NEXT
    flow = _either(reader, script, node, [lambda: reader.run(script, right), lambda: Flow.NEXT])
    reader.status = None
    return flow


def _negated(reader: "Reader", script: Script, node: "Node") -> Flow:
    flow = reader.block(script, node)
    reader.status = None if reader.status is None else not reader.status
    return flow


def _test(reader: "Reader", script: Script, node: "Node") -> Flow:
    reader.status = conditions.tested(reader.expander, script, node)
    return Flow.NEXT


def _either(
    reader: "Reader", script: Script, node: "Node", ways: Sequence[Callable[[], Flow]]
) -> Flow:
    return reader.branches.any_of(ways, script.place(node), "(output)")


def _if(reader: "Reader", script: Script, node: "Node") -> Flow:
    return _clauses(
        reader,
        script,
        node,
        [child for child in node.children if child.type in {"elif_clause", "else_clause"}],
    )


def _clauses(reader: "Reader", script: Script, node: "Node", others: Sequence["Node"]) -> Flow:
    """Follow ``if`` or ``elif`` with the clauses behind it."""
    children = [child for child in node.children if child.type not in _CLAUSES]
    then = next((n for n, child in enumerate(children) if child.type == "then"), len(children))
    flow = reader.sequence(script, children[:then])
    if flow is not Flow.NEXT:
        return flow
    body = children[then:]

    def otherwise() -> Flow:
        if not others:
            return Flow.NEXT
        if others[0].type == "else_clause":
            return reader.block(script, others[0])
        return _clauses(reader, script, others[0], others[1:])

    if reader.status is None:
        flow = _either(reader, script, node, [lambda: reader.sequence(script, body), otherwise])
        reader.status = None
        return flow
    return reader.sequence(script, body) if reader.status else otherwise()


def _case(reader: "Reader", script: Script, node: "Node") -> Flow:
    value = node.child_by_field_name("value")
    text = None if value is None else reader.expander.text(script, value)
    ways: list[Callable[[], Flow]] = []
    complete = False
    for item in (child for child in node.children if child.type == "case_item"):
        heads = item.children_by_field_name("value")
        body = [c for c in item.children if c not in heads]
        found = _chosen(reader, script, text, heads)
        if found is False:
            continue
        ways.append(lambda body=body: reader.sequence(script, body))  # type: ignore[misc]  # bound at once
        if found:
            complete = True
            break
    if not complete:
        ways.append(lambda: Flow.NEXT)
    if len(ways) == 1:
        return ways[0]()
    flow = _either(reader, script, node, ways)
    reader.status = None
    return flow


def _chosen(
    reader: "Reader", script: Script, text: Text | None, heads: Sequence["Node"]
) -> bool | None:
    known = None if text is None else text.certain
    answers: list[bool | None] = []
    for head in heads:
        pattern = reader.expander.pattern(script, head)
        if pattern == "*":
            return True
        certain = pattern is not None and known is not None
        answers.append(patterns.matches(known or "", pattern or "") if certain else None)
    return True if True in answers else None if None in answers else False


HANDLERS: Final[Mapping[str, Callable[["Reader", Script, "Node"], Flow]]] = {
    "list": _list,
    "negated_command": _negated,
    "test_command": _test,
    "if_statement": _if,
    "case_statement": _case,
}
"""By the name that the grammar has for it."""
