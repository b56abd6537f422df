"""The order of findings: a pasted character first, without what only follows from it."""

from collections.abc import Iterable
from typing import Final

from acrn_cmdline.lint.finding import Finding, Severity
from acrn_cmdline.lint.rules.typography import DASHES, typographic_character
from acrn_dm import FaultKind

_WORST_FIRST: Final = tuple(Severity)
_FOLLOW: Final = frozenset({"name-odd", "path-relative"})
_REMEDY: Final = (
    "type the dash anew that is no minus sign (typographic-character): what was meant as an option "
    "is an operand"
)


def in_order(findings: Iterable[Finding], argv: tuple[str, ...]) -> tuple[Finding, ...]:
    """Return the findings on an argv: pasted characters, and then the worst first.

    What such a character causes in its own token is left out; a wrong number of names has it for
    the remedy where it begins a token.
    """
    found = list(findings)
    pasted = {each.token for each in found if each.rule == typographic_character.id}
    kept = [each for each in found if each.rule not in _FOLLOW or each.token not in pasted]
    if any(token is not None and argv[token].startswith(DASHES) for token in pasted):
        kept = [
            each._replace(remedy=_REMEDY) if each.rule == FaultKind.NAME_COUNT.value else each
            for each in kept
        ]
    return tuple(sorted(kept, key=_order))


def _order(finding: Finding) -> tuple[bool, int, bool, int, str]:
    token = finding.token
    rank = _WORST_FIRST.index(finding.severity)
    later = finding.rule != typographic_character.id
    return later, rank, token is None, token or 0, finding.rule
