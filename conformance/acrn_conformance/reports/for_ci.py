"""Findings as a CI takes them: one argv's after the other, a level, a path it knows."""

import os
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Final, assert_never

from acrn_cmdline.lint import Judgement, Severity
from acrn_cmdline.source import Argv

Hear = Callable[[Argv, Judgement], None]
"""Take note of what was found in an argv."""

LONGEST: Final = 600
"""Characters of a message that are shown; of longer ones the middle is left out."""


class Level(StrEnum):
    """How loud a CI is to be, in the words of SARIF."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


def level(severity: Severity) -> Level:
    """Return the level of a severity: an error is what lint's exit status tells of as well.

    So what is silently ineffective is a warning, bad as it is: a check that is red in one place
    and green in the other would be believed in neither.
    """
    match severity:
        case Severity.REFUSED:
            return Level.ERROR
        case Severity.SILENT | Severity.RISKY:
            return Level.WARNING
        case Severity.STYLE:
            return Level.NOTE
        case _ as never:
            assert_never(never)


def below(path: str, folder: Path) -> Path | None:
    """Return a path as seen from a folder that it is below, None where it is elsewhere."""
    # Links are not followed: a CI knows a file by the name that its repository gives it.
    whole = Path(os.path.abspath(path))  # noqa: PTH100 - Path.absolute keeps the dots
    return whole.relative_to(folder) if whole.is_relative_to(folder) else None
