"""The preflight's table, and the questions that many lines of it ask of a board."""

from collections.abc import Callable, Iterator, Sequence

from acrn_hwtests.facts import Item
from acrn_hwtests.hosts.host import Host, run


def test(host: Host, kind: str, path: str) -> bool:
    """Ask the board's ``test``: ``-x`` for a program, ``-e`` for anything."""
    return run(host, ["test", kind, path]).status == 0


def shell(host: Host, script: str, *arguments: str) -> str:
    """Return what a shell script on the board prints, whether it succeeds or not."""
    return run(host, ["sh", "-c", script, "sh", *arguments]).text


def is_open(host: Host, tap: str) -> bool:
    """Ask whether some process has a tap open, be it up or not."""
    script = 'grep -qsx "iff:[[:space:]]*$1" /proc/[0-9]*/fdinfo/*'
    return run(host, ["sh", "-c", script, "sh", tap]).status == 0


def table(items: Sequence[Item], shown: Callable[[str], str]) -> Iterator[str]:
    """Yield the table's lines; ``shown`` makes a text safe to print."""
    width = max(len(item.what) for item in items)
    for item in items:
        mark = "MISSING" if item.remedy else "ok"
        remedy = f" -> {item.remedy}" if item.remedy else ""
        yield f"  {mark:<7}  {item.what:<{width}}  {shown(item.found)}{shown(remedy)}"
