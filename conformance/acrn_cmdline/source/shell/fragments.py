"""Parts of a script that call nothing, and hold an argv all the same: an array, options alone."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from acrn_cmdline.source.argv import Argv
from acrn_cmdline.source.shell.grammar import Script, TooHardError
from acrn_cmdline.source.shell.reader import Reader
from acrn_cmdline.source.shell.text import Text, argv

if TYPE_CHECKING:
    from tree_sitter import Node


def lone(text: Text, values: Mapping[str, str]) -> Iterator[Argv]:
    """Yield the arrays and strings of options that a script puts together and gives to nobody.

    A script whose commands all begin with options is one argv, a line for some of them each.
    """
    try:
        script = Script(text)
    except TooHardError:
        return
    commands = [node for node in script.root.named_children if node.type != "comment"]
    if commands and all(
        _is_options(script, node) for node in commands[: len(commands) - 1 or None]
    ):
        reader = Reader(values)
        words = [word for node in commands for word in reader.expander.words(script, _words(node))]
        if words:
            found = argv(words[0].place, [word.text for word in words])
            yield found.noted(["no word acrn-dm: taken for its options"])
        return
    reader = Reader(values)
    reader.read(text)
    for name, value in reader.state.variables.items():
        if isinstance(value, tuple) and len(value) > 1 and str(value[0]).startswith("-"):
            place = value[0].place
            if place is not None:
                note = f"nothing gives {name} to acrn-dm here: taken for its arguments"
                yield argv(place, value).noted([note, *reader.notes])


def _words(node: "Node") -> list["Node"]:
    return [
        each
        for child in node.children
        for each in (child.children if child.type == "command_name" else [child])
    ]


def _is_options(script: Script, node: "Node") -> bool:
    return node.type == "command" and str(script.text(node)).startswith("-")
