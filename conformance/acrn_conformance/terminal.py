"""Standard output: plain lines, or on a terminal colours and a bar while a run goes on."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol

from acrn_conformance.report import STYLES, Styled


class Advance(Protocol):
    """Moves a bar on by one."""

    def __call__(self) -> None:
        """Do it."""


def write(lines: Iterable[Styled]) -> None:
    """Print lines; what a terminal would act upon has been escaped before."""
    if not sys.stdout.isatty():
        sys.stdout.writelines(f"{line.text}\n" for line in lines)
        return
    from rich.console import Console  # only a terminal pays for its import
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True)
    for line in lines:
        console.print(Text(line.text, STYLES.get(line.style, "")))


@contextmanager
def bar(total: int, label: str) -> Iterator[Advance]:
    """Show a bar on a terminal for as long as the context lasts; elsewhere nothing."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(label, total=total)
        yield lambda: progress.advance(task)
