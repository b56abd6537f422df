"""Lines of output with the style of the whole of each."""

from collections.abc import Mapping
from typing import Final, NamedTuple


class Styled(NamedTuple):
    """A line of output and the style of the whole of it."""

    text: str
    style: str = ""


COMMAND: Final = "command"
"""The style of a line that ends in a command for a shell: folded, it still is one."""

STYLES: Mapping[str, str] = {
    "good": "green",
    "bad": "bold red",
    "title": "bold",
    "faint": "dim",
    COMMAND: "dim",
    "-": "red",
    "+": "green",
    "?": "yellow",
}
