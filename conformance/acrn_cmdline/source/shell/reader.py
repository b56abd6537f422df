"""A script is read from its first command to its last, and never run; its calls are noted."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from acrn_cmdline.source.argv import Argv, Place, SourceError
from acrn_cmdline.source.bounds import DEPTH, HOLES, STEPS
from acrn_cmdline.source.shell import definitions, loops, streams, ways
from acrn_cmdline.source.shell.branching import Branches, Flow
from acrn_cmdline.source.shell.commands import Commands
from acrn_cmdline.source.shell.expansion import Expander, Word
from acrn_cmdline.source.shell.grammar import Script, TooHardError, walk
from acrn_cmdline.source.shell.state import Function, State, Value
from acrn_cmdline.source.shell.text import Text, argv
from acrn_cmdline.source.words import PROGRAM

if TYPE_CHECKING:
    from tree_sitter import Node

_QUIET: Final = frozenset({"comment", "heredoc_body", "heredoc_end", "heredoc_start"})


class _SpentError(Exception):
    """There have been more steps than there may be."""


class Reader:
    """Reads one script; ``found`` are the calls so far, ``notes`` what was assumed or left out.

    ``left_out`` are those parts left out in which there may be calls.
    """

    def __init__(self, values: Mapping[str, str]) -> None:
        self.found: list[Argv] = []
        self.notes: list[str] = []
        self.left_out: list[str] = []
        self._unquoted: dict[str, None] = {}
        self._overfull = ""
        self._left = STEPS
        self._depth = 0
        self._entered: set[int] = set()
        self.hidden: list[dict[str, Value | None]] = []
        self.status: bool | None = True
        self.expander = Expander(values, self._substituted, self.charge, self._leave_unquoted)
        self.branches = Branches(self.expander)
        self.commands = Commands(self)

    @property
    def state(self) -> State:
        """The knowledge at the place where the reader stands."""
        return self.expander.state

    def charge(self, steps: int) -> None:
        """Count steps."""
        self._left -= steps
        if self._left < 0:
            raise _SpentError

    def _leave_unquoted(self, name: str) -> None:
        self._unquoted[name] = None

    def read(self, text: Text) -> None:
        """Read a script, and the functions that nothing in it calls. Raises SourceError."""
        try:
            script = self._script(text)
        except TooHardError:
            raise SourceError(
                f"{text.place}: too many errors of syntax for a script; give the script alone"
            ) from None
        try:
            self.block(script, script.root)
            self._uncalled(script)
            if not self.found:
                self._unreached(script)
        except (_SpentError, RecursionError):
            self.left_out.append(
                f"{text.place}: too much to follow; what comes late is not read: give it alone"
            )
        if self._overfull and not self.found:
            raise SourceError(self._overfull)

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
            self.left_out.append(f"{text.place}: too many errors of syntax; give it alone")
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
                    self.run(script, body)

    def _unreached(self, script: Script) -> None:
        """Take commands that the script, read from its start, does not come to."""
        for node in walk(script.root):
            if node.type == "command" and PROGRAM in str(script.text(node)):
                self.run(script, node)

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
        self.run(script, script.root)
        self.expander.state = before

    def evaluated(self, text: Text) -> Flow:
        """Read text as if it stood in the script."""
        script = self._inner(text)
        return Flow.NEXT if script is None else self.run(script, script.root)

    def call(self, place: Place, words: Sequence[Word], program: str = PROGRAM) -> None:
        """Note a call of acrn-dm, or of acrnctl."""
        if sum(bool(word.text.holes) for word in words) > HOLES:
            many = f"{place}: a call with over {HOLES} words that are not known"
            self._overfull = f"{many}; give a call with fewer, or them with --set"
            self.left_out.append(self._overfull)
            return
        found = argv(place, [word.text for word in words], program)
        origins = tuple(word.place for word in words)
        self.found.append(found._replace(origins=origins).noted(_told(self._unquoted)))

    def enter(self, function: Function, arguments: Sequence[Text], place: Place) -> Flow:
        """Follow the call of a function."""
        outer = self.state.positional
        self.state.positional = tuple(arguments)
        parent = function.body.parent
        if parent is not None:
            self._entered.add(parent.id)
        since = len(self.branches.left)
        self.hidden.append({})
        flow = self.run(function.script, function.body)
        ends = self.branches.taken_back((Flow.RETURN,), since)
        if flow in {Flow.NEXT, Flow.RETURN}:
            ends.insert(0, self.state)
        if ends:
            self.expander.state = self.branches.merge(ends, place, "(output)")
        self.state.positional = outer
        self._restore(self.hidden.pop())
        self.status = None
        return Flow.NEXT if ends else flow

    def _restore(self, hidden: Mapping[str, Value | None]) -> None:
        """Give variables that were local to a function the values which they had before."""
        for name, value in hidden.items():
            if value is None:
                self.state.variables.pop(name, None)
            else:
                self.state.variables[name] = value

    def block(self, script: Script, node: "Node") -> Flow:
        """Follow the commands of a block."""
        return self.sequence(script, node.children)

    @property
    def full(self) -> bool:
        """Whether there is no more to be followed inside what is followed."""
        return self._depth >= DEPTH

    def run(self, script: Script, node: "Node") -> Flow:
        """Follow a command of any kind."""
        self.charge(1)
        if self.full:
            self.notes.append(f"{script.place(node)}: too deep to follow; left out")
            self.status = None
            return Flow.NEXT
        self._depth += 1
        try:
            handle = _HANDLERS.get(node.type)
            return handle(self, script, node) if handle else self.block(script, node)
        finally:
            self._depth -= 1

    def command(self, script: Script, node: "Node") -> Flow:
        """Follow a simple command: its assignments, and its words."""
        self._unquoted = {}
        names = [child for child in node.children if child.type == "command_name"]
        if not names:
            return self.block(script, node)
        nodes: list[Node] = []
        for child in node.children:
            if child.type == "command_name":
                nodes += child.children
            elif child.type not in _SIDE and names[0].start_byte < child.start_byte:
                nodes.append(child)
        nodes += streams.behind_redirections(node)
        words = self.expander.words(script, nodes)
        before = self.state
        assignments = [child for child in node.children if child.type == "variable_assignment"]
        if assignments:
            self.expander.state = before.copy()
            for child in assignments:
                self.commands.assign(script, child)
                name = str(script.text(child)).partition("=")[0]
                self.state.exported |= {name}
        flow = self.commands.run(words, script.place(node)) if words else Flow.NEXT
        self.status = self.commands.status
        if assignments:
            before.printed = self.state.printed
            self.expander.state = before
        return flow

    def sequence(self, script: Script, nodes: Sequence["Node"]) -> Flow:
        """Follow commands one after the other, until one of them leaves."""
        for node in nodes:
            if node.type not in _QUIET and (node.is_named or node.type == "ERROR"):
                flow = self.run(script, node)
                if flow is not Flow.NEXT:
                    return flow
        return Flow.NEXT

    def _substituted(self, script: Script, node: "Node") -> Text:
        return streams.substituted(self, script, node)


_SIDE: Final = frozenset(
    {"variable_assignment", "file_redirect", "herestring_redirect", "heredoc_redirect", "comment"}
)
_HANDLERS: Final[Mapping[str, Callable[[Reader, Script, "Node"], Flow]]] = {
    "command": Reader.command,
    **definitions.HANDLERS,
    **loops.HANDLERS,
    **streams.HANDLERS,
    **ways.HANDLERS,
}


def _told(unquoted: Collection[str]) -> Iterator[str]:
    """Yield the note on what stands unquoted in a call."""
    if len(unquoted) == 1:
        yield f"{next(iter(unquoted))} is not quoted, and taken for one word or part of one"
    elif unquoted:
        names = " ".join(unquoted)
        yield f"{names} are not quoted; each is taken for one word or part of one"


def calls(text: Text, values: Mapping[str, str]) -> Iterator[Argv]:
    """Yield the calls of acrn-dm and acrnctl in a script; ``values`` are what is known of holes."""
    reader = Reader(values)
    reader.read(text)
    left_out = tuple(dict.fromkeys(reader.left_out))
    for found in reader.found:
        yield found.noted(reader.notes)._replace(left_out=left_out)
