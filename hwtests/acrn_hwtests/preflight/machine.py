"""The board as a machine: its CPUs, its memory, and the VMs that run on it already."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from acrn_dm import RECORDING, read
from acrn_hwtests.boardfile import BoardFile
from acrn_hwtests.facts import Item
from acrn_hwtests.hosts.host import Host
from acrn_hwtests.plan import ID_LENGTH
from acrn_hwtests.preflight.item import shell
from acrn_hwtests.releases import LIVE_GUESTS, RELEASE, CpuIds, VmKey

NEEDED_MIB = 350 * LIVE_GUESTS
"""Memory for the checks' guests, each with 256 MiB in huge pages."""

_CPUS = "cat /sys/devices/system/cpu/present /sys/devices/system/cpu/online; cat /proc/cpuinfo"

_VMS = """
for process in /proc/[0-9]*; do
    [ "$(cat "$process/comm" 2>/dev/null)" != "${1##*/}" ] || {
        tr '\\0' '\\t' <"$process/cmdline"
        echo
    }
done"""
"""The command lines of all acrn-dm, a line each."""

_MONITORS = """
for socket in /run/acrn/mngr/*.monitor.*.socket; do
    [ ! -e "$socket" ] || echo "${socket##*/}"
done"""
"""The monitors' sockets, by which acrnctl finds a VM; dead ones are among them."""

_MEMORY = """
grep MemAvailable /proc/meminfo
cat /sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages"""


@dataclass(frozen=True, slots=True)
class Cpus:
    """The CPUs of a board, by the ids that a release takes; ``offline`` ones tell none."""

    known: frozenset[int]
    offline: int


@dataclass(frozen=True, slots=True)
class Vm:
    """A VM that runs on the board, by its command line."""

    name: str
    uuid: str
    cpus: frozenset[int]


def cpus(host: Host, ids: CpuIds) -> Cpus:
    """Ask the board for its CPUs."""
    present, _, rest = shell(host, _CPUS).partition("\n")
    online, _, info = rest.partition("\n")
    there, running = _numbers(present), _numbers(online)
    if ids is CpuIds.PHYSICAL:
        return Cpus(there, 0)
    apic = frozenset(int(found) for found in re.findall(r"(?m)^apicid\s*: (\d+)", info))
    return Cpus(apic, len(there - running))


def _numbers(text: str) -> frozenset[int]:
    """Read a list as ``0-3,5``."""
    ranges = re.findall(r"(?:^|,)(\d{1,4})(?:-(\d{1,4}))?(?=,|$)", text)
    return frozenset(n for low, high in ranges for n in range(int(low), int(high or low) + 1))


def vms(file: BoardFile, host: Host) -> list[Vm]:
    """Ask the board for the VMs that run there."""
    found = []
    for line in shell(host, _VMS, file.acrn_dm).split("\n"):
        argv = line.rstrip("\t").split("\t")
        if file.acrn_dm in argv:  # in front of it a script has its interpreter
            argv = argv[argv.index(file.acrn_dm) :]
        command = read(argv[1:], file.release, RECORDING).command
        if command.name:
            affinity = command.option("cpu_affinity")
            numbers = _numbers(affinity.value) if affinity else frozenset()
            found.append(Vm(command.name, (command.uuid or "").lower(), numbers))
    return found


def cpu_lines(file: BoardFile, host: Host) -> Iterator[Item]:
    """Tell which CPUs the board has, and which of the board file's are taken."""
    ids = RELEASE[file.release].cpu_ids
    if ids is None:
        return
    there, running = cpus(host, ids), vms(file, host)
    listed = ", ".join(map(str, sorted(there.known)))
    asked = ", ".join(map(str, file.cpus))
    missing = sorted(set(file.cpus) - there.known)
    if missing and not there.offline:
        remedy = f"set cpus to some of {listed}"
    else:
        taken = {vm.name for vm in running if vm.cpus & set(file.cpus)}
        remedy = f"end {', '.join(sorted(taken))}, or name other CPUs" if taken else ""
    offline = f", {there.offline} offline" if there.offline else ""
    yield Item("cpus", f"{asked} of {listed} ({ids.value}{offline})", remedy)


def memory_line(_: BoardFile, host: Host) -> Iterator[Item]:
    """Tell whether the guests' memory can be had; acrn-dm takes it in huge pages."""
    said = shell(host, _MEMORY)
    available = re.search(r"MemAvailable:\s*(\d+) kB", said)
    free = re.search(r"(?m)^(\d+)$", said)
    if free is None:
        yield Item("huge pages", "none", "boot the service VM with CONFIG_HUGETLBFS")
        return
    mib = (int(available[1]) >> 10 if available else 0) + 2 * int(free[1])
    remedy = f"free {NEEDED_MIB} MiB; acrn-dm raises nr_hugepages, and nothing lowers it"
    yield Item("memory", f"{mib} MiB free", "" if mib >= NEEDED_MIB else remedy)


def vm_lines(file: BoardFile, host: Host) -> Iterator[Item]:
    """Tell which VMs run, and which of them are in the guests' way."""
    running = vms(file, host)
    yield Item("VMs", ", ".join(sorted(vm.name for vm in running)) or "none run")
    if RELEASE[file.release].vm_key is VmKey.UUID:
        taken = {vm.uuid: vm.name for vm in running}
        clash = [taken[uuid.lower()] for uuid in file.uuids if uuid.lower() in taken]
        remedy = f"end {', '.join(clash)}, or name other uuids" if clash else ""
        yield Item("uuids", f"{len(file.uuids)} for up to {LIVE_GUESTS} guests", remedy)
    prefix = file.arch.sandbox_prefix
    names = {line.partition(".")[0] for line in shell(host, _MONITORS).split("\n") if line}
    mistaken = sorted(name for name in names if _may_be_mistaken(name, prefix))
    remedy = "end it, or remove its socket in /run/acrn/mngr: acrnctl takes it for a guest"
    yield Item("names", ", ".join(mistaken) or "no clash", remedy if mistaken else "")


def _may_be_mistaken(name: str, prefix: str) -> bool:
    """Tell whether a guest's name may begin with a name; of equal length, it never does."""
    return prefix.startswith(name) or (
        name.startswith(prefix) and len(name) < len(prefix) + ID_LENGTH
    )
