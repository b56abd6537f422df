"""Words as a shell expands them: quotes, substitutions, numbers, and splitting into words."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from acrn_cmdline.source.argv import Place
from acrn_cmdline.source.bounds import PIECES, TEXT
from acrn_cmdline.source.shell import braces, quoting
from acrn_cmdline.source.shell.arithmetic import Numbers, UncertainError
from acrn_cmdline.source.shell.grammar import Script
from acrn_cmdline.source.shell.parameters import Parameters
from acrn_cmdline.source.shell.state import State, Value, given
from acrn_cmdline.source.shell.text import NOTHING, Piece, Text

if TYPE_CHECKING:
    from tree_sitter import Node

_EXPANSIONS: Final = frozenset(
    {"simple_expansion", "expansion", "command_substitution", "arithmetic_expansion"}
)
_LONGEST_NAME: Final = 60
_GAP: Final = re.compile(r"((?:\\[ \t])*)((?:\s|\\\n)*)((?:\\[ \t])*)")
"""What stands between two words, with escaped blanks that end the first or begin the second."""


class _Part(NamedTuple):
    """Text of a word; ``split``: it falls into words; ``ends``: a word ends before it."""

    text: Text
    split: bool = False
    ends: bool = False


class Word(NamedTuple):
    """A word of a command after expansion, and the place of what it was expanded from."""

    text: Text
    place: Place


def _written(script: Script, node: "Node") -> Text:
    """Return the text of a node; of the dollar of ``$"..."``, which may stand apart, nothing."""
    behind = node.next_sibling if node.type == "$" else None
    if behind is not None and behind.start_byte == node.end_byte:
        return NOTHING if str(script.text(behind)).startswith('"') else script.text(node)
    return script.text(node)


def _blanks_back(gap: Text, words: list[Word], new: list[Word]) -> None:
    """Give words the blanks behind backslashes, which the grammar takes for the end of a word."""
    found = _GAP.fullmatch(str(gap))
    if found is None or "\\" not in found[0]:
        return
    behind, before = (quoting.unescaped(gap.cut(*found.span(n)), quoting.OUTSIDE) for n in (1, 3))
    if found[2]:
        words[-1] = words[-1]._replace(text=words[-1].text + behind)
        new[0] = new[0]._replace(text=before + new[0].text)
    else:
        last = words.pop()
        new[0] = last._replace(text=last.text + behind + new[0].text)


class Expander:
    """Expands the words of scripts; ``substitute`` returns what a script in ``$( )`` prints."""

    def __init__(
        self,
        values: Mapping[str, str],
        substitute: Callable[[Script, "Node"], Text],
        charge: Callable[[int], None],
        unquoted: Callable[[str], None],
    ) -> None:
        self.state = State()
        self._values = values
        self._substitute = substitute
        self._charge = charge
        self._unquoted = unquoted
        self._parameters = Parameters(self)

    def hole(self, name: str, place: Place) -> Text:
        """Return the text of what is not known, or what the user has given for it."""
        shown = " ".join(name.split())
        if len(shown) > _LONGEST_NAME:
            shown = f"{shown[: _LONGEST_NAME - 4]}...{shown[-1]}"
        return given(self._values, shown, place)

    def words(self, script: Script, nodes: Iterable["Node"]) -> list[Word]:
        """Return the words that nodes, one behind the other, expand to."""
        words: list[Word] = []
        end: int | None = None
        for node in nodes:
            place = script.place(node)
            new = [
                Word(text, place)
                for parts in self._alternatives(script, node)
                for text in self._assembled(parts)
            ]
            if end is not None and words and new:
                _blanks_back(script.between(end, node.start_byte + script.blanks(node)), words, new)
            words += new
            end = node.end_byte
        return words

    def _alternatives(self, script: Script, node: "Node") -> Iterator[Iterator[_Part]]:
        """Yield the parts of each word that the braces in one make of it."""
        try:
            words = braces.expanded(script, node)
        except braces.TooManyError:
            yield iter([_Part(self.hole(str(script.text(node)), script.place(node)))])
            return
        if words is None:
            yield self._parts(script, node, quoted=False)
        else:
            self._charge(sum(map(len, words)))
            yield from (self._atoms(script, atoms) for atoms in words)

    def _atoms(self, script: Script, atoms: braces.Atoms) -> Iterator[_Part]:
        for atom in atoms:
            if atom.node is None:
                yield _Part(self._plain(atom.text, quoted=False))
            else:
                yield from self._parts(script, atom.node, quoted=False)

    def text(self, script: Script, node: "Node") -> Text:
        """Return the text of a node that is not split, as in an assignment."""
        pieces: list[Piece] = []
        for part in self._parts(script, node, quoted=False):
            if part.ends and pieces:
                pieces.append(Piece(" ", script.place(node)))
            pieces += part.text.pieces
        return self.short(Text(tuple(pieces)))

    def heredoc(self, script: Script, node: "Node") -> Text:
        """Return the text of a here-document whose variables are expanded."""
        parts = self._mixed(script, node, node.start_byte, node.end_byte)
        return self.short(Text.joined((part.text for part in parts), NOTHING))

    def pattern(self, script: Script, node: "Node") -> str | None:
        """Return a pattern as it is matched: what is quoted is not special; None: not known."""
        if node.type in {"string", "raw_string", "ansi_c_string"}:
            text = self.text(script, node).certain
            return None if text is None else re.sub(r"([*?\[\\])", r"\\\1", text)
        if node.type in {"word", "extglob_pattern", "number"}:
            return str(script.text(node))
        if node.type == "concatenation":
            parts = [self.pattern(script, child) for child in node.children]
            return None if None in parts else "".join(part or "" for part in parts)
        return self.text(script, node).certain

    def _assembled(self, parts: Iterable[_Part]) -> Iterator[Text]:
        current: list[Piece] = []
        for part in parts:
            for text, ends in self._fields(part):
                if ends and current:
                    yield self.short(Text(tuple(current)))
                    current = []
                current += text.pieces
        if current:
            yield self.short(Text(tuple(current)))

    def _fields(self, part: _Part) -> Iterator[tuple[Text, bool]]:
        """Yield the text of a part, split where it is not quoted; True: a word ends before it."""
        separators = re.escape(self._separators())
        if not part.split or not separators:
            yield part.text, part.ends
            return
        ends = part.ends
        for piece in part.text.pieces:
            if piece.hole is not None:
                self._unquoted(piece.text)
                yield Text((piece,)), ends
                ends = False
                continue
            for found in re.finditer(rf"([{separators}]+)|[^{separators}]+", piece.text):
                if not found[1]:
                    yield Text((piece.cut(*found.span()),)), ends
                ends = bool(found[1])
        yield NOTHING, ends

    def joined(self, script: Script, nodes: Iterable["Node"]) -> Text:
        """Return the text of nodes one behind the other."""
        parts = (part for node in nodes for part in self._parts(script, node, quoted=False))
        return Text.joined((part.text for part in parts), NOTHING)

    def _separators(self) -> str:
        value = self.state.variables.get("IFS")
        known = value.certain if isinstance(value, Text) else None
        return " \t\n" if known is None else known

    def short(self, text: Text) -> Text:
        """Return a text, or a hole for one that is longer than an argument can be."""
        self._charge(1 + len(text.pieces))
        if (len(text.pieces) > PIECES or len(text) > TEXT) and text.place:
            return self.hole("(a text over 128 KiB)", text.place)
        return text

    def _parts(self, script: Script, node: "Node", *, quoted: bool) -> Iterator[_Part]:
        self._charge(1)
        match node.type:
            case "string":
                start, end = script.blanks(node) + node.start_byte + 1, node.end_byte - 1
                parts = list(self._mixed(script, node, start, end))
                if parts or not node.named_children:  # "$@" may be no word at all
                    yield from (_Part(quoting.empty(script, node)), *parts)
            case "translated_string":
                yield from self._parts(script, node.children[-1], quoted=True)
            case "raw_string" | "ansi_c_string":
                yield _Part(quoting.empty(script, node) + quoting.literal(script.text(node)))
            case "concatenation" | "number" if node.children:  # a number: 16#$digits
                yield from self._joined(script, node)
            case "simple_expansion" | "expansion":
                yield from self._expansion(script, node, quoted=quoted)
            case "command_substitution":
                yield _Part(self._substitute(script, node), split=not quoted)
            case "arithmetic_expansion":
                yield _Part(self._number(script, node))
            case "process_substitution":
                yield _Part(self.hole(str(script.text(node)), script.place(node)))
            case _:
                yield _Part(self._plain(_written(script, node), quoted=quoted))

    def _joined(self, script: Script, node: "Node") -> Iterator[_Part]:
        """Yield the parts of a word; what stands between its nodes is text as well."""
        at = node.start_byte + script.blanks(node)
        for child in node.children:
            if child.start_byte > at:
                yield _Part(self._plain(script.between(at, child.start_byte), quoted=False))
            yield from self._parts(script, child, quoted=False)
            at = child.end_byte

    def _plain(self, text: Text, *, quoted: bool) -> Text:
        written = str(text)
        if not quoted and (written == "~" or written.startswith("~/")) and text.place:
            return self.hole("HOME", text.place) + text.cut(1)
        return quoting.unescaped(text, quoting.OUTSIDE)

    def _mixed(self, script: Script, node: "Node", start: int, end: int) -> Iterator[_Part]:
        """Yield quoted text with expansions in it; the grammar leaves blanks out, which count."""
        for child in node.children:
            if child.type in _EXPANSIONS and child.start_byte >= start - 1:
                first = child.start_byte + script.blanks(child)
                if first > start:
                    yield _Part(quoting.unescaped(script.between(start, first), quoting.INSIDE))
                yield from self._parts(script, child, quoted=True)
                start = child.end_byte
        if end > start:
            yield _Part(quoting.unescaped(script.between(start, end), quoting.INSIDE))

    def _number(self, script: Script, node: "Node") -> Text:
        place = script.place(node)
        try:
            expressions = node.named_children
            values = [self.numbers(script).value(each) for each in expressions]
            return Text.known(str(values[-1]), place)
        except (UncertainError, IndexError):
            return self.hole(str(script.text(node)).removeprefix("$"), place)

    def numbers(self, script: Script) -> Numbers:
        """Return what evaluates the expressions of a script."""

        def get(node: "Node") -> str | None:
            if node.type in {"variable_name", "word"}:
                name = str(script.text(node))
                if not name.isidentifier():
                    return name
                value = self.state.variables.get(name)
                if value is None:
                    value = self.hole(name, script.place(node))
                return value.certain if isinstance(value, Text) else None
            return self.text(script, node).certain

        def put(name: str, number: int | None) -> None:
            place = script.place(script.root)
            text = self.hole(name, place) if number is None else Text.known(str(number), place)
            self.state.variables[name] = text

        return Numbers(get, put)

    def _expansion(self, script: Script, node: "Node", *, quoted: bool) -> Iterator[_Part]:
        value, star = self._parameters.value(script, node)
        yield from self._value(value, star=star, quoted=quoted)

    def _value(self, value: Value, *, star: bool, quoted: bool) -> Iterator[_Part]:
        if isinstance(value, Text):
            yield _Part(value, split=not quoted)
        elif star and quoted:
            separator = NOTHING
            if value and value[0].place:
                separator = Text.known(self._separators()[:1], value[0].place)
            yield _Part(Text.joined(value, separator))
        else:
            for number, text in enumerate(value):
                yield _Part(text, split=not quoted, ends=number > 0)
