"""A script is read from its first command to its last, and never run; its calls are noted."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from acrn_cmdline.source.argv import Argv, Place, SourceError
from acrn_cmdline.source.bounds import DEPTH, ROUNDS, STEPS
from acrn_cmdline.source.shell import conditions, patterns
from acrn_cmdline.source.shell.arithmetic import UncertainError
from acrn_cmdline.source.shell.branching import Branches, Flow
from acrn_cmdline.source.shell.commands import Commands
from acrn_cmdline.source.shell.expansion import Expander
from acrn_cmdline.source.shell.grammar import Script, TooHardError, walk
from acrn_cmdline.source.shell.state import Function, State, Value
from acrn_cmdline.source.shell.text import NOTHING, Text, argv
from acrn_cmdline.source.words import PROGRAM

if TYPE_CHECKING:
    from tree_sitter import Node

_QUIET: Final = frozenset({"comment", "heredoc_body", "heredoc_end", "heredoc_start"})


class _SpentError(Exception):
    """There have been more steps than there may be."""


class Reader:
    """Reads one script; ``found`` are the calls so far, ``notes`` what was assumed or left out."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.found: list[Argv] = []
        self.notes: list[str] = []
        self._notes_of_call: list[str] = []
        self._left = STEPS
        self._depth = 0
        self._entered: set[int] = set()
        self._hidden: list[dict[str, Value | None]] = []
        self._status: bool | None = True
        self.expander = Expander(values, self._substituted, self.charge, self._note)
        self._branches = Branches(self.expander)
        self._commands = Commands(self)

    @property
    def state(self) -> State:
        """What is known where the reader stands."""
        return self.expander.state

    def charge(self, steps: int) -> None:
        """Count steps."""
        self._left -= steps
        if self._left < 0:
            raise _SpentError

    def _note(self, note: str) -> None:
        self._notes_of_call.append(note)

    def read(self, text: Text) -> None:
        """Read a script, and the functions that nothing in it calls. Raises SourceError."""
        try:
            script = self._script(text)
        except TooHardError:
            raise SourceError(
                f"{text.place}: too many errors of syntax for a script; give the script alone"
            ) from None
        try:
            self._block(script, script.root)
            self._uncalled(script)
            if not self.found:
                self._unreached(script)
        except _SpentError:
            self.notes.append(f"{text.place}: too much to follow; what comes late is not read")

    def _script(self, text: Text) -> Script:
        script = Script(text)
        if (error := script.error) is not None:
            self.notes.append(f"{error}: no shell that can be read; what is around it is read")
        return script

    def _inner(self, text: Text) -> Script | None:
        """Return a script inside the script, None for one that cannot be read."""
        try:
            return self._script(text) if text.pieces else None
        except TooHardError:
            self.notes.append(f"{text.place}: too many errors of syntax; left out")
            return None

    def _uncalled(self, script: Script) -> None:
        """Enter functions that nothing has entered: their arguments are not known."""
        for node in walk(script.root):
            if node.type == "function_definition" and node.id not in self._entered:
                body = node.child_by_field_name("body")
                if body is not None and PROGRAM in str(script.text(body)):
                    self.expander.state = self.state.copy()
                    self.state.positional = None
                    self._entered.add(node.id)
                    self._run(script, body)

    def _unreached(self, script: Script) -> None:
        """Take commands that the script, read from its start, does not come to."""
        for node in walk(script.root):
            if node.type == "command" and PROGRAM in str(script.text(node)):
                self._run(script, node)

    def nested(self, text: Text, positional: tuple[Text, ...] | None) -> None:
        """Read a script inside the script, in a shell of its own that inherits what is exported."""
        script = self._inner(text)
        if script is None:
            return
        before = self.state
        inner = before.copy()
        inner.positional = positional
        exported = before.exported
        inner.variables = {n: v for n, v in before.variables.items() if n in exported}
        inner.functions = {}
        self.expander.state = inner
        self._run(script, script.root)
        self.expander.state = before

    def evaluated(self, text: Text) -> Flow:
        """Read text as if it stood in the script."""
        script = self._inner(text)
        return Flow.NEXT if script is None else self._run(script, script.root)

    def call(self, place: Place, words: Sequence[Text]) -> None:
        """Note a call of acrn-dm."""
        self.found.append(argv(place, words).noted(self._notes_of_call))

    def enter(self, function: Function, arguments: Sequence[Text], place: Place) -> Flow:
        """Follow the call of a function."""
        outer = self.state.positional
        self.state.positional = tuple(arguments)
        parent = function.body.parent
        if parent is not None:
            self._entered.add(parent.id)
        since = len(self._branches.left)
        self._hidden.append({})
        flow = self._run(function.script, function.body)
        ends = self._branches.taken_back((Flow.RETURN,), since)
        if flow in {Flow.NEXT, Flow.RETURN}:
            ends.insert(0, self.state)
        if ends:
            self.expander.state = self._branches.merge(ends, place, "(output)")
        self.state.positional = outer
        self._restore(self._hidden.pop())
        self._status = None
        return Flow.NEXT if ends else flow

    def _restore(self, hidden: Mapping[str, Value | None]) -> None:
        """Give variables that were local to a function the values which they had before."""
        for name, value in hidden.items():
            if value is None:
                self.state.variables.pop(name, None)
            else:
                self.state.variables[name] = value

    def _block(self, script: Script, node: "Node") -> Flow:
        """Read commands one after the other, until one of them leaves."""
        for child in node.children:
            if child.type not in _QUIET and (child.is_named or child.type == "ERROR"):
                flow = self._run(script, child)
                if flow is not Flow.NEXT:
                    return flow
        return Flow.NEXT

    def _run(self, script: Script, node: "Node") -> Flow:
        self.charge(1)
        if self._depth >= DEPTH:
            self.notes.append(f"{script.place(node)}: too deep to follow; left out")
            self._status = None
            return Flow.NEXT
        self._depth += 1
        try:
            handle = self._handlers.get(node.type)
            return handle(self, script, node) if handle else self._block(script, node)
        finally:
            self._depth -= 1

    def _substituted(self, script: Script, node: "Node") -> Text:
        """Return what the commands of ``$( )`` print, without the ends of lines at its end."""
        place = script.place(node)
        printed = self._printed(script, node).stripped("\n")
        inner = str(script.text(node)).removeprefix("$").strip("`")
        name = inner if inner.startswith("(") else f"({inner})"
        if len(printed.pieces) == 1 and printed.pieces[0].hole in {"(output)", "(unknown)"}:
            return self.expander.hole(name, place)
        return printed

    def _printed(self, script: Script, node: "Node") -> Text:
        before = self.state
        self.expander.state = before.copy()
        self.state.printed = NOTHING
        since = len(self._branches.left)
        if self._depth >= DEPTH:
            printed = self.expander.hole("(output)", script.place(node))
        else:
            self._run_inside(script, node)
            printed = self.state.printed
        ends = [state.printed for state in self._branches.taken_back(tuple(Flow), since)]
        if any(str(end) != str(printed) for end in ends):
            printed = self.expander.hole("(output)", script.place(node))
        self.expander.state = before
        return printed

    def _run_inside(self, script: Script, node: "Node") -> None:
        self._depth += 1
        try:
            self._block(script, node)
        finally:
            self._depth -= 1

    def _command(self, script: Script, node: "Node") -> Flow:
        self._notes_of_call = []
        names = [child for child in node.children if child.type == "command_name"]
        if not names:
            return self._block(script, node)
        words = []
        for child in node.children:
            if child.type == "command_name":
                words += self.expander.words(script, child.children)
            elif child.type not in _SIDE and names[0].start_byte < child.start_byte:
                words += self.expander.words(script, [child])
        before = self.state
        assignments = [child for child in node.children if child.type == "variable_assignment"]
        if assignments:
            self.expander.state = before.copy()
            for child in assignments:
                self._assignment(script, child)
                name = str(script.text(child)).partition("=")[0]
                self.state.exported |= {name}
        flow = self._commands.run(words, script.place(node)) if words else Flow.NEXT
        self._status = self._commands.status
        if assignments:
            before.printed = self.state.printed
            self.expander.state = before
        return flow

    def _assignment(self, script: Script, node: "Node") -> Flow:
        self._commands.assign(script, node)
        self._status = True
        return Flow.NEXT

    def _declaration(self, script: Script, node: "Node") -> Flow:
        keyword = node.children[0].type
        for child in node.named_children:
            if child.type not in {"variable_assignment", "variable_name"}:
                continue
            name = re.split(r"[+=\[]", str(script.text(child)), maxsplit=1)[0]
            own = keyword in {"local", "declare", "typeset"}
            if own and self._hidden:
                self._hidden[-1].setdefault(name, self.state.variables.get(name))
            if child.type == "variable_assignment":
                self._assignment(script, child)
            elif own:
                self.state.variables[name] = NOTHING
            if keyword == "export":
                self.state.exported |= {name}
        self._status = True
        return Flow.NEXT

    def _unset(self, script: Script, node: "Node") -> Flow:
        for child in node.named_children:
            self.state.variables[str(script.text(child))] = NOTHING
        return Flow.NEXT

    def _function(self, script: Script, node: "Node") -> Flow:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        if name is not None and body is not None:
            self.state.functions[str(script.text(name))] = Function(script, body)
        return Flow.NEXT

    def _test(self, script: Script, node: "Node") -> Flow:
        self._status = conditions.tested(self.expander, script, node)
        return Flow.NEXT

    def _negated(self, script: Script, node: "Node") -> Flow:
        flow = self._block(script, node)
        self._status = None if self._status is None else not self._status
        return flow

    def _list(self, script: Script, node: "Node") -> Flow:
        left, sign, right = node.children[0], node.children[1].type, node.children[-1]
        flow = self._run(script, left)
        if flow is not Flow.NEXT:
            return flow
        if self._status is not None:
            return self._run(script, right) if self._status == (sign == "&&") else Flow.NEXT
        flow = self._either(script, node, [lambda: self._run(script, right), lambda: Flow.NEXT])
        self._status = None
        return flow

    def _either(self, script: Script, node: "Node", ways: Sequence[Callable[[], Flow]]) -> Flow:
        return self._branches.any_of(ways, script.place(node), "(output)")

    def _if(self, script: Script, node: "Node") -> Flow:
        return self._clauses(
            script,
            node,
            [child for child in node.children if child.type in {"elif_clause", "else_clause"}],
        )

    def _clauses(self, script: Script, node: "Node", others: Sequence["Node"]) -> Flow:
        """Follow ``if`` or ``elif`` with the clauses behind it."""
        children = [child for child in node.children if child.type not in _CLAUSES]
        then = next((n for n, child in enumerate(children) if child.type == "then"), len(children))
        flow = self._sequence(script, children[:then])
        if flow is not Flow.NEXT:
            return flow
        body = children[then:]

        def otherwise() -> Flow:
            if not others:
                return Flow.NEXT
            if others[0].type == "else_clause":
                return self._block(script, others[0])
            return self._clauses(script, others[0], others[1:])

        if self._status is None:
            flow = self._either(script, node, [lambda: self._sequence(script, body), otherwise])
            self._status = None
            return flow
        return self._sequence(script, body) if self._status else otherwise()

    def _sequence(self, script: Script, nodes: Sequence["Node"]) -> Flow:
        for node in nodes:
            if node.is_named and node.type not in _QUIET:
                flow = self._run(script, node)
                if flow is not Flow.NEXT:
                    return flow
        return Flow.NEXT

    def _case(self, script: Script, node: "Node") -> Flow:
        value = node.child_by_field_name("value")
        text = None if value is None else self.expander.text(script, value)
        ways: list[Callable[[], Flow]] = []
        complete = False
        for item in (child for child in node.children if child.type == "case_item"):
            heads = item.children_by_field_name("value")
            body = [c for c in item.children if c not in heads]
            found = self._chosen(script, text, heads)
            if found is False:
                continue
            ways.append(lambda body=body: self._sequence(script, body))  # type: ignore[misc]  # bound at once
            if found:
                complete = True
                break
        if not complete:
            ways.append(lambda: Flow.NEXT)
        if len(ways) == 1:
            return ways[0]()
        flow = self._either(script, node, ways)
        self._status = None
        return flow

    def _chosen(self, script: Script, text: Text | None, heads: Sequence["Node"]) -> bool | None:
        known = None if text is None else text.certain
        answers: list[bool | None] = []
        for head in heads:
            pattern = self.expander.pattern(script, head)
            if pattern == "*":
                return True
            certain = pattern is not None and known is not None
            answers.append(patterns.matches(known or "", pattern or "") if certain else None)
        return True if True in answers else None if None in answers else False

    def _for(self, script: Script, node: "Node") -> Flow:
        variable = node.child_by_field_name("variable")
        body = node.child_by_field_name("body")
        if variable is None or body is None:
            return self._block(script, node)
        name = str(script.text(variable))
        values = node.children_by_field_name("value")
        inside = any(child.type == "in" for child in node.children)
        if inside:
            words = [word.text for word in self.expander.words(script, values)]
        else:
            words = list(self.state.positional or ())
        unknown = self.expander.hole(name, script.place(variable))
        files = any(
            value.type in _BARE and set("*?[") & set(str(script.text(value))) for value in values
        )
        certain = (
            (inside or self.state.positional is not None) and len(words) <= ROUNDS and not files
        )
        if certain and not any(word.holes for word in words):
            return self._rounds(script, body, name, words)
        if certain and len(words) > 1:
            return self._rounds(script, body, name, words)
        self.state.variables[name] = unknown
        return self._unknown_loop(script, node, lambda: self._run(script, body))

    def _rounds(self, script: Script, body: "Node", name: str, words: Sequence[Text]) -> Flow:
        for word in words:
            self.state.variables[name] = word
            flow = self._round(script, body)
            if flow is Flow.BREAK:
                break
            if flow is not Flow.NEXT:
                return flow
        return Flow.NEXT

    def _round(self, script: Script, body: "Node") -> Flow:
        """Go through a loop once; after a way that may have left it early, what is certain."""
        since = len(self._branches.left)
        flow = self._run(script, body)
        ends = self._branches.taken_back((Flow.CONTINUE, Flow.BREAK), since)
        if flow in {Flow.NEXT, Flow.CONTINUE}:
            ends.insert(0, self.state)
            flow = Flow.NEXT
        if ends:
            self.expander.state = self._branches.merge(ends, script.place(body), "(output)")
            return Flow.BREAK if flow is Flow.BREAK else Flow.NEXT
        return flow

    def _while(self, script: Script, node: "Node") -> Flow:
        body = node.child_by_field_name("body")
        if body is None:
            return self._block(script, node)
        heads = node.children_by_field_name("condition")
        until = node.children[0].type == "until"
        for _ in range(ROUNDS):
            flow = self._sequence(script, heads)
            if flow is not Flow.NEXT:
                return flow
            if self._status is None or (self._status and self._endless(script, heads)):
                break
            if self._status == until:
                return Flow.NEXT
            flow = self._round(script, body)
            if flow is Flow.BREAK:
                return Flow.NEXT
            if flow is not Flow.NEXT:
                return flow
        return self._unknown_loop(script, node, lambda: self._run(script, body))

    def _endless(self, script: Script, heads: Sequence["Node"]) -> bool:
        return str(script.text(heads[0])) in {"true", ":", "1"}

    def _counting(self, script: Script, node: "Node") -> Flow:
        """Follow ``for (( ; ; ))`` while its numbers are known."""
        parts = [node.child_by_field_name(each) for each in ("initializer", "condition", "update")]
        start, condition, update = parts
        body = node.child_by_field_name("body")
        if body is None:
            return Flow.NEXT
        numbers = self.expander.numbers(script)
        try:
            if start is not None:
                numbers.value(start)
            for _ in range(ROUNDS):
                if condition is None or not numbers.value(condition):
                    return Flow.NEXT
                flow = self._round(script, body)
                if flow is not Flow.NEXT:
                    return Flow.NEXT if flow is Flow.BREAK else flow
                if update is not None:
                    numbers.value(update)
        except UncertainError:
            self._status = None
        for each in (start, update):
            self._forget(script, each)
        return self._unknown_loop(script, node, lambda: self._run(script, body))

    def _forget(self, script: Script, node: "Node | None") -> None:
        """Take the variables of an expression for unknown."""
        for child in walk(node) if node is not None else ():
            name = str(script.text(child))
            if child.type in {"word", "variable_name"} and name.isidentifier():
                self.state.variables[name] = self.expander.hole(name, script.place(child))

    def _unknown_loop(self, script: Script, node: "Node", body: Callable[[], Flow]) -> Flow:
        """Follow a loop that may run any number of times: what it changes is not known in it."""
        before, found, notes = self.state, list(self.found), list(self.notes)
        self.expander.state = before.copy()
        since = len(self._branches.left)
        body()
        ends = [self.state, *self._branches.taken_back(tuple(Flow), since)]
        self.found[:], self.notes[:] = found, notes
        place = script.place(node)
        widened = self._branches.merge([before.copy(), *ends], place, "(output)")
        widened.positional = (
            before.positional if all(end.positional == before.positional for end in ends) else None
        )
        self.expander.state = widened.copy()
        body()
        self._branches.taken_back(tuple(Flow), since)
        self.expander.state = widened
        self._status = None
        return Flow.NEXT

    def _pipeline(self, script: Script, node: "Node") -> Flow:
        commands = node.named_children
        before = self.state
        for command in commands:
            self.expander.state = before.copy()
            if command is not commands[-1]:
                self.state.printed = NOTHING
            self._run(script, command)
        before.printed = self.state.printed
        self.expander.state = before
        self._status = None
        return Flow.NEXT

    def _subshell(self, script: Script, node: "Node") -> Flow:
        before = self.state
        self.expander.state = before.copy()
        since = len(self._branches.left)
        self._block(script, node)
        self._branches.taken_back(tuple(Flow), since)
        before.printed = self.state.printed
        self.expander.state = before
        self._status = None
        return Flow.NEXT

    def _redirected(self, script: Script, node: "Node") -> Flow:
        body = node.child_by_field_name("body")
        redirects = node.children_by_field_name("redirect")
        away = any(map(_takes_output, redirects))
        printed = self.state.printed
        documents = [each for each in redirects if each.type == "heredoc_redirect"]
        flow = Flow.NEXT if body is None else self._run(script, body)
        for document in documents:
            flow = max(flow, self._document(script, document, body))
        if away:
            self.state.printed = printed
        return flow

    def _document(self, script: Script, node: "Node", body: "Node | None") -> Flow:
        """Read a here-document that is a script, and what stands behind its beginning."""
        start = next((c for c in node.children if c.type == "heredoc_start"), None)
        inner = next((c for c in node.children if c.type == "heredoc_body"), None)
        words = [] if body is None or body.type != "command" else (str(script.text(body)).split())
        pipes = [c for c in node.named_children if c.type in {"pipeline", "command", "list"}]
        for command in pipes:
            words += str(script.text(command)).split()
            if command.type != "pipeline" or len(command.named_children):
                self._run(script, command)
        if inner is None or start is None:
            return Flow.NEXT
        quoted = any(sign in str(script.text(start)) for sign in "'\"\\")
        text = script.text(inner) if quoted else self.expander.heredoc(script, inner)
        redirects = [c for c in node.children if c.type == "file_redirect"]
        siblings = node.parent.children_by_field_name("redirect") if node.parent else []
        kept = any(map(_takes_output, [*redirects, *siblings])) or "tee" in words
        if PROGRAM in str(text) and (kept or self._commands.is_shell(words)):
            self.nested(text, None)
        elif words[:1] == ["cat"] and not kept:
            self.state.printed += text
        return Flow.NEXT

    def _arithmetic(self, script: Script, node: "Node") -> Flow:
        if node.children and node.children[0].type == "((":
            self._status = None
            for child in node.named_children:
                try:
                    self._status = bool(self.expander.numbers(script).value(child))
                except UncertainError:
                    self._status = None
            return Flow.NEXT
        return self._block(script, node)

    _handlers: Final[Mapping[str, Callable[["Reader", Script, "Node"], Flow]]] = {
        "c_style_for_statement": _counting,
        "case_statement": _case,
        "command": _command,
        "compound_statement": _arithmetic,
        "declaration_command": _declaration,
        "for_statement": _for,
        "function_definition": _function,
        "if_statement": _if,
        "list": _list,
        "negated_command": _negated,
        "pipeline": _pipeline,
        "redirected_statement": _redirected,
        "subshell": _subshell,
        "test_command": _test,
        "unset_command": _unset,
        "variable_assignment": _assignment,
        "while_statement": _while,
    }


_SIDE: Final = frozenset(
    {"variable_assignment", "file_redirect", "herestring_redirect", "heredoc_redirect", "comment"}
)
_BARE: Final = frozenset({"word", "concatenation", "extglob_pattern"})
_CLAUSES: Final = frozenset({"elif_clause", "else_clause", "fi"})


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


def calls(text: Text, values: Mapping[str, str]) -> Iterator[Argv]:
    """Yield the calls of acrn-dm in a script; ``values`` are what the user knows of holes."""
    reader = Reader(values)
    reader.read(text)
    yield from (found.noted(reader.notes) for found in reader.found)
