"""Known failures: cases that may fail for a reason on record, and nothing else.

A file has an id and its reason a line; ``#`` begins a comment line. ``DIALECT:ID`` speaks of one
dialect alone.
"""

from collections.abc import Mapping
from pathlib import Path

from acrn_base import reading


class KnownFailuresError(ValueError):
    """A known-failures file that cannot be read; the text says where and why."""


def read(path: Path) -> dict[str, str]:
    """Return the reason by case id, as it stands in the file. Raises KnownFailuresError."""
    shown = reading.shown(path)
    try:
        text = reading.whole(path).decode("utf-8-sig")
    except reading.ReadingError as error:
        raise KnownFailuresError(str(error)) from None
    except UnicodeDecodeError:
        raise KnownFailuresError(f"{shown}: not UTF-8; save it as UTF-8") from None
    known: dict[str, str] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        words = line.split(maxsplit=1)
        if not words or words[0].startswith("#"):
            continue
        if len(words) == 1:
            raise KnownFailuresError(
                f"{shown}:{number}: {words[0]!a} has no reason; add one behind it"
            )
        if words[0] in known:
            raise KnownFailuresError(f"{shown}:{number}: {words[0]!a} stands twice; keep one")
        known[words[0]] = words[1].strip()
    return known


def reason(known: Mapping[str, str], dialect: str, case: str) -> str:
    """Return why a case may fail in a dialect, "" where it may not."""
    return known.get(f"{dialect}:{case}", known.get(case, ""))


def bare(name: str) -> str:
    """Return the id of an entry, without its dialect."""
    return name.rpartition(":")[2]
