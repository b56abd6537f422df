"""Questions to a release, one at a time; the answers come from the tables."""

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from acrn_dm.alike import Releases
from acrn_dm.dated import NEVER
from acrn_dm.option_table import OPTION
from acrn_dm.tables import (
    APIC_IDS,
    EMULATIONS,
    LAST_PORT_ALONE,
    LOGGER_ON_DISK,
    NET_SEED,
    OBSOLETE_EMULATIONS,
    REAL_TIME,
    VSBL_LOADS,
)

_ID: Final = r"[0-9][^,]*"
_IDS: Final = rf"{_ID}(?:,{_ID})*"

BOOTARGS_SEEN: Final = 1024
"""Bytes of ``-B`` that reach the guest, in every release."""


BOOTED: Final = ("vsbl", "ovmf", "kernel", "elf_file")
"""The options that name what to boot, where a release does; the first that is given is booted."""


def takes(option: str, release: str) -> bool:
    """Tell whether a release has an option, by its long name, and does something about it."""
    return release in options_there(option) and not ignores(option, release)


def ignores(option: str, release: str) -> bool:
    """Tell whether a release takes an option and never looks at it."""
    return release in OPTION[option].ignored


def discourages(option: str, release: str) -> bool:
    """Tell whether a release calls an option obsolete, and yet looks at it."""
    asked = OPTION[option]
    return release in asked.obsolete and release not in asked.ignored


@cache
def options_there(option: str) -> Releases:
    """Return the releases that have an option, by its long name."""
    entry = OPTION.get(option)
    if entry is None:
        return NEVER
    return Releases(entry.handled & (entry.long | (entry.letters if entry.letter else NEVER)))


def emulations() -> Mapping[str, Releases]:
    """Return all emulations of ``-s``, and the releases that know each."""
    return MappingProxyType(EMULATIONS)


def numbers_cpus_by_apic_id(release: str) -> bool:
    """Tell whether ``--cpu_affinity`` takes local APIC ids, and no physical CPUs and ranges."""
    return release in APIC_IDS


def processors_read(text: str) -> str:
    """Return as much of a list of processors as is read: up to what begins with no digit."""
    found = re.match(_IDS, text)
    return found[0] if found else ""


def loggers(release: str) -> frozenset[str]:
    """Return the names that ``--logger_setting`` knows; it takes any other and forgets it."""
    return frozenset({"console", "kmsg"} | ({"disk"} if release in LOGGER_ON_DISK else set()))


def opens_last_port_alone(release: str) -> bool:
    """Tell whether virtio-console opens no port but its last."""
    return release in LAST_PORT_ALONE


def switches_lapic_off(release: str) -> bool:
    """Tell whether ``--lapic_pt`` does nothing without ``--rtvm``."""
    return "lapic_pt" not in REAL_TIME[release] and release in APIC_IDS


def reads_seed_of_interface(release: str) -> bool:
    """Tell whether a MAC is made of virtio-net's own ``mac_seed=``; else of ``--mac_seed``."""
    return release in NET_SEED


def shares_graphics(release: str) -> bool:
    """Tell whether GVT-g is there: pci-gvt and its options."""
    return release not in OBSOLETE_EMULATIONS["pci-gvt"]


def boots(option: str, release: str) -> bool:
    """Tell whether a release boots what one of the options in ``BOOTED`` names."""
    return option != "vsbl" or release in VSBL_LOADS
