"""Processors and their interrupts, other than meant; facts: "Options"."""

import re
from collections.abc import Iterator
from typing import Final

from acrn_cmdline.lint.finding import Severity, brief
from acrn_cmdline.lint.rule_form import Hit, rule
from acrn_cmdline.lint.rules.parts import options
from acrn_dm import Reading, numbers_cpus_by_apic_id, processors_read, switches_lapic_off

_SPAN: Final = "[0-9]-[0-9]"


@rule(
    "lapic-without-real-time",
    Severity.SILENT,
    fact="From v3.0 on --lapic_pt is switched off, with a warning at run time, where --rtvm is "
    "not given; before, it made a real-time VM by itself.",
    remedy="give --rtvm, which includes it, or leave it out",
)
def lapic_without_real_time(reading: Reading) -> Iterator[Hit]:
    """Find a local APIC that the guest does not get."""
    for given in options(reading, "lapic_pt"):
        if not options(reading, "rtvm") and switches_lapic_off(reading.release):
            yield Hit(given.token, "--lapic_pt is switched off without --rtvm")


@rule(
    "cpu-list-cut",
    Severity.SILENT,
    fact="--cpu_affinity reads its list up to the first entry that does not begin with a digit, "
    "and says nothing of the rest.",
    remedy="write the ids with commas and no blanks",
)
def cpu_list_cut(reading: Reading) -> Iterator[Hit]:
    """Find ids that are not read."""
    for given in options(reading, "cpu_affinity"):
        read = processors_read(given.value)
        rest = given.value[len(read) :]
        if read and rest.strip(","):
            yield Hit(given.token, f"{brief(rest)} is not read")


@rule(
    "cpu-affinity-range",
    Severity.RISKY,
    fact="--cpu_affinity takes ranges before v3.0, and commas only from then on.",
    remedy="list the ids with commas",
)
def cpu_affinity_range(reading: Reading) -> Iterator[Hit]:
    """Find a range of ids where there is none."""
    for given in options(reading, "cpu_affinity"):
        if re.search(_SPAN, given.value) and numbers_cpus_by_apic_id(reading.release):
            yield Hit(given.token, f"the range in {brief(given.value)} is not read as one")


@rule(
    "cpu-affinity-ids",
    Severity.RISKY,
    fact="--cpu_affinity names physical CPUs before v3.0, and local APIC ids from then on.",
    remedy="look up the local APIC ids of the CPUs meant for v3.0 and later",
    contrast=True,
)
def cpu_affinity_ids(reading: Reading) -> Iterator[Hit]:
    """Find the same ids for releases that mean different things by them."""
    for given in options(reading, "cpu_affinity"):
        if numbers_cpus_by_apic_id(reading.release):
            text = f"{brief(given.value)} are local APIC ids here, and physical CPUs before v3.0"
            yield Hit(given.token, text)


RULES = (
    lapic_without_real_time,
    cpu_list_cut,
    cpu_affinity_range,
    cpu_affinity_ids,
)
