"""The releases of acrn-dm as the tier must know them: what a board needs, and how it is asked."""

import re
from dataclasses import dataclass, replace
from enum import Enum
from types import MappingProxyType
from typing import Final

from acrn_arch import ACRN_3, KATA_1, KATA_3, Dialect
from acrn_dm import RECORDING, RELEASES, Net, read

LIVE_GUESTS: Final = 2
"""Guests that the checks have at once, at most."""


class CpuIds(Enum):
    """The numbers by which ``--cpu_affinity`` names CPUs."""

    PHYSICAL = "physical ids"
    APIC = "local APIC ids"


class VmKey(Enum):
    """The thing by which the hypervisor finds a slot for a VM; no two live ones share one."""

    UUID = "a UUID of the scenario"
    NAME = "its name, on any free slot"


class Iasl(Enum):
    """Where acrn-dm looks for iasl."""

    COMPILED_IN = "at a path compiled into it"
    ON_PATH = "on the PATH"


@dataclass(frozen=True, slots=True)
class Release:
    """The facts of a release, measured, and read at the tags.

    ``dialect`` is the one whose argv the release takes; ``cpu_ids`` is None where it needs no CPU.
    """

    dialect: Dialect
    vm_key: VmKey
    cpu_ids: CpuIds | None
    iasl: Iasl


_V1_1: Final = Release(KATA_1, VmKey.UUID, None, Iasl.COMPILED_IN)
# kata-3 names local APIC ids, v2.7 takes physical ones: a text in either, from the board file.
_V2_7: Final = Release(KATA_3, VmKey.NAME, CpuIds.PHYSICAL, Iasl.COMPILED_IN)
_V3_0: Final = Release(ACRN_3, VmKey.NAME, CpuIds.APIC, Iasl.COMPILED_IN)
_V3_1: Final = replace(_V3_0, iasl=Iasl.ON_PATH)

SANDBOXED: Final = tuple(release for release in RELEASES if release != "v1.0")
"""The releases on which a sandbox can be booted: v1.0 has no placeholders."""


def _facts() -> dict[str, Release]:
    rows, current = {}, _V1_1
    for name in RELEASES:
        current = {"v2.7": _V2_7, "v3.0": _V3_0, "v3.1": _V3_1}.get(name, current)
        rows[name] = current
    return rows


RELEASE: Final = MappingProxyType(_facts())
"""The facts by release."""


def closest(version: str) -> str | None:
    """Return the release that comes nearest to what ``acrn-dm -v`` says, and not after it.

    None where it tells no number, as builds outside of ACRN's own may not.
    """
    number = re.search(r"(\d+)\.(\d+)", version)
    if number is None:
        return None
    said = (int(number[1]), int(number[2]))
    known = [(tuple(map(int, name[1:].split("."))), name) for name in SANDBOXED if name[0] == "v"]
    return max((pair for pair in known if pair[0] <= said), default=known[0])[1]


def opens_tap(release: str, dialect: Dialect, name: str) -> bool:
    """Tell whether a release opens a tap of this name; if not, it says nothing of it."""
    argv = ("-s", f"3,virtio-net,{dialect.net.prefix}{name}", "vm")
    devices = [function.device for function in read(argv, release, RECORDING).command.functions]
    return any(isinstance(device, Net) and device.interface == name for device in devices)
