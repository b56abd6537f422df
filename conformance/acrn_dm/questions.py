"""What may be asked of a release, one question at a time; the answers come from the tables."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from acrn_dm.release import NEVER, Releases
from acrn_dm.tables import APIC_IDS, EMULATIONS, OPTION

BOOTARGS_SEEN: Final = 1024
"""Bytes of ``-B`` that reach the guest, in every release."""


def takes(option: str, release: str) -> bool:
    """Tell whether a release has an option, by its long name, and does something about it."""
    return release in options_there(option) and not ignores(option, release)


def ignores(option: str, release: str) -> bool:
    """Tell whether a release takes an option and never looks at it."""
    return release in OPTION[option].ignored


def discourages(option: str, release: str) -> bool:
    """Tell whether a release calls an option obsolete, and yet looks at it."""
    return release in OPTION[option].obsolete - OPTION[option].ignored


def options_there(option: str) -> Releases:
    """Return the releases that have an option, by its long name."""
    entry = OPTION.get(option)
    return NEVER if entry is None else entry.handled & (entry.long | entry.letters)


def emulations() -> Mapping[str, Releases]:
    """Return all emulations of ``-s``, and the releases that know each."""
    return MappingProxyType(EMULATIONS)


def numbers_cpus_by_apic_id(release: str) -> bool:
    """Tell whether ``--cpu_affinity`` takes local APIC ids, and no physical CPUs and ranges."""
    return release in APIC_IDS
