"""Loops: gone through while they are certain, and else looked at once for all their rounds."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from acrn_cmdline.source.bounds import ROUNDS
from acrn_cmdline.source.shell.arithmetic import UncertainError
from acrn_cmdline.source.shell.branching import Flow
from acrn_cmdline.source.shell.grammar import Script, walk
from acrn_cmdline.source.shell.text import Text

if TYPE_CHECKING:
    from tree_sitter import Node

    from acrn_cmdline.source.shell.reader import Reader

_BARE: Final = frozenset({"word", "concatenation", "extglob_pattern"})


def _for(reader: "Reader", script: Script, node: "Node") -> Flow:
    variable = node.child_by_field_name("variable")
    body = node.child_by_field_name("body")
    if variable is None or body is None:
        return reader.block(script, node)
    name = str(script.text(variable))
    values = node.children_by_field_name("value")
    inside = any(child.type == "in" for child in node.children)
    if inside:
        words = [word.text for word in reader.expander.words(script, values)]
    else:
        words = list(reader.state.positional or ())
    unknown = reader.expander.hole(name, script.place(variable))
    files = any(
        value.type in _BARE and set("*?[") & set(str(script.text(value))) for value in values
    )
    certain = (inside or reader.state.positional is not None) and len(words) <= ROUNDS and not files
    if certain and not any(word.holes for word in words):
        return _rounds(reader, script, body, name, words)
    if certain and len(words) > 1:
        return _rounds(reader, script, body, name, words)
    reader.state.variables[name] = unknown
    return _unknown_loop(reader, script, node, lambda: reader.run(script, body))


def _rounds(
    reader: "Reader", script: Script, body: "Node", name: str, words: Sequence[Text]
) -> Flow:
    for word in words:
        reader.state.variables[name] = word
        flow = _round(reader, script, body)
        if flow is Flow.BREAK:
            break
        if flow is not Flow.NEXT:
            return flow
    return Flow.NEXT


def _round(reader: "Reader", script: Script, body: "Node") -> Flow:
    """Go through a loop once; after a way that may have left it early, what is certain."""
    since = len(reader.branches.left)
    flow = reader.run(script, body)
    ends = reader.branches.taken_back((Flow.CONTINUE, Flow.BREAK), since)
    if flow in {Flow.NEXT, Flow.CONTINUE}:
        ends.insert(0, reader.state)
        flow = Flow.NEXT
    if ends:
        reader.expander.state = reader.branches.merge(ends, script.place(body), "(output)")
        return Flow.BREAK if flow is Flow.BREAK else Flow.NEXT
    return flow


def _while(reader: "Reader", script: Script, node: "Node") -> Flow:
    body = node.child_by_field_name("body")
    if body is None:
        return reader.block(script, node)
    heads = node.children_by_field_name("condition")
    until = node.children[0].type == "until"
    for _ in range(ROUNDS):
        flow = reader.sequence(script, heads)
        if flow is not Flow.NEXT:
            return flow
        if reader.status is None or (reader.status and _endless(script, heads)):
            break
        if reader.status == until:
            return Flow.NEXT
        flow = _round(reader, script, body)
        if flow is Flow.BREAK:
            return Flow.NEXT
        if flow is not Flow.NEXT:
            return flow
    return _unknown_loop(reader, script, node, lambda: reader.run(script, body))


def _endless(script: Script, heads: Sequence["Node"]) -> bool:
    return str(script.text(heads[0])) in {"true", ":", "1"}


def _counting(reader: "Reader", script: Script, node: "Node") -> Flow:
    """Follow ``for (( ; ; ))`` while its numbers are known."""
    parts = [node.child_by_field_name(each) for each in ("initializer", "condition", "update")]
    start, condition, update = parts
    body = node.child_by_field_name("body")
    if body is None:
        return Flow.NEXT
    numbers = reader.expander.numbers(script)
    try:
        if start is not None:
            numbers.value(start)
        for _ in range(ROUNDS):
            if condition is None or not numbers.value(condition):
                return Flow.NEXT
            flow = _round(reader, script, body)
            if flow is not Flow.NEXT:
                return Flow.NEXT if flow is Flow.BREAK else flow
            if update is not None:
                numbers.value(update)
    except UncertainError:
        reader.status = None
    for each in (start, update):
        _forget(reader, script, each)
    return _unknown_loop(reader, script, node, lambda: reader.run(script, body))


def _forget(reader: "Reader", script: Script, node: "Node | None") -> None:
    """Take the variables of an expression for unknown."""
    for child in walk(node) if node is not None else ():
        name = str(script.text(child))
        if child.type in {"word", "variable_name"} and name.isidentifier():
            reader.state.variables[name] = reader.expander.hole(name, script.place(child))


def _unknown_loop(reader: "Reader", script: Script, node: "Node", body: Callable[[], Flow]) -> Flow:
    """Follow a loop that may run any number of times: what it changes is not known in it."""
    before, found, notes = reader.state, list(reader.found), list(reader.notes)
    reader.expander.state = before.copy()
    since = len(reader.branches.left)
    body()
    ends = [reader.state, *reader.branches.taken_back(tuple(Flow), since)]
    reader.found[:], reader.notes[:] = found, notes
    place = script.place(node)
    widened = reader.branches.merge([before.copy(), *ends], place, "(output)")
    widened.positional = (
        before.positional if all(end.positional == before.positional for end in ends) else None
    )
    reader.expander.state = widened.copy()
    body()
    reader.branches.taken_back(tuple(Flow), since)
    reader.expander.state = widened
    reader.status = None
    return Flow.NEXT


HANDLERS: Final[Mapping[str, Callable[["Reader", Script, "Node"], Flow]]] = {
    "for_statement": _for,
    "while_statement": _while,
    "c_style_for_statement": _counting,
}
"""By the name that the grammar has for it."""
