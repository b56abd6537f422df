"""Known failures: cases that may fail for a reason on record, and nothing else.

A file has an id, or a glob on ids, and its reason a line; ``#`` begins a comment line.
``DIALECT:ID`` speaks of one dialect alone. An id goes before the globs, and of those the first.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from acrn_base import reading

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


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
    if found := known.get(f"{dialect}:{case}", known.get(case, "")):
        return found
    entries = (name for name in known if name.partition(":")[0] == dialect or bare(name) == name)
    return next((known[name] for name in entries if fnmatchcase(case, bare(name))), "")


def bare(name: str) -> str:
    """Return the id, or the glob, of an entry, without its dialect."""
    return name.rpartition(":")[2]


def matches(name: str, case: str) -> bool:
    """Whether an entry speaks of a case, in whichever dialect."""
    return case == bare(name) or fnmatchcase(case, bare(name))


def written(known: Mapping[str, str]) -> str:
    """Return the text of a file with these reasons, sorted by entry."""
    return "".join(f"{name} {why}\n" for name, why in sorted(known.items()))


def entry(case: str) -> str:
    """Return the entry that speaks of one case: its id, or a glob where a file cannot hold that."""
    if re.search(r"\s|^#|:", case):
        return re.sub(r"[\s#:]", "?", re.sub(r"[*?\[]", r"[\g<0>]", case))
    return case
