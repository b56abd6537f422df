"""Knowledge while a script is read: variables, functions, arguments, the output so far."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from acrn_cmdline.source.argv import Place
from acrn_cmdline.source.shell.text import NOTHING, Text

if TYPE_CHECKING:
    from tree_sitter import Node

    from acrn_cmdline.source.shell.grammar import Script

Value = Text | tuple[Text, ...]
"""A variable's value: text, or the elements of an array."""

Hole = Callable[[str], Text]
"""Makes the text of what is not known but by name."""


class Function(NamedTuple):
    """A function's body, and the script in which it stands."""

    script: "Script"
    body: "Node"


class State:
    """Knowledge at one point of a script.

    ``positional`` are the arguments ``$1`` and on, None where nobody knows them. ``printed`` is
    what commands have written so far.
    """

    def __init__(self) -> None:
        self.variables: dict[str, Value] = {}
        self.functions: dict[str, Function] = {}
        self.exported: frozenset[str] = frozenset()
        self.positional: tuple[Text, ...] | None = None
        self.printed: Text = NOTHING

    def copy(self) -> "State":
        """Return a state that changes by itself."""
        other = State()
        other.variables = dict(self.variables)
        other.functions = dict(self.functions)
        other.exported = self.exported
        other.positional = self.positional
        other.printed = self.printed
        return other

    def changed(self, other: "State") -> set[str]:
        """Return the variables that differ."""
        names = self.variables.keys() | other.variables.keys()
        return {name for name in names if _differ(self, other, name)}


def _differ(one: State, other: State, name: str) -> bool:
    return not _same([one.variables.get(name), other.variables.get(name)])


def _same(values: Sequence[Value | None]) -> bool:
    first = _plain(values[0])
    return all(_plain(value) == first for value in values[1:])


def _plain(value: Value | None) -> object:
    """Return a value without its places."""
    if value is None:
        return None
    if isinstance(value, Text):
        return str(value), value.holes
    return tuple((str(text), text.holes) for text in value)


def merged(states: Sequence[State], hole: Hole, printed: str) -> State:
    """Return what is known where any of several states may be; ``printed`` names their output."""
    if len(states) == 1:
        return states[0]
    result = states[0].copy()
    for state in states[1:]:
        for name in result.changed(state):
            values = [each.variables.get(name) for each in (result, state)]
            result.variables[name] = either(values, hole(name))
        result.functions = {**state.functions, **result.functions}
        result.exported |= state.exported
        if _plain(tuple(result.positional or ())) != _plain(tuple(state.positional or ())):
            result.positional = None
    if not _same([state.printed for state in states]):
        result.printed = _extended([state.printed for state in states], hole(printed))
    return result


def either(values: Sequence[Value | None], unknown: Text) -> Value:
    """Return what is certain of a value: what all have in common, and then a hole."""
    if not unknown.holes:
        return unknown  # it is given
    present = [value for value in values if value is not None]
    arrays = [value for value in present if not isinstance(value, Text)]
    if len(arrays) == len(values):
        common = _common(arrays)
        return (*arrays[0][:common], unknown)
    texts = [value for value in present if isinstance(value, Text)]
    if len(texts) == len(values) and any(_begins(texts, text) for text in texts):
        return _extended(texts, unknown)
    return unknown


def _begins(texts: Iterable[Text], start: Text) -> bool:
    return bool(len(start)) and all(str(text).startswith(str(start)) for text in texts)


def _common(arrays: Sequence[tuple[Text, ...]]) -> int:
    plain = [[(str(text), text.holes) for text in array] for array in arrays]
    return _shared(plain)


def _shared(rows: Sequence[Sequence[object]]) -> int:
    """Return how many things at their start several rows have in common."""
    columns = zip(*rows, strict=False)
    return sum(1 for _ in takewhile(lambda each: all(one == each[0] for one in each), columns))


def _extended(texts: Sequence[Text], unknown: Text) -> Text:
    """Return the longest start that texts share, and a hole for what follows in some."""
    start = _shared([str(text) for text in texts])
    shared = texts[0].cut(0, start)
    if len(shared) > start:  # a hole is not cut
        shared = Text(shared.pieces[:-1])
    blank = any(str(text)[len(shared) :][:1].isspace() for text in texts)
    if blank and unknown.place:
        shared += Text.known(" ", unknown.place)
    return shared + unknown


def given(values: Mapping[str, str], name: str, place: Place) -> Text:
    """Return the value that the user has given a name, or a hole."""
    if name in values:
        return Text.known(values[name], place)
    return Text.hole(name, place)
