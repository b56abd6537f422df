"""Characters that a page or a word processor writes for those that were typed."""

from collections.abc import Iterator, Mapping
from typing import Final

from acrn_cmdline.lint.finding import Severity
from acrn_cmdline.lint.rule_form import Hit, rule
from acrn_dm import Reading

DASHES: Final = tuple("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d")
"""Characters that look like a minus sign, and are none."""

_MEANT: Final[Mapping[str, str]] = {
    **dict.fromkeys(DASHES, "a minus sign"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\uff02", "a double quote"),
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4\uff07", "a single quote"),
    **dict.fromkeys("\u00a0\u2007\u2009\u202f\u3000", "a blank"),
}


@rule(
    "typographic-character",
    Severity.RISKY,
    fact="Web pages, PDF files and word processors show dashes, quotes and blanks of their own. "
    "No shell and no acrn-dm takes one for - or a quote, or parts words at it: an option becomes "
    "an operand, and a quote a part of a path.",
    remedy="type the character anew: -, \", ' or a blank",
)
def typographic_character(reading: Reading) -> Iterator[Hit]:
    """Find a token with characters that were pasted."""
    for index, token in enumerate(reading.argv):
        if not token.isascii() and (found := [each for each in token if each in _MEANT]):
            told = (
                f"U+{ord(each):04X} stands for {_MEANT[each]}, and is none"
                for each in dict.fromkeys(found)
            )
            yield Hit(index, "; ".join(told))


RULES = (typographic_character,)
