"""Places on the bus that are read otherwise than written; facts: "-s PCI slots"."""

import re
from collections.abc import Iterator
from typing import Final

from acrn_cmdline.lint.finding import Severity, brief
from acrn_cmdline.lint.rule_form import Hit, rule
from acrn_cmdline.lint.rules.parts import options
from acrn_dm import Reading, slot_text

_CLEAN: Final = re.compile(r"[0-9]+([:/.][0-9]+){0,2}\Z")
_HOSTBRIDGES: Final = frozenset({"hostbridge", "amd_hostbridge"})


@rule(
    "slot-junk",
    Severity.RISKY,
    fact="Behind the digits of each number of a place anything is ignored (20x is 20), and so is "
    "a fourth field (3:0:0:0).",
    remedy="write SLOT, SLOT:FUNCTION or BUS:SLOT:FUNCTION in digits",
)
def slot_junk(reading: Reading) -> Iterator[Hit]:
    """Find a place that holds more than acrn-dm reads."""
    for given in options(reading, "pci_slot"):
        written = slot_text(given.value)
        if written.place and not _CLEAN.match(written.where):
            bus, slot, function = written.place
            text = f"{brief(written.where)} is read as bus {bus}, slot {slot}, function {function}"
            yield Hit(given.token, text)


@rule(
    "slot-0-not-hostbridge",
    Severity.STYLE,
    fact="acrn-dm does not see to it that a host bridge sits on slot 0.",
    remedy="begin with -s 0:0,hostbridge",
)
def slot_0_not_hostbridge(reading: Reading) -> Iterator[Hit]:
    """Find a machine without a host bridge in its usual place."""
    first = [f for f in reading.command.functions if f.address == (0, 0, 0)]
    if not any(function.emulation in _HOSTBRIDGES for function in first):
        token = first[0].token if first else None
        yield Hit(token, "no host bridge sits on slot 0")


RULES = (slot_junk, slot_0_not_hostbridge)
