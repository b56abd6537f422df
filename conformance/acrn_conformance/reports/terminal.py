"""Standard output: plain lines, or on a terminal colours and a bar while a run goes on."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from acrn_base.gate import behind
from acrn_base.text import harmless
from acrn_conformance.reports.styled import STYLES, Styled


def write(lines: Iterable[Styled]) -> None:
    """Print lines, and nothing in them that a terminal would act upon."""
    if not sys.stdout.isatty():
        sys.stdout.writelines(f"{line.text}\n" for line in lines)
        return
    from rich.console import Console  # only a terminal pays for its import
    from rich.text import Text

    console = Console(file=behind(sys.stdout), highlight=False, soft_wrap=True)
    for line in lines:
        console.print(Text(harmless(line.text), STYLES.get(line.style, "")))


@contextmanager
def counter(label: str) -> Iterator[Callable[[int], None]]:
    """Show how far something without a known end has come, on a terminal."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn(label + " {task.completed:,}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(file=behind(sys.stderr)), transient=True) as progress:
        task = progress.add_task(label, total=None)
        yield lambda done: progress.update(task, completed=done)


@contextmanager
def bar(total: int, label: str) -> Iterator[Callable[[], None]]:
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
    with Progress(*columns, console=Console(file=behind(sys.stderr)), transient=True) as progress:
        task = progress.add_task(label, total=total)
        yield lambda: progress.advance(task)
