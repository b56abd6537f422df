"""The releases of acrn-dm that the stand-in can stand for: each one's options, limits and words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import Final

from acrn_standin.emulations import EMULATIONS_V2, EMULATIONS_V3, OBSOLETE_V3
from acrn_standin.getopt import Option
from acrn_standin.options import OPTIONS_V2_5, OPTIONS_V2_7, OPTIONS_V3_3

VARIABLE: Final = "ACRN_STANDIN_RELEASE"
"""The environment variable that names the release."""


class Cpus(Enum):
    """How ``--cpu_affinity`` is written."""

    RANGES = "physical ids, ranges among them"
    LIST = "local APIC ids, commas alone"


class Tap(Enum):
    """The first field of virtio-net by which an interface is opened."""

    NAME = "a name with tap in it"
    KEY = "tap=NAME"


class Block(Enum):
    """The options of virtio-blk."""

    PLAIN = "behind the path"
    QUEUES = "in front of the path, too"


class Pages(Enum):
    """The file of huge pages that a killed acrn-dm leaves."""

    BY_UUID = "NAME/UUID"
    BY_NAME = "NAME"
    NONE = "none: it has no name"


@dataclass(frozen=True, slots=True)
class Release:
    """A release; ``ignored`` options are taken with a notice, and not looked at.

    ``page`` is the unit in bytes that ``-m`` must be a multiple of, 1 where it is rounded down;
    ``acpi_always``: tables are built without ``-A``, ``cpu_needed``: which then need a CPU.
    """

    name: str
    options: tuple[Option, ...]
    emulations: frozenset[str]
    longest_name: int
    name_too_long: str
    no_name: str
    cpus: Cpus
    cpu_needed: bool
    tap: Tap
    block: Block
    pages: Pages
    by_uuid: bool
    com_ports: tuple[str, ...] = ("com1", "com2")
    page: int = 1
    acpi_always: bool = False
    ignored: Mapping[str, str] = field(default_factory=dict)
    obsolete_emulations: frozenset[str] = frozenset()


_MISSING: Final = (
    "You must provide the name of the Virtual Machine (VM) you want to start. Exiting."
)
_TOO_LONG: Final = "The name of the VM exceeds the maximum length: 15"
_IGNORED: Final = 'The "{}" parameter is obsolete and ignored'

_V3_3: Final = Release(
    name="v3.3",
    options=OPTIONS_V3_3,
    emulations=EMULATIONS_V3,
    longest_name=15,
    name_too_long=_TOO_LONG,
    no_name=_MISSING,
    cpus=Cpus.LIST,
    cpu_needed=True,
    tap=Tap.KEY,
    block=Block.QUEUES,
    pages=Pages.NONE,
    by_uuid=False,
    com_ports=("com1", "com2", "com3", "com4", "com5"),
    page=2 << 20,
    acpi_always=True,
    ignored=MappingProxyType(
        {
            "acpi": "The '-A' parameter is obsolete and ignored. "
            "Virtual ACPI tables are always enabled.",
            "ioc_node": _IGNORED.format("-i, --ioc_node"),
            "mptgen": _IGNORED.format("-Y, --mptgen"),
            "gvtargs": _IGNORED.format("-G, --gvtargs"),
            "vsbl": _IGNORED.format("--vsbl"),
            "part_info": _IGNORED.format("--part_info"),
            "pm_by_vuart": _IGNORED.format("--pm_by_vuart"),
        }
    ),
    obsolete_emulations=OBSOLETE_V3,
)

RELEASES: Final = MappingProxyType(
    {
        "v2.5": Release(
            name="v2.5",
            options=OPTIONS_V2_5,
            emulations=EMULATIONS_V2,
            longest_name=127,
            name_too_long="vmname size exceed 128",
            no_name="",
            cpus=Cpus.RANGES,
            cpu_needed=False,
            tap=Tap.NAME,
            block=Block.PLAIN,
            pages=Pages.BY_UUID,
            by_uuid=True,
        ),
        "v2.7": Release(
            name="v2.7",
            options=OPTIONS_V2_7,
            emulations=EMULATIONS_V2,
            longest_name=15,
            name_too_long=_TOO_LONG,
            no_name=_MISSING,
            cpus=Cpus.RANGES,
            cpu_needed=True,
            tap=Tap.NAME,
            block=Block.PLAIN,
            pages=Pages.BY_NAME,
            by_uuid=False,
        ),
        "v3.3": _V3_3,
    }
)
"""The releases by their names."""
