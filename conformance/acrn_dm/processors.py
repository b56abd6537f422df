"""Lists of processors: ``--cpu_affinity``, and the regions of ``--ssram``; numbers as in C."""

import re
from typing import Final

from acrn_dm.machine import Machine
from acrn_dm.problem import SEGFAULT, USAGE_EXIT, FaultKind, Problem, bad_value, crash
from acrn_dm.tables import APIC_IDS
from acrn_dm.text import WORD, integer, natural, unsigned

_RANGES: Final = "[,-]"
_LIST: Final = ","
_SHIFTS: Final = {"k": 10, "m": 20}
_PAGE: Final = 4096
_LARGEST: Final = 8 << 20


def processors(text: str, release: str) -> bool | None:
    """Tell whether a list names a processor at all; None: it is refused.

    Reading stops at the first entry that does not begin with a digit, without a word.
    """
    delimiter = _LIST if release in APIC_IDS else _RANGES
    named = False
    while "0" <= text[:1] <= "9":
        found = re.search(delimiter, text)
        if found is None:
            return named or integer(text) is not None
        number = integer(text[: found.start()])
        if number is None:
            return None
        text = text[found.end() :]
        if found[0] == "-":
            last = integer(text)
            if (last.value if last else 0) <= number.value:
                return None
            text = text.partition(",")[2]
        named = True
    return named


def affinity(value: str, machine: Machine) -> Problem | None:
    """Judge the list of ``--cpu_affinity``."""
    named = processors(value, machine.release)
    if named is None:
        return bad_value("pcpu param", value)
    machine.processors |= named
    return None


def software_ram(value: str, _machine: Machine) -> Problem | None:
    """Judge ``LEVEL,vcpu=LIST,size=SIZE[;...]``: level L2 or L3, size in K or M up to 8M."""
    for region in value.split(";"):
        if not region:
            break
        if problem := _region(region):
            return problem
    return None


def _region(text: str) -> Problem | None:
    level, comma, rest = text.partition(",")
    if level.lower() not in {"l2", "l3"}:
        return _refused(f"invalid SSRAM buffer level:{level}.")
    if not comma:
        return crash(FaultKind.OPTION_VALUE, SEGFAULT)
    key, equals, rest = rest.partition("=")
    if key != "vcpu":
        return _refused(f"{key} is invalid, 'vcpu' must be specified.")
    if not equals:
        return crash(FaultKind.OPTION_VALUE, SEGFAULT)
    start = rest.find("size=")
    if start < 0:
        return _refused(f"invalid size parameter: {rest}")
    cpus = rest[: max(start - 1, 0)] if start else rest
    return _cpus(cpus) or _size(rest[start:].partition("=")[2])


def _cpus(text: str) -> Problem | None:
    entries = text.split(",")
    for entry in entries:
        if not entry:
            break
        if entry in {"all", "ALL"}:
            return None
        if natural(entry) is None:
            return _refused(f"invalid '{entry}' to specify vcpu ID.")
    return None if entries[0] else _refused("vCPU bitmask of ssram region is not set.")


def _size(text: str) -> Problem | None:
    if not text:
        return _refused("invalid size configuration.")
    number = unsigned(text)
    end = number.end if number else 0
    shift = _SHIFTS.get(text[end : end + 1].lower())
    if shift is None:
        return _refused(f"invalid size of '{text}', only 'K','k'(KB) or 'M','m'(MB)")
    size = ((number.value if number else 0) << shift) % WORD
    if size == 0 or size % _PAGE or size > _LARGEST:
        return _refused(f"size 0x{size:x} is invalid, 0 or not page-aligned, or too large.")
    return None


def _refused(message: str) -> Problem:
    return Problem(FaultKind.OPTION_VALUE, message, exit=USAGE_EXIT)
