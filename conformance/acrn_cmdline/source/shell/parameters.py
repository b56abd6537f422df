"""Parameters of a shell: what ``$name``, ``${name[index]}`` and ``${name...}`` stand for."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from acrn_cmdline.source.argv import Place
from acrn_cmdline.source.bounds import DEPTH
from acrn_cmdline.source.shell import patterns
from acrn_cmdline.source.shell.grammar import Script
from acrn_cmdline.source.shell.state import State, Value
from acrn_cmdline.source.shell.text import NOTHING, Text

if TYPE_CHECKING:
    from tree_sitter import Node

    from acrn_cmdline.source.shell.expansion import Expander


class Parameters:
    """Looks up and changes the values of variables and arguments."""

    def __init__(self, expander: "Expander") -> None:
        self._expander = expander
        self._depth = 0

    @property
    def _state(self) -> State:
        return self._expander.state

    def value(self, script: Script, node: "Node") -> tuple[Value, bool]:
        """Return what an expansion stands for; True: its parts are joined where it is quoted."""
        written = script.text(node)
        if [piece.hole for piece in written.pieces] != [None] * len(written.pieces):
            return written, False  # of text that is evaluated and not known
        place = script.place(node)
        unknown = self._expander.hole(str(written).removeprefix("$"), place)
        if self._depth >= DEPTH:
            return unknown, False
        self._depth += 1
        try:
            return self._known(script, node, unknown)
        finally:
            self._depth -= 1

    def _known(self, script: Script, node: "Node", unknown: Text) -> tuple[Value, bool]:
        """Return what is known of an expansion that does not stand too deep in others."""
        inner = node.children[1:] if node.type == "simple_expansion" else node.children[1:-1]
        if not inner:
            return unknown, False
        if node.type == "expansion" and inner[0].type in {"#", "!"} and len(inner) > 1:
            return self._prefixed(script, inner, unknown), False
        name, index = _named(script, inner[0])
        value = self._variable(name, index, script.place(node))
        if len(inner) > 1:
            value = self._operated(script, node, inner, value, unknown)
        return value, name == "*" or index == "*"

    def _prefixed(self, script: Script, inner: Sequence["Node"], unknown: Text) -> Value:
        """Return the length of a value, or the value of the variable that a value names."""
        name, index = _named(script, inner[1])
        place = script.place(inner[1])
        known = name in self._state.variables or (
            name in "@*" and self._state.positional is not None
        )
        if len(inner) > 2 or not known:  # noqa: PLR2004 - the sign and the name
            return unknown
        value = self._variable(name, index, place)
        if inner[0].type == "#":
            if isinstance(value, tuple):
                whole = not any(text.holes for text in value)
                return Text.known(str(len(value)), place) if whole else unknown
            text = value.certain
            return unknown if text is None else Text.known(str(len(text)), place)
        text = value.certain if isinstance(value, Text) else None
        return unknown if text is None else self._variable(text, None, place)

    def _variable(self, name: str, index: str | None, place: Place) -> Value:
        if name.isdigit() or name in {"@", "*", "#"}:
            return self._positional(name, place)
        if name not in self._state.variables:
            return self._expander.hole(name, place)
        value = self._state.variables[name]
        if isinstance(value, Text):
            return (
                value
                if index in {None, "0"}
                else (value,)
                if index in {"@", "*"}
                else (self._expander.hole(f"{{{name}[{index}]}}", place))
            )
        if index in {"@", "*"}:
            return value
        number = index or "0"
        if any(text.holes and str(text) == str(self._expander.hole(name, place)) for text in value):
            return self._expander.hole(f"{{{name}[{number}]}}", place)
        if number.isdigit():
            return value[int(number)] if int(number[:9]) < len(value) else NOTHING
        held = self._state.variables.get(number.removeprefix("$"))
        known = held.certain if isinstance(held, Text) else None
        if known and known.isdigit():
            return value[int(known)] if int(known[:9]) < len(value) else NOTHING
        return self._expander.hole(f"{{{name}[{number}]}}", place)

    def _positional(self, name: str, place: Place) -> Value:
        arguments = self._state.positional
        if arguments is None:
            return self._expander.hole(name, place)
        if name in {"@", "*"}:
            return arguments
        if name == "#":
            return Text.known(str(len(arguments)), place)
        number = int(name[:9])
        if not number:
            return self._expander.hole(name, place)
        return arguments[number - 1] if number <= len(arguments) else NOTHING

    def _operated(
        self, script: Script, node: "Node", inner: Sequence["Node"], value: Value, unknown: Text
    ) -> Value:
        """Return what the operator behind a name makes of its value."""
        operator = str(script.text(inner[1]))
        end = node.end_byte - 1
        name = str(script.text(inner[0]))
        if operator in {":-", "-", ":=", "=", ":+", "+", ":?", "?"}:
            return self._default(script, inner, name, value, unknown)
        rest = str(script.between(inner[1].end_byte, end))
        if isinstance(value, tuple):
            changed = [patterns.changed(text, operator, rest) for text in value]
            if operator == ":" and rest.strip().isdigit():
                return value[max(0, int(rest[:9]) - (name in "@*")) :]
            kept = [text for text in changed if text is not None]
            return tuple(kept) if len(kept) == len(value) and operator != ":" else unknown
        found = patterns.changed(value, operator, rest)
        return unknown if found is None else found

    def _default(
        self, script: Script, inner: Sequence["Node"], name: str, value: Value, unknown: Text
    ) -> Value:
        """Return a value or what stands for it; a name that nobody has set has none."""
        operator = str(script.text(inner[1]))
        arguments = self._state.positional
        never = (name.isdigit() and arguments is None) or not (
            name.isdigit() or name in {"@", "*"} or name.partition("[")[0] in self._state.variables
        )
        given = isinstance(value, Text) and not value.holes
        if isinstance(value, Text):
            filled = False if never and not given else value.filled
        else:
            filled = bool(value)
        if operator in {":?", "?"}:
            return value
        other = self._expander.joined(script, inner[2:])
        if operator in {":+", "+"}:
            return other if filled else NOTHING if filled is False else unknown
        if filled is not False:
            return value
        if operator in {":=", "="} and name.isidentifier():
            self._state.variables[name] = other
        return other


def _named(script: Script, node: "Node") -> tuple[str, str | None]:
    """Return the name of a variable, and the index of an element."""
    if node.type != "subscript":
        return str(script.text(node)), None
    name, index = node.child_by_field_name("name"), node.child_by_field_name("index")
    shown = "" if name is None else str(script.text(name))
    return shown, "" if index is None else str(script.text(index))
