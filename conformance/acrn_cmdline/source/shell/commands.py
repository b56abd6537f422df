"""Commands of a script: which call acrn-dm, which start or hold other commands, and builtins."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from acrn_cmdline.source.argv import Place
from acrn_cmdline.source.shell import conditions
from acrn_cmdline.source.shell.branching import Flow
from acrn_cmdline.source.shell.expansion import Word
from acrn_cmdline.source.shell.grammar import Script
from acrn_cmdline.source.shell.printing import PRINTERS, SILENT
from acrn_cmdline.source.shell.state import Value
from acrn_cmdline.source.shell.text import NOTHING, Text
from acrn_cmdline.source.words import CONTROL, PROGRAM, SEARCHES, STARTERS, base

if TYPE_CHECKING:
    from tree_sitter import Node

    from acrn_cmdline.source.shell.reader import Reader

_SHELLS: Final = frozenset({"sh", "bash", "dash", "ash", "zsh", "ksh", "su", "script"})
_REMOTE: Final = frozenset({"ssh", "watch", "tmux", "screen", "adb", "xterm"})
_WRAPPERS: Final = frozenset({"command", "builtin", "time"})
_LEAVES: Final = {
    "exit": Flow.EXIT,
    "return": Flow.RETURN,
    "break": Flow.BREAK,
    "continue": Flow.CONTINUE,
}
_DEVICE: Final = re.compile(r"\d+(:\d+)*,[a-z][a-z0-9_-]+")


class Commands:
    """Follows commands; ``status`` is whether the last one succeeds, None where nobody knows."""

    def __init__(self, reader: "Reader") -> None:
        self._reader = reader
        self.status: bool | None = True

    def run(self, words: Sequence[Word], place: Place) -> Flow:
        """Follow a command, whose words are all expanded."""
        first, rest = words[0], words[1:]
        texts = [word.text for word in rest]
        name = str(first.text)
        self.status = None
        if name in self._reader.state.functions:
            return self._reader.enter(self._reader.state.functions[name], texts, place)
        if base(name) == PROGRAM or (first.text.certain is None and _like_a_call(texts)):
            self._reader.call(first.place, rest)
            return Flow.NEXT
        if base(name) == CONTROL:
            self._reader.call(first.place, rest, CONTROL)
            return Flow.NEXT
        if name in _LEAVES:
            return _LEAVES[name]
        if name == "eval":
            blank = Text.known(" ", place)
            return self._reader.evaluated(Text.joined(texts, blank))
        if base(name) in STARTERS | _SHELLS | _REMOTE:
            return self._started(words)
        if name in _WRAPPERS:
            self._wrapped(rest, place)
        else:
            self._builtin(name, texts, place)
        return Flow.NEXT

    def is_shell(self, words: Sequence[str]) -> bool:
        """Tell whether any of some words is a program that takes a script on its input."""
        return any(base(word) in _SHELLS | _REMOTE for word in words)

    def _started(self, words: Sequence[Word]) -> Flow:
        """Follow a command that starts another one, or is given a script."""
        for index, word in enumerate(words):
            name = base(str(word.text))
            if name in SEARCHES:
                return Flow.NEXT
            if name in {PROGRAM, CONTROL}:
                self._reader.call(word.place, words[index + 1 :], name)
                return Flow.NEXT
            if index and name == "eval":
                return self.run(words[index:], word.place)
            script = self._script_of(words, index)
            if script is not None:
                inner = tuple(each.text for each in words[index + 2 :])
                self._reader.nested(script, inner)
                return Flow.NEXT
            if word.text.certain is None and _like_a_call([w.text for w in words[index + 1 :]]):
                self._reader.call(word.place, words[index + 1 :])
                return Flow.NEXT
        return Flow.NEXT

    def _script_of(self, words: Sequence[Word], index: int) -> Text | None:
        """Return a word that is a script: behind ``-c`` of a shell, or to a remote one."""
        text = words[index].text
        if not re.search(r"\s", str(text)):
            return None
        option = str(words[index - 1].text) if index else ""
        names = {base(str(word.text)) for word in words[:index]}
        given = re.fullmatch(r"-[a-z]*c", option) and names & _SHELLS
        return text if given or (names & _REMOTE and PROGRAM in str(text)) else None

    def _builtin(self, name: str, texts: Sequence[Text], place: Place) -> None:
        state = self._reader.state
        match name:
            case "true" | ":":
                self.status = True
            case "false":
                self.status = False
            case "test":
                self.status = conditions.words(texts)
            case "shift":
                self._shift(texts)
            case "set" if texts and str(texts[0]) == "--":
                state.positional = tuple(texts[1:])
            case "read" | "getopts" | "mapfile" | "readarray":
                for text in texts:
                    variable = str(text)
                    if variable.isidentifier():
                        state.variables[variable] = self._reader.expander.hole(variable, place)
            case _:
                self._printing(name, texts, place)

    def _wrapped(self, words: Sequence[Word], place: Place) -> None:
        """Follow ``command NAME``; ``command -v NAME`` prints the name."""
        if words and str(words[0].text) in {"-v", "-V", "-p"}:
            self._printing("which", [word.text for word in words], place)
        elif words:
            self.run(words, place)

    def _printing(self, name: str, texts: Sequence[Text], place: Place) -> None:
        state = self._reader.state
        if base(name) in SILENT:
            return
        if name == "printf" and str(Text.joined(texts[:1], NOTHING)) == "-v":
            self._formatted(texts, place)
            return
        printer = PRINTERS.get(base(name))
        printed = printer(texts, place) if printer else None
        self.status = True if name in {"echo", "printf"} else None
        if printed is None:
            unknown = self._reader.expander.hole("(unknown)", place)
            printed = unknown + Text.known("\n", place)
        state.printed += printed

    def _formatted(self, texts: Sequence[Text], place: Place) -> None:
        """Follow ``printf -v NAME FORMAT``."""
        variable = str(Text.joined(texts[1:2], NOTHING))
        printed = PRINTERS["printf"](texts[2:], place)
        unknown = self._reader.expander.hole(variable, place)
        self._reader.state.variables[variable] = unknown if printed is None else printed

    def _shift(self, texts: Sequence[Text]) -> None:
        state = self._reader.state
        count = texts[0].certain if texts else "1"
        if state.positional is not None:
            known = count is not None and count.isdigit()
            state.positional = state.positional[int(count or 0) :] if known else None

    def assign(self, script: Script, node: "Node") -> None:
        """Follow ``name=value``, ``name+=value``, ``name[index]=value`` or ``name=( ... )``."""
        target, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if target is None:
            return
        expander, state = self._reader.expander, self._reader.state
        more = any(child.type == "+=" for child in node.children)
        written = str(script.text(target))
        name, bracket, index = written.partition("[")
        place = script.place(node)
        new: Value = NOTHING
        if value is not None and value.type == "array":
            nodes = [child for child in value.named_children if child.type != "comment"]
            new = tuple(word.text for word in expander.words(script, nodes))
        elif value is not None:
            new = expander.text(script, value)
        old = state.variables.get(name)
        if bracket:
            state.variables[name] = self._element(name, old, index.removesuffix("]"), new, place)
        elif more:
            state.variables[name] = self._appended(name, old, new, place)
        else:
            state.variables[name] = self._renamed(name, new, place)

    def _renamed(self, name: str, value: Value, place: Place) -> Value:
        """Return a value to keep: what is not known at all is called by the variable's name."""
        if isinstance(value, Text) and value.holes:
            own = self._reader.expander.hole(name, place)
            if not own.holes or len(value.pieces) == 1 or not value.filled:
                return own
        return value

    def _appended(self, name: str, old: Value | None, new: Value, place: Place) -> Value:
        if old is None:
            return new if isinstance(new, tuple) else self._reader.expander.hole(name, place) + new
        if isinstance(old, Text):
            if isinstance(new, Text):
                return self._reader.expander.short(old + new)
            return ((old,) if old.pieces else ()) + new
        if isinstance(new, Text):
            return (old[0] + new, *old[1:]) if old else (new,)
        return old + new

    def _element(self, name: str, old: Value | None, index: str, new: Value, place: Place) -> Value:
        held = old if isinstance(old, tuple) else () if old is None or not len(old) else (old,)
        if isinstance(new, Text) and index.isdigit() and int(index[:9]) <= len(held):
            number = int(index)
            return (*held[:number], new, *held[number + 1 :])
        return (self._reader.expander.hole(name, place),)


def _like_a_call(texts: Sequence[Text]) -> bool:
    """Tell whether words are acrn-dm's: an option for a slot, with a device in it."""
    words = list(map(str, texts))
    return any(option == "-s" and _DEVICE.match(value) for option, value in pairwise(words))
