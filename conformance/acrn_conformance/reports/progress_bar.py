"""How far long work has come on a terminal: a bar, gone when the work ends or is ended."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console, RenderableType
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from acrn_base.gate import behind

_NARROW = 70
"""Cells below which the bar itself is left out: its numbers say more."""


class _Rate(ProgressColumn):
    """How many a second, once that can be said."""

    def render(self, task: Task) -> Text:
        """Return the rate."""
        return Text("" if task.speed is None else f"{task.speed:,.0f}/s", "progress.data.speed")


class _Progress(Progress):
    """A bar that is told nothing: it looks at how much is done whenever it is drawn."""

    done = 0

    def get_renderables(self) -> Iterable[RenderableType]:
        """Return what is to be seen now."""
        for task in self.task_ids:
            self.update(task, completed=self.done)
        return super().get_renderables()


@contextmanager
def shown(label: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """Show how much is done, on stderr; what is yielded takes the number."""
    console = Console(file=behind(sys.stderr))
    wide = total is not None and console.width >= _NARROW
    columns: tuple[ProgressColumn, ...] = (
        BarColumn(None) if wide else SpinnerColumn(),
        TextColumn("{task.description}"),
        TextColumn("{task.completed:,}") if total is None else MofNCompleteColumn(),
        _Rate(),
        TimeElapsedColumn() if total is None else TimeRemainingColumn(),
    )
    with _Progress(*columns, console=console, transient=True, expand=wide) as progress:
        progress.add_task(label, total=total)

        def tell(done: int) -> None:
            progress.done = done

        yield tell
