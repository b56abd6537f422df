"""Lines of output with the style of the whole of each."""

from collections.abc import Mapping
from typing import NamedTuple


class Styled(NamedTuple):
    """A line of output and the style of the whole of it."""

    text: str
    style: str = ""


STYLES: Mapping[str, str] = {
    "good": "green",
    "bad": "bold red",
    "title": "bold",
    "faint": "dim",
    "-": "red",
    "+": "green",
    "?": "yellow",
}
