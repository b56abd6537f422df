"""Names that acrn-dm takes and others trip over; facts: fact 2 and "VM name"."""

import re
from collections.abc import Iterator
from typing import Final

from acrn_cmdline.lint.finding import Severity
from acrn_cmdline.lint.rule_form import Hit, rule
from acrn_dm import Reading, size

_ACRNCTL_LIMIT: Final = 72
"""Bytes of a name that acrnctl still reaches."""

_PLAIN: Final = re.compile(r"[A-Za-z0-9_.+:@%/][A-Za-z0-9_.+:@%/-]*\Z")


def _named(reading: Reading) -> Iterator[tuple[int, str]]:
    command = reading.command
    if command.name_token is not None:
        yield command.name_token, command.name


@rule(
    "name-unreachable",
    Severity.RISKY,
    fact="acrnctl finds no VM whose name holds a dot, and its blkrescan none of 73 characters or "
    "more.",
    remedy="use a name without a dot, of at most 15 bytes",
)
def name_unreachable(reading: Reading) -> Iterator[Hit]:
    """Find a name by which acrnctl cannot reach the VM."""
    for token, name in _named(reading):
        if "." in name:
            yield Hit(token, "acrnctl cannot find a VM with a dot in its name")
        elif size(name) > _ACRNCTL_LIMIT:
            yield Hit(token, f"acrnctl blkrescan cannot reach a name of {size(name)} bytes")


@rule(
    "name-odd",
    Severity.STYLE,
    fact="acrn-dm's parser takes any character in a name, and none at all.",
    remedy="use letters, digits, - and _ only",
)
def name_odd(reading: Reading) -> Iterator[Hit]:
    """Find a name that a script, a log or a person will stumble over."""
    for token, name in _named(reading):
        if not name:
            yield Hit(token, "the name is empty")
        elif not _PLAIN.match(name):
            yield Hit(token, "the name holds characters that scripts and logs trip over")


RULES = (name_unreachable, name_odd)
