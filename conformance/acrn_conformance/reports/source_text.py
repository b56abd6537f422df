"""How an argv was read: what is not known of it, and what was assumed."""

import re
import shlex
from collections.abc import Iterator, Sequence

from acrn_base.text import excerpt
from acrn_cmdline.source import Argv
from acrn_conformance.reports.styled import Styled

_NOTES = 12
_EXAMPLE = 60
_WORD = re.compile(r"\w+\Z")


def lines(argv: Argv, most: int = _NOTES) -> Iterator[Styled]:
    """Yield the lines, notes but so many; all that comes from the input has been made visible."""
    if argv.unknown:
        listed = " ".join(f"${name}" for name in argv.unknown)
        yield Styled(f"not known: {excerpt(listed)}; give it with --set {_how(argv.unknown)}", "?")
    for note in argv.notes[:most]:
        yield Styled(f"note: {excerpt(note)}", "faint")
    if len(argv.notes) > most:
        yield Styled(f"note: and {len(argv.notes) - most} more", "faint")


def _how(names: Sequence[str]) -> str:
    """Return what a shell gives for ``NAME=VALUE``, by example where a name is more than a word."""
    quoted = (shlex.quote(f"${name}=VALUE") for name in names if not _WORD.match(name))
    shown = (each for each in quoted if each.isprintable() and len(each) < _EXAMPLE)
    example = next(shown, None)
    return "NAME=VALUE" if example is None else f"NAME=VALUE, as --set {example}"
