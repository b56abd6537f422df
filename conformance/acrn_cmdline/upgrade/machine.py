"""The VM itself: its name, its memory, its processors."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Final

from acrn_cmdline.upgrade.line import Edit, Line
from acrn_cmdline.upgrade.parts import Part, option
from acrn_dm import FaultKind, numbers_cpus_by_apic_id, read, size

_TOO_LONG: Final = frozenset({FaultKind.NAME_LENGTH, FaultKind.NAME_SOCKET})
_LONGEST: Final = 127
_DIGITS: Final = 6
_MEBIBYTE: Final = 1 << 20
_ALIGNMENT: Final = 2

_NAME: Final = "A VM's name has at most 31 bytes in v1.0, 91 before v2.7, and 15 from v2.7 on."
_MEMORY: Final = "From v3.0 on the memory must be a multiple of 2 MiB."
_NEEDED: Final = (
    "From v3.0 on, and with -A in v2.7, acrn-dm knows a VM's processors from --cpu_affinity alone, "
    "and ends without it."
)
_APIC: Final = (
    "--cpu_affinity names physical CPUs before v3.0, and local APIC ids from then on: the board "
    "tells them in /proc/cpuinfo (apicid)."
)
_REAL_TIME: Final = (
    "Before v3.0 --lapic_pt makes a real-time VM by itself; from then on it is switched off "
    "without --rtvm."
)


def shorten_name(line: Line) -> Iterator[Edit]:
    """Propose a name that the target takes: the old one's beginning, and digits of its hash."""
    if line.name is None:
        return
    part = line.parts[line.name]
    name = part.value or ""
    if line.holes.unknown(name) or not _too_long(line, name):
        return
    longest = next(n for n in range(_LONGEST, -1, -1) if not _too_long(line, "x" * n))
    digest = sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:_DIGITS]
    new = f"{_beginning(name, longest - _DIGITS - 1).rstrip('-_. ')}-{digest}"
    reason = f"at most {longest} bytes in {line.target}; acrnctl and others must use it as well"
    yield Edit(line.name, line.name + 1, (part.valued(new),), reason, _NAME)


def _too_long(line: Line, name: str) -> bool:
    return bool(line.complaints("--", name) & _TOO_LONG)


def _beginning(text: str, longest: int) -> str:
    """Return as many characters as fit into so many bytes."""
    while size(text) > longest:
        text = text[: min(len(text) - 1, longest)]
    return text


def align_memory(line: Line) -> Iterator[Edit]:
    """Round the memory up to what the target takes."""
    for index, part in line.options("memsize"):
        if FaultKind.MEMORY_ALIGNMENT in line.complaints(*part.words):
            new = part.valued(f"{_rounded(_memory(line, part))}M")
            reason = f"{line.target} takes multiples of {_ALIGNMENT} MiB"
            yield Edit(index, index + 1, (new,), reason, _MEMORY)


def _memory(line: Line, part: Part) -> int:
    return read(part.words, line.target, line.host).command.memory


def _rounded(size: int) -> int:
    """Return a size in mebibytes, rounded up to the alignment."""
    step = _ALIGNMENT * _MEBIBYTE
    return -(-size // step) * _ALIGNMENT


def stay_real_time(line: Line) -> Iterator[Edit]:
    """Say that it is a real-time VM, where that was part of another option."""
    for index, _ in list(line.options("lapic_pt"))[:1]:
        if line.since("v3.0") and not line.has("rtvm"):
            reason = f"a real-time VM also in {line.target}"
            yield Edit(index, index, (option("rtvm"),), reason, _REAL_TIME)


def lose_interrupts(line: Line) -> Iterator[str]:
    """Tell of a local APIC that comes with what did not bring it."""
    if line.since("v3.0") and line.has("rtvm") and not line.has("lapic_pt"):
        yield "a real-time VM without the local APIC: from v3.0 on --rtvm brings --lapic_pt"


def name_processors(line: Line) -> Iterator[Edit]:
    """Name the VM's processors as the target does, or leave a hole for them."""
    target = line.target
    given = list(line.options("cpu_affinity"))
    if numbers_cpus_by_apic_id(target) and not numbers_cpus_by_apic_id(line.source):
        for index, part in given:
            reason = f"APIC ids in {target}, which cannot be told from the CPUs {part.value}"
            yield Edit.of_value(index, part, line.processors, reason, _APIC)
    elif line.refused_for(FaultKind.CPUS):
        reason = f"{target} must be told of processors"
        for index, part in given:
            yield Edit.of_value(index, part, line.processors, reason, _NEEDED)
    if not given and line.refused_for(FaultKind.CPUS):
        new = option("cpu_affinity", line.processors)
        yield Edit(0, 0, (new,), f"{target} must be told of processors", _NEEDED)


def lose_name(line: Line) -> Iterator[str]:
    """Tell of a name that may be too long."""
    name = "" if line.name is None else line.parts[line.name].value or ""
    if line.since("v2.7") and line.holes.unknown(name):
        yield f"a name of more than 15 bytes, if {line.holes.shown(name)} is one"
