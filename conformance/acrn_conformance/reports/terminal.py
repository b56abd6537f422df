"""The one gate to a terminal: its width, its colours, and what it shows while long work goes on."""

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Final, TextIO

from acrn_base.gate import behind
from acrn_base.text import harmless
from acrn_conformance.reports.styled import STYLES, Styled

_SHORT: Final = 1.0
"""Seconds for which nobody wants to see how far something is."""


def write(lines: Iterable[Styled]) -> None:
    """Print lines, and nothing in them that a terminal would act upon.

    On a terminal none is wider than that (or ``COLUMNS``); elsewhere none is folded.
    """
    if sys.stdout.isatty():
        import shutil  # a pipe has no width

        from acrn_conformance.reports.folding import folded

        safe = (Styled(harmless(line.text), line.style) for line in lines)
        lines = folded(safe, lambda: shutil.get_terminal_size().columns)
    if not _coloured(sys.stdout):
        sys.stdout.writelines(f"{line.text}\n" for line in lines)
        return
    from rich.console import Console  # only who sees colours pays for its import
    from rich.text import Text

    console = Console(
        file=behind(sys.stdout),
        highlight=False,
        soft_wrap=True,
        force_terminal=True,
        color_system="standard",
    )
    for line in lines:
        console.print(Text(harmless(line.text), STYLES.get(line.style, "")))


def _coloured(stream: TextIO) -> bool:
    """Tell whether there are to be colours: NO_COLOR forbids, FORCE_COLOR wants, TERM can none."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in {"", "0"}:
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def counter(label: str) -> AbstractContextManager[Callable[[int], None]]:
    """Show how far something without a known end has come; what it yields takes the number."""
    return _counting(label, None)


@contextmanager
def bar(total: int, label: str) -> Iterator[Callable[[], None]]:
    """Show how far something with an end has come; what it yields is called for each part done."""
    done = 0

    def advance() -> None:
        nonlocal done
        done += 1
        tell(done)

    with _counting(label, total) as tell:
        yield advance


@contextmanager
def bar_aside(total: int, label: str) -> Iterator[Callable[[], None]]:
    """Show as ``bar`` how far something has come that prints as it goes on.

    Where that is printed to a terminal it is what shows it; and nothing short is worth a bar.
    """
    done, started = 0, time.monotonic()
    tell: Callable[[int], None] | None = None
    with ExitStack() as stack:

        def advance() -> None:
            nonlocal done, tell
            done += 1
            if tell is None and not sys.stdout.isatty() and time.monotonic() - started > _SHORT:
                tell = stack.enter_context(_counting(label, total))
            if tell is not None:
                tell(done)

        yield advance


def _counting(label: str, total: int | None) -> AbstractContextManager[Callable[[int], None]]:
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        from acrn_conformance.reports import progress_lines  # only long work pays for threads

        return progress_lines.telling(label, total)
    from acrn_conformance.reports import progress_bar  # only a terminal pays for rich

    return progress_bar.shown(label, total)
