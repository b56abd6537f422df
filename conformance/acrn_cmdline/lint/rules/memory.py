"""Memory sizes that are taken for something else; facts: fact 4 and "Corrections"."""

import re
from collections.abc import Iterator
from typing import Final

from acrn_cmdline.lint.finding import Severity, brief
from acrn_cmdline.lint.rule_form import Hit, rule
from acrn_cmdline.lint.rules.parts import options
from acrn_dm import Reading, memory_text

_OCTAL: Final = re.compile(r"\s*[+-]?0[0-7]")
_NEGATIVE: Final = re.compile(r"\s*-")


@rule(
    "memory-junk",
    Severity.STYLE,
    fact="What follows the suffix of -m is ignored: 2048MB is 2048M.",
    remedy="end the size with K, M or G",
)
def memory_junk(reading: Reading) -> Iterator[Hit]:
    """Find a size with something behind its suffix."""
    for given in options(reading, "memsize"):
        written = memory_text(given.value)
        if written and written.ignored:
            yield Hit(given.token, f"{brief(written.ignored)} behind the suffix is ignored")


@rule(
    "memory-octal",
    Severity.RISKY,
    fact="-m reads a number that begins with 0 in base 8.",
    remedy="write the size without a 0 in front",
)
def memory_octal(reading: Reading) -> Iterator[Hit]:
    """Find a size with a zero in front."""
    for given in options(reading, "memsize"):
        if _OCTAL.match(given.value):
            written = memory_text(given.value)
            yield Hit(given.token, f"this is read as {written.number if written else 0} in base 10")


@rule(
    "memory-negative",
    Severity.RISKY,
    fact="A negative size wraps to a huge one: -1M is accepted before v3.0.",
    remedy="write the size without a sign",
)
def memory_negative(reading: Reading) -> Iterator[Hit]:
    """Find a size below zero, which passes for a huge one."""
    for given in options(reading, "memsize"):
        if _NEGATIVE.match(given.value):
            yield Hit(given.token, "a size below zero is taken for a huge one")


RULES = (memory_junk, memory_octal, memory_negative)
