"""Known failures: cases that may fail for a reason on record, and nothing else.

A file has an id and its reason a line; ``#`` begins a comment line.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from acrn_conformance.model import Mark, Verdict


class KnownFailuresError(ValueError):
    """A known-failures file that cannot be read; the text says where and why."""


def read(path: Path) -> dict[str, str]:
    """Return the reason by case id. Raises KnownFailuresError."""
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise KnownFailuresError(f"{path}: {error.strerror}; name a readable file") from None
    except UnicodeDecodeError:
        raise KnownFailuresError(f"{path}: not UTF-8; save it as UTF-8") from None
    known: dict[str, str] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        words = line.split(maxsplit=1)
        if not words or words[0].startswith("#"):
            continue
        if len(words) == 1:
            raise KnownFailuresError(
                f"{path}:{number}: {words[0]!a} has no reason; add one behind it"
            )
        if words[0] in known:
            raise KnownFailuresError(f"{path}:{number}: {words[0]!a} stands twice; keep one")
        known[words[0]] = words[1].strip()
    return known


def complaints(
    known: Mapping[str, str], verdicts: Iterable[Verdict], ids: Collection[str]
) -> Iterator[str]:
    """Yield what is wrong with the list: unknown ids, unexpected passes, entries gone stale.

    ``ids`` are all cases that exist; those that were not selected are let be.
    """
    for name in known:
        if name not in ids:
            yield f"{name}: no such case; remove it from the known failures"
    for verdict in verdicts:
        if verdict.known and verdict.excused:
            yield f"{verdict.case.id}: its method is not claimed; remove it from the known failures"
        elif verdict.known and verdict.mark is Mark.PASS:
            yield f"{verdict.case.id}: passes now; remove it from the known failures"
