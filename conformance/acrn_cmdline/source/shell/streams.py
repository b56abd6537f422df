"""Where text goes: pipelines, subshells, redirections, here-documents, substitutions."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from acrn_cmdline.source.shell import units
from acrn_cmdline.source.shell.branching import Flow
from acrn_cmdline.source.shell.grammar import Script
from acrn_cmdline.source.shell.text import NOTHING, Text
from acrn_cmdline.source.words import PROGRAM

if TYPE_CHECKING:
    from tree_sitter import Node

    from acrn_cmdline.source.shell.reader import Reader


def _pipeline(reader: "Reader", script: Script, node: "Node") -> Flow:
    commands = node.named_children
    before = reader.state
    for number, command in enumerate(commands, start=1):
        reader.expander.state = before.copy()
        if command is not commands[-1]:
            reader.state.printed = NOTHING
        reader.run(script, command)
        if any("tee" in str(script.text(after)).split() for after in commands[number:][:1]):
            _keep(reader, reader.state.printed)
    before.printed = reader.state.printed
    reader.expander.state = before
    reader.status = None
    return Flow.NEXT


def _subshell(reader: "Reader", script: Script, node: "Node") -> Flow:
    before = reader.state
    reader.expander.state = before.copy()
    since = len(reader.branches.left)
    reader.block(script, node)
    reader.branches.taken_back(tuple(Flow), since)
    before.printed = reader.state.printed
    reader.expander.state = before
    reader.status = None
    return Flow.NEXT


def _redirected(reader: "Reader", script: Script, node: "Node") -> Flow:
    body = node.child_by_field_name("body")
    redirects = node.children_by_field_name("redirect")
    away = any(map(_takes_output, redirects))
    printed = reader.state.printed
    documents = [each for each in redirects if each.type == "heredoc_redirect"]
    flow = Flow.NEXT if body is None else reader.run(script, body)
    for document in documents:
        flow = max(flow, _document(reader, script, document, body))
    if away:
        _keep(reader, Text(reader.state.printed.pieces[len(printed.pieces) :]))
        reader.state.printed = printed
    return flow


def _keep(reader: "Reader", printed: Text) -> None:
    """Read what is printed into a file, if it is surely a unit or a script: others are logs."""
    written = str(printed)
    if PROGRAM in written and (written.startswith("#!") or units.is_unit(written.split("\n"))):
        _written(reader, printed)


def _written(reader: "Reader", text: Text) -> None:
    """Read a script, or the commands of a unit."""
    unit = units.is_unit(str(text).split("\n"))
    for each in units.started(list(text.lines())) if unit else [text]:
        reader.nested(each, None)


def behind_redirections(command: "Node") -> Iterator["Node"]:
    """Yield the words of a command behind its redirections, of which the grammar makes a part."""
    statement = command.parent
    if statement is not None and statement.type == "redirected_statement":
        for redirect in statement.children_by_field_name("redirect"):
            yield from _behind(redirect)


def _behind(redirect: "Node") -> Iterator["Node"]:
    if redirect.type == "file_redirect":
        closes = any(child.type in {"<&-", ">&-"} for child in redirect.children)
        yield from redirect.children_by_field_name("destination")[0 if closes else 1 :]
    elif redirect.type == "heredoc_redirect":
        arguments = redirect.children_by_field_name("argument")
        for child in redirect.children:
            if child.type == "file_redirect":
                yield from _behind(child)
            elif child in arguments:
                yield child


def _document(reader: "Reader", script: Script, node: "Node", body: "Node | None") -> Flow:
    """Read a here-document that is a script or a unit, and what stands behind its beginning."""
    start = next((c for c in node.children if c.type == "heredoc_start"), None)
    inner = next((c for c in node.children if c.type == "heredoc_body"), None)
    words = [] if body is None or body.type != "command" else (str(script.text(body)).split())
    pipes = [c for c in node.named_children if c.type in {"pipeline", "command", "list"}]
    for command in pipes:
        words += str(script.text(command)).split()
        if command.type != "pipeline" or len(command.named_children):
            reader.run(script, command)
    if inner is None or start is None:
        return Flow.NEXT
    quoted = any(sign in str(script.text(start)) for sign in "'\"\\")
    text = script.text(inner) if quoted else reader.expander.heredoc(script, inner)
    redirects = [c for c in node.children if c.type == "file_redirect"]
    siblings = node.parent.children_by_field_name("redirect") if node.parent else []
    kept = any(map(_takes_output, [*redirects, *siblings])) or "tee" in words
    if PROGRAM in str(text) and (kept or reader.commands.is_shell(words)):
        _written(reader, text)
    elif words[:1] == ["cat"] and not kept:
        reader.state.printed += text
    return Flow.NEXT


def substituted(reader: "Reader", script: Script, node: "Node") -> Text:
    """Return what the commands of ``$( )`` print, without the ends of lines at its end."""
    place = script.place(node)
    printed = _printed(reader, script, node).stripped("\n")
    inner = str(script.text(node)).removeprefix("$").strip("`")
    name = inner if inner.startswith("(") else f"({inner})"
    if len(printed.pieces) == 1 and printed.pieces[0].hole in {"(output)", "(unknown)"}:
        return reader.expander.hole(name, place)
    return printed


def _printed(reader: "Reader", script: Script, node: "Node") -> Text:
    before = reader.state
    reader.expander.state = before.copy()
    reader.state.printed = NOTHING
    since = len(reader.branches.left)
    if reader.full:
        printed = reader.expander.hole("(output)", script.place(node))
    else:
        reader.run(script, node)
        printed = reader.state.printed
    ends = [state.printed for state in reader.branches.taken_back(tuple(Flow), since)]
    if any(str(end) != str(printed) for end in ends):
        printed = reader.expander.hole("(output)", script.place(node))
    reader.expander.state = before
    return printed


def _takes_output(redirect: "Node") -> bool:
    """Tell whether a redirection takes what a command prints."""
    if redirect.type == "heredoc_redirect":
        return any(_takes_output(child) for child in redirect.children)
    if redirect.type != "file_redirect":
        return False
    kinds = [child.type for child in redirect.children]
    descriptor = redirect.child_by_field_name("descriptor")
    if descriptor is not None and descriptor.text != b"1":
        return False
    return any(kind in {">", ">>", ">|", "&>", "&>>", ">&"} for kind in kinds)


HANDLERS: Final[Mapping[str, Callable[["Reader", Script, "Node"], Flow]]] = {
    "pipeline": _pipeline,
    "subshell": _subshell,
    "redirected_statement": _redirected,
}
"""By the name that the grammar has for it."""
