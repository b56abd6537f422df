"""How an argv was read: what is not known of it, and what was assumed."""

from collections.abc import Iterator

from acrn_base.text import excerpt
from acrn_cmdline.source import Argv
from acrn_conformance.reports.styled import Styled

_NOTES = 12


def lines(argv: Argv, most: int = _NOTES) -> Iterator[Styled]:
    """Yield the lines, notes but so many; all that comes from the input has been made visible."""
    if argv.unknown:
        listed = " ".join(f"${name}" for name in argv.unknown)
        yield Styled(f"not known: {excerpt(listed)}; give it with --set NAME=VALUE", "?")
    for note in argv.notes[:most]:
        yield Styled(f"note: {excerpt(note)}", "faint")
    if len(argv.notes) > most:
        yield Styled(f"note: and {len(argv.notes) - most} more", "faint")
